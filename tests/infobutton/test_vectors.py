"""The twenty things that a record system may rely on, each with its number in the specification."""

import json
import re
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree import ElementTree

import pytest

from psychoplastogens.delivery import rate_limits
from psychoplastogens.editorial.models import Status
from psychoplastogens.handouts import pdf_rendering
from tests.factories import (
    make_code,
    make_compound,
    make_condition,
    make_explainer,
    make_faq,
    make_source,
    make_user,
)
from tests.infobutton.infobutton_client import (
    ATOM,
    ICD,
    JSON,
    MESH,
    RXNORM,
    SERVICE,
    XML_LANG,
    ask,
    categories,
    criterion,
    feed_of,
    links,
    sound_json,
    sound_xml,
    titles,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def depression():
    """F33 and all that it holds, answered by one page."""
    source = make_source(slug="moss-2020", title="Low mood, a review", authors="Moss A, Li N")
    condition = make_condition(
        slug="depression",
        name="Depression",
        short_name="MDD",
        other_names=["low mood"],
        summary="Low mood that lasts.",
        key_points=f"- **Help** exists.[^{source.slug}]\n- Seen 5 < 7 & x=y.[^moss-2020:animals]",
        written_on="2026-01-15",
        updated_on="2026-10-02",
    )
    make_code("F33", page=condition)
    return condition


@pytest.fixture
def ketamine():
    compound = make_compound(slug="ketamine", name="Ketamine", other_names=["Ketalar"])
    make_code("6130", system="rxnorm", display="ketamine", page=compound)
    return compound


def test_01_the_xml_is_in_the_order_of_the_schema(client, depression):
    response = ask(client, criterion("F33.2"))
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    feed = sound_xml(response)
    assert feed.find(f"{ATOM}entry/{ATOM}title").text == "Depression"
    assert b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"' in response.content
    sound_xml(ask(client, criterion("Z00.0")))


def test_02_get_and_post_are_answered_alike(client, depression):
    asked = criterion("F33.2", dn="Sorrow") | JSON
    got, posted = (
        ask(client, asked),
        client.post(SERVICE, urlencode(asked), content_type="application/x-www-form-urlencoded"),
    )

    def less_what_differs(response):
        feed = feed_of(response)
        return {name: value for name, value in feed.items() if name not in ("id", "updated")}

    assert less_what_differs(got) == less_what_differs(posted)
    assert posted["Cache-Control"] == "private, no-store"


def test_03_every_member_that_clients_read_is_there(client, depression):
    feed = sound_json(json.loads(ask(client, criterion("F33.2") | JSON).content))["feed"]
    entry = feed["entry"][0]
    assert entry["title"] == {"_value": "Depression", "type": "text"}
    assert entry["link"][0]["href"] == "http://127.0.0.1:8000/conditions/depression/"
    assert [(link["rel"], link["type"]) for link in entry["link"]] == [
        ("alternate", "html"),
        ("alternate", "application/pdf"),
        ("via", "html"),
    ]
    assert entry["link"][1]["href"] == "http://127.0.0.1:8000/conditions/depression/handout.pdf"
    assert entry["summary"]["_value"].startswith("<p>Low mood that lasts.</p><ul><li>")
    assert "Also called: MDD, low mood." in entry["summary"]["_value"]
    assert "not yet reviewed by a clinician. Last change 2 October" in entry["summary"]["_value"]
    assert entry["updated"]["_value"] == "2026-10-02T00:00:00Z"
    assert entry["published"]["_value"] == "2026-01-15T00:00:00Z"
    assert feed["author"]["name"]["_value"] == "Understory"
    assert feed["subtitle"]["_value"] == "Understory Connect results for ICD-10-CM F33.2"
    assert categories(feed) == {
        "mainSearchCriteria.v.c": "F33.2",
        "mainSearchCriteria.v.cs": ICD,
        "mainSearchCriteria.v.dn": "",
        "informationRecipient": "PAT",
    }


def test_04_what_may_repeat_is_a_list_even_of_one(client, ketamine, monkeypatch):
    monkeypatch.setattr(
        pdf_rendering, "is_typst_installed", lambda: False
    )  # Where nothing prints there is one link.
    make_code("F42", page=make_condition(name="OCD", key_points=""))
    entry = feed_of(ask(client, criterion("F42") | JSON))["entry"]
    assert len(entry) == 1
    assert isinstance(entry[0]["link"], list)
    assert len(entry[0]["link"]) == 1
    assert isinstance(entry[0]["category"], list)


@pytest.mark.parametrize("how", [JSON, {"knowledgeResponseType": "application/javascript"}])
def test_05_no_tag_can_begin_in_the_json(client, depression, how):
    sent = criterion("F33", dn="<script>alert(1)</script>&'\"=") | {"callback": "show"} | how
    body = ask(client, sent).content
    assert not re.search(rb"[<>=&]", body)
    text = body.decode().removeprefix("/**/show(").removesuffix(");")
    assert json.loads(text)["feed"]["entry"][0]["summary"]["_value"].startswith("<p>")
    assert "&lt; 7 &amp; x=y" in json.loads(text)["feed"]["entry"][0]["summary"]["_value"]


def test_06_no_page_is_an_empty_feed(client, depression):
    feed = sound_json(json.loads(ask(client, criterion("Z00.0") | JSON).content))["feed"]
    assert feed["entry"] == []
    assert feed["subtitle"]["_value"] == "Understory Connect: no page for ICD-10-CM Z00.0"
    assert feed["link"][0]["rel"] == "related"
    assert feed["link"][0]["href"].endswith("/search/")
    assert not sound_xml(ask(client, criterion("Z00.0"))).findall(f"{ATOM}entry")


def test_07_a_code_without_its_system_is_refused(client, depression):
    response = ask(client, criterion("F33", system=""))
    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/plain")
    assert len(response.text.splitlines()) == 1
    error = ask(client, criterion("F33", system="") | JSON).json()["error"]
    assert error["code"] == "missing_code_system"
    assert "mainSearchCriteria.v.cs is required" in error["detail"]
    assert ask(client, criterion("", system=ICD)).status_code == 400
    assert ask(client, {}).status_code == 400


@pytest.mark.parametrize(
    "callback",
    ["alert(1)//", "", "a b", "1a", "a.b.c.d.e", "a" * 65, "a-b", "a\nb", "a\u2028b", "é", "a[0]"],
)
def test_08_a_callback_that_is_no_name_is_refused(client, depression, callback):
    sent = {"knowledgeResponseType": "application/javascript", "callback": callback}
    response = ask(client, criterion("F33") | sent)
    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/plain")
    assert not callback or callback not in response.text


@pytest.mark.parametrize("callback", ["show", "$", "a.b_c.$d", "jQuery1102_1", "a" * 64])
def test_08_a_callback_that_is_a_name_is_called(client, depression, callback):
    sent = {"knowledgeResponseType": "application/javascript", "callback": callback}
    response = ask(client, criterion("F33") | sent)
    assert response.text.startswith(f'/**/{callback}({{"feed":')
    assert response.text.endswith("});")
    assert response["Content-Type"] == "application/javascript; charset=utf-8"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_09_another_language_is_answered_in_ours_and_says_so(client, depression):
    sent = criterion("F33") | {"informationRecipient.languageCode.c": "fr"}
    feed = feed_of(ask(client, sent | JSON))
    assert feed["lang"] == feed["entry"][0]["lang"] == "en"
    assert feed["entry"][0]["link"][0]["hreflang"] == "en"
    assert categories(feed)["informationRecipient.languageCode.c"] == "en"
    assert sound_xml(ask(client, sent)).get(XML_LANG) == "en"


def test_10_subjects_are_numbered_and_a_number_may_be_left_out(client, depression, ketamine):
    sent = criterion("F33") | criterion("6130", RXNORM, suffix=9) | criterion("Z00", suffix=4)
    response = ask(client, sent | JSON)
    assert titles(response) == ["Depression", "Ketamine"]
    named = categories(feed_of(response))
    assert (named["mainSearchCriteria.v.c9"], named["mainSearchCriteria.v.c4"]) == ("6130", "Z00")
    assert titles(ask(client, criterion("F33", suffix=3) | JSON)) == ["Depression"]
    for suffix in range(1, 10):
        assert titles(ask(client, criterion("6130", RXNORM, suffix=suffix) | JSON)) == ["Ketamine"]


def test_11_the_names_of_before_2010_still_work(client, depression):
    sent = {"mainSearchCriteria.c.c": "F33", "mainSearchCriteria.c.cs": ICD}
    assert titles(ask(client, sent | JSON)) == ["Depression"]
    newer = criterion("Z00") | sent
    assert titles(ask(client, newer | JSON)) == []


@pytest.mark.parametrize("change", [str.lower, str.upper, str.title, str.swapcase])
def test_12_names_of_parameters_are_read_in_any_case(client, depression, change):
    sent = {change(name): value for name, value in (criterion("F33.2") | JSON).items()}
    assert titles(ask(client, sent)) == ["Depression"]


@pytest.mark.parametrize("code", ["F33", "F33.4", "F33.41", "F3341", "f33.41", " F33 ", "F33."])
def test_13_a_code_is_answered_by_the_longest_that_holds_it(client, depression, code):
    assert titles(ask(client, criterion(code) | JSON)) == ["Depression"]


def test_13_a_longer_code_wins_over_a_shorter_one(client, depression):
    make_code("F33.4", page=make_condition(name="In remission"))
    response = ask(client, criterion("F3341") | JSON)
    assert titles(response) == ["In remission"]
    said = categories(feed_of(response)["entry"][0])
    assert (said["mainSearchCriteria.v.c"], said["relevanceScore"]) == ("F33.4", "0.9")
    assert titles(ask(client, criterion("F33.2") | JSON)) == ["Depression"]
    assert titles(ask(client, criterion("F3") | JSON)) == []


@pytest.mark.parametrize(
    ("code", "place"),
    [("Q000009", "#risks"), ("Q000628", "#studied-for"), ("Q000493", "#how-it-may-work")],
)
def test_14_a_subtopic_opens_the_page_at_its_place(client, ketamine, code, place):
    facet = {"subTopic.v.c": code, "subTopic.v.cs": MESH}
    response = ask(client, criterion("6130", RXNORM) | facet | JSON)
    assert links(response) == [f"http://127.0.0.1:8000/compounds/ketamine/{place}"]
    assert categories(feed_of(response))["subTopic.v.c"] == code
    page = client.get("/compounds/ketamine/").text
    assert f'id="{place[1:]}"' in page


@pytest.mark.parametrize("status", [s for s in Status if s != Status.PUBLISHED])
def test_15_what_is_not_published_never_answers(client, depression, status):
    draft = make_condition(name="Secret", status=status)
    make_code("F42", page=draft)
    make_code("F43", status=status)
    section = make_explainer({"title": "Secret"}, title="Secret", status=status).sections.get()
    make_code("F44", page=section)
    for code in ("F42", "F43", "F44"):
        assert titles(ask(client, criterion(code) | JSON)) == []
    for named in ({"dn": "Secret"}, {"ot": "secret"}):
        assert titles(ask(client, criterion(system="", **named) | JSON)) == []


def test_15_what_is_withdrawn_is_gone_from_the_next_answer(client, depression):
    assert titles(ask(client, criterion("F33") | JSON)) == ["Depression"]
    depression.withdraw(by=make_user(), reason="Wrong.")
    assert titles(ask(client, criterion("F33") | JSON)) == []
    depression.publish(by=make_user())
    assert titles(ask(client, criterion("F33") | JSON)) == ["Depression"]


def test_15_a_code_whose_page_is_withdrawn_leaves_it_to_the_code_above(client, depression):
    finer = make_condition(name="In remission")
    make_code("F33.4", page=finer)
    finer.withdraw(by=make_user(), reason="Wrong.")
    assert titles(ask(client, criterion("F33.41") | JSON)) == ["Depression"]


def test_16_a_new_address_keeps_the_id(client, depression):
    before = feed_of(ask(client, criterion("F33") | JSON))["entry"][0]
    depression.slug, depression.name = "low-mood", "Low mood"
    depression.save()
    after = feed_of(ask(client, criterion("F33") | JSON))["entry"][0]
    assert before["id"] == after["id"]
    assert after["link"][0]["href"].endswith("/conditions/low-mood/")
    assert after["title"]["_value"] == "Low mood"


def test_17_nothing_of_a_patient_is_written_down_or_said_again(visitor, log, depression):
    patient = {"age.v.v": "marmot", "patientPerson.administrativeGenderCode.c": "marmot"}
    patient |= {"holder.assignedEntity.n": "marmot", "locationOfInterest.addr.ZIP": "marmot"}
    patient |= {"assignedAuthorizedPerson.id.root": "marmot", "marmot": "marmot"}
    response = ask(visitor, criterion("F33") | patient)
    assert response.status_code == 200
    assert b"marmot" not in response.content
    assert response["Cache-Control"] == "private, no-store"
    for more in ({"mainSearchCriteria.v.cs": ""}, {"knowledgeResponseType": "marmot"}):
        assert ask(visitor, criterion("F33") | patient | more).status_code in (400, 406)
    assert "marmot" not in "".join(log())


def test_18_an_answer_that_has_not_changed_is_not_sent_again(client, depression):
    first = ask(client, criterion("F33"))
    assert first["Cache-Control"] == "public, max-age=43200, stale-while-revalidate=86400"
    assert first["Last-Modified"] == "Fri, 02 Oct 2026 00:00:00 GMT"
    assert re.fullmatch(r'"[0-9a-f]{32}"', first["ETag"])
    again = ask(client, criterion("F33"), if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    depression.summary = "Low mood, for a long time."
    depression.save()
    changed = ask(client, criterion("F33"), if_none_match=first["ETag"])
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_18_a_day_is_no_proof_that_nothing_has_changed(client, depression):
    """Two texts of one day have the same date, and a withdrawn page makes the newest older."""
    since = {"if_modified_since": "Fri, 02 Oct 2026 00:00:00 GMT"}
    assert ask(client, criterion("F33"), **since).status_code == 200


def test_19_who_asks_too_often_is_told_when_to_come_back(client, depression, monkeypatch):
    monkeypatch.setattr(rate_limits.CONNECT, "burst", 2)
    answers = [ask(client, criterion("F33")) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) >= 1
    assert answers[2]["Cache-Control"] == "no-store"


# What a widely used client does with MedlinePlus Connect, once its host is ours.
STOCK = "https://connect.medlineplus.gov/service"
OLD_HOSTS = [
    STOCK,
    "https://apps.nlm.nih.gov/medlineplus/services/mpconnect_service.cfm",
    "http://apps2.nlm.nih.gov/medlineplus/services/mpconnect_service.cfm",
]


@pytest.mark.parametrize("endpoint", OLD_HOSTS)
def test_20_a_stock_client_works_when_its_host_is_changed(client, depression, endpoint):
    sent = {"informationRecipient.languageCode.c": "en", **JSON, **criterion("F33.2")}
    response = client.get(urlsplit(endpoint).path, dict(parse_qsl(urlencode(sent))))
    feed = json.loads(response.content)["feed"]
    assert len(feed["entry"]) > 0
    first = feed["entry"][0]
    assert datetime.fromisoformat(first["updated"]["_value"]).year == 2026
    assert first["title"]["_value"]
    assert first["summary"]["_value"]
    assert first["link"][0]["href"].startswith("http")
    assert feed["author"]["name"]["_value"]
    assert (
        client.get(urlsplit(endpoint).path, sent | criterion("Z00")).json()["feed"]["entry"] == []
    )


@pytest.mark.parametrize("path", ["/application", "/medlineplus/services/mpconnect.cfm"])
def test_20_so_does_its_link_for_a_person(client, depression, path):
    response = client.get(path, criterion("F33.2"))
    assert (response.status_code, response["Location"]) == (303, "/conditions/depression/")


def test_20_a_stock_client_may_want_the_short_names(client, depression):
    feed = feed_of(ask(client, criterion("F33.2") | JSON | {"compat": "mlp"}))
    assert categories(feed)["mainSearchCriteria.v.cs"] == "ICD10CM"
    assert categories(feed["entry"][0])["mainSearchCriteria.v.cs"] == "ICD10CM"


def test_both_forms_say_the_same(client, depression, ketamine):
    make_faq(question="Does ketamine help?", answer="For some.")
    sent = criterion("F33", dn="Sorrow") | criterion("6130", RXNORM, suffix=1)
    data, root = (
        feed_of(ask(client, sent | JSON)),
        ElementTree.fromstring(ask(client, sent).content),
    )
    for entry, element in zip(data["entry"], root.findall(f"{ATOM}entry"), strict=True):
        for name in ("title", "summary", "id", "updated", "published"):
            assert element.find(f"{ATOM}{name}").text == entry[name]["_value"]
        for name in ("link", "category"):
            assert [e.attrib for e in element.findall(f"{ATOM}{name}")] == entry[name]
    asked = [(e.get("scheme"), e.get("term")) for e in root.findall(f"{ATOM}category")]
    assert asked == [(one["scheme"].rstrip("1"), one["term"]) for one in data["category"]]
