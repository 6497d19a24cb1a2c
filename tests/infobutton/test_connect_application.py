"""The door for a person: the page itself, or a few to choose from."""

import pytest

from psychoplastogens.delivery import rate_limits
from tests.factories import make_code, make_compound, make_condition, make_faq
from tests.html_outline import find_faults
from tests.infobutton.infobutton_client import APPLICATION, ICD, MESH, RXNORM, ask, criterion

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def pages():
    ketamine = make_compound(slug="ketamine", summary="An anesthetic.")
    ptsd = make_condition(slug="ptsd", name="PTSD", summary="An alarm that stays on.")
    make_code("F43.1", page=ptsd)
    make_code("6130", system="rxnorm", display="ketamine", page=ketamine)


def open_page(client, *parameters):
    return ask(client, *parameters, address=APPLICATION)


def test_one_sure_page_is_opened_at_its_place(client):
    facet = {"subTopic.v.c": "Q000009", "subTopic.v.cs": MESH}
    for sent, address in (
        (criterion("F43.10"), "/conditions/ptsd/"),
        (criterion("6130", RXNORM) | facet, "/compounds/ketamine/#risks"),
        (criterion(system=RXNORM, dn="Ketamine"), "/compounds/ketamine/"),
    ):
        response = open_page(client, sent)
        assert (response.status_code, response["Location"]) == (303, address)
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["Cache-Control"] == "private, no-store"


def test_who_asks_for_spanish_is_told_so_before_a_page_in_english(client):
    response = open_page(client, criterion("F43.10"), {"informationRecipient.languageCode.c": "es"})
    assert response.status_code == 200
    assert find_faults(response.text) == []
    main = response.text.partition("<main")[2]
    assert (
        main.index('<p lang="es">')
        < main.index('href="/help/#es"')
        < main.index("/conditions/ptsd/")
    )


def test_who_asks_for_spanish_and_finds_nothing_is_led_to_what_there_is(client):
    response = open_page(client, criterion("Z00.0"), {"informationRecipient.languageCode.c": "es"})
    main = response.text.partition("<main")[2]
    assert main.index('href="/help/#es"') < main.index("Here is where to find")


def test_several_pages_are_offered(client):
    response = open_page(client, criterion("F43.10"), criterion("6130", RXNORM, suffix=1))
    assert response.status_code == 200
    assert find_faults(response.text) == []
    for shown in ('href="/conditions/ptsd/"', "An alarm that stays on.", 'action="/search/"'):
        assert shown in response.text
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.cookies


def test_at_most_three_pages_are_offered(client):
    for number in range(5):
        make_faq(question=f"Is ketamine good {number}?", answer="Ketamine may be.")
    page = open_page(client, criterion(system="", ot="ketamine good")).text
    assert page.partition('<ul class="cards">')[2].partition("</ul>")[0].count("<h2>") == 3


def test_an_unsure_page_is_offered_and_not_opened(client):
    response = open_page(client, criterion(system=RXNORM, dn="ketamine 10 mg"))
    assert response.status_code == 200
    assert 'href="/compounds/ketamine/"' in response.text


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (criterion("Z00.0"), 200),
        (criterion("1", "1.2.3"), 200),
        (criterion("F33", ""), 400),
        ({}, 400),
    ],
)
def test_somebody_who_finds_nothing_is_helped_on(client, sent, status):
    response = open_page(client, sent)
    assert response.status_code == status
    assert find_faults(response.text) == []
    for shown in ('action="/search/"', 'href="tel:988"', "Here is where to find"):
        assert shown in response.text
    for word in ("unknown", "no page", "not supported", "Z00", "1.2.3"):
        assert word not in response.text.partition("<main")[2]


def test_in_an_emergency_help_comes_first(client):
    response = open_page(client, criterion("F43.10"), {"encounter.c.c": "EMER"})
    main = response.text.partition("<main")[2]
    assert main.index("tel:988") < main.index("<h1>")
    assert 'href="/conditions/ptsd/"' in main


def test_it_may_be_asked_by_post_without_a_token(visitor):
    sent = f"mainSearchCriteria.v.c=F43.1&mainSearchCriteria.v.cs={ICD}"
    response = visitor.post(APPLICATION, sent, content_type="application/x-www-form-urlencoded")
    assert response["Location"] == "/conditions/ptsd/"


def test_a_person_who_has_to_wait_is_told_so(client, monkeypatch):
    monkeypatch.setattr(rate_limits.CONNECT, "burst", 0)
    response = open_page(client, criterion("F43.10"))
    assert response.status_code == 429
    assert int(response["Retry-After"]) >= 1
    assert "try again in a minute" in response.text
    assert 'href="tel:988"' in response.text


@pytest.mark.parametrize("address", ["/application/", "/connect/application/"])
def test_a_slash_that_a_client_adds_opens_the_page_too(client, address):
    response = ask(client, criterion("F43.10"), address=address)
    assert (response.status_code, response["Location"]) == (303, "/conditions/ptsd/")
