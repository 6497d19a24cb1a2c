"""/c/<clinic>/<pack>/<n>/: the page itself, the clinic's phone, the way through the list."""

import re

import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from tests.factories import (
    make_clinic,
    make_compound,
    make_condition,
    make_explainer,
    make_faq,
    make_pack,
    make_source,
    make_walkthrough,
)
from tests.html_outline import find_faults

pytestmark = pytest.mark.django_db
CALL = "Rest.[^moss]\n\n:::call-clinic\nIf you faint.\n:::"
PAGES = {
    "faq": (lambda: make_faq(answer=CALL, slug="driving"), "/questions/driving/"),
    "compound": (lambda: make_compound(risks=CALL, slug="ketamine"), "/compounds/ketamine/"),
    "condition": (lambda: make_condition(not_known=CALL, slug="ptsd"), "/conditions/ptsd/"),
    "explainer": (lambda: make_explainer(("Rest", CALL), slug="after"), "/explainers/after/"),
    "section": (
        lambda: make_explainer({"slug": "rest", "plain": CALL}, slug="after").sections.get(),
        "/explainers/after/rest/",
    ),
    "walkthrough": (lambda: make_walkthrough({}, key_points=CALL, slug="how"), "/how/"),
}
KINDS = pytest.mark.parametrize("kind", PAGES)


def open_in_list(client, page, **clinic):
    """The page of `page` as the second of three of a list."""
    clinic = make_clinic(**{"slug": "oakside", "name": "Oakside Clinic"} | clinic)
    make_pack(make_faq(), page, None, clinic=clinic, slug="before")
    return client.get("/c/oakside/before/2/")


def article(html):
    """What a page says: the words of its article."""
    [found] = re.findall(r"<article.*?</article>", html, re.DOTALL)
    return " ".join(re.sub(r"<nav.*?</nav>|<[^>]*>", " ", found, flags=re.DOTALL).split())


@KINDS
def test_it_is_the_page_itself_with_the_phone_in_its_cards(client, kind):
    make, address = PAGES[kind]
    make_source(slug="moss")
    listed = open_in_list(client, make())
    own = client.get(address).content.decode()
    assertContains(listed, 'href="tel:+15035550100"')
    assertNotContains(client.get(address), "503-555-0100")
    assert article(listed.content.decode()).replace("503-555-0100 Oakside Clinic ", "") == (
        article(own)
    )


@KINDS
def test_its_address_for_machines_is_the_pages_own(client, kind):
    make, address = PAGES[kind]
    make_source(slug="moss")
    page = open_in_list(client, make())
    assertContains(page, f'<link rel="canonical" href="http://127.0.0.1:8000{address}">')
    assertContains(page, '<meta name="robots" content="noindex">')
    assert page["X-Robots-Tag"] == "noindex"
    assertNotContains(page, "application/ld+json")
    assert find_faults(page.content.decode()) == []


@KINDS
def test_the_way_leads_through_the_list_alone(client, kind):
    page = open_in_list(client, PAGES[kind][0]()).content.decode()
    assert re.findall(r'rel="(prev|next)" href="([^"]+)"', page) == [
        ("prev", "/c/oakside/before/1/"),
        ("next", "/c/oakside/before/3/"),
    ]


def test_the_question_list_is_the_last_page(client):
    open_in_list(client, make_faq())
    page = client.get("/c/oakside/before/3/")
    assertContains(page, "My questions for the visit")
    assertContains(page, 'canonical" href="http://127.0.0.1:8000/ask/"')
    assertContains(page, "That was the last")


def test_a_note_is_marked_as_the_clinics(client):
    page = make_faq()
    clinic = make_clinic(slug="oakside", name="Oakside Clinic")
    make_pack(page, clinic=clinic, slug="before").items.update(note="<b>Ring twice.</b>")
    assertContains(
        client.get("/c/oakside/before/1/"),
        "<i>Oakside Clinic:</i>\n&lt;b&gt;Ring twice.&lt;/b&gt;",
    )


def test_previews_of_it_are_as_discreet_as_those_of_the_list(client):
    page = open_in_list(client, make_compound(name="Ketamine", summary="Ketamine eases."))
    head = page.content.decode().split("</head>")[0]
    tags = re.findall(r'<meta (?:property="og:|name="desc)[^>]*>', head)
    assert len(tags) >= 6
    assert not any("ketamine" in tag.lower() for tag in tags)


def test_a_clinic_may_ask_for_open_previews(client):
    page = open_in_list(client, make_compound(name="Ketamine"), discreet_previews=False)
    assertContains(page, 'property="og:title" content="Ketamine"')


def test_a_number_that_is_not_in_the_list_leads_to_the_list(client):
    open_in_list(client, make_faq())
    for number in ("0", "4", "007", "99999999999999999999"):
        response = client.get(f"/c/oakside/before/{number}/")
        assertRedirects(response, "/c/oakside/before/", fetch_redirect_response=False)


def test_only_what_the_page_reads_stays_in_its_address(client):
    open_in_list(client, make_explainer({"slug": "a", "more": "More."}).sections.get())
    response = client.get("/c/oakside/before/2/?depth=more&phone=555&utm_source=x")
    assert response["Location"] == "/c/oakside/before/2/?depth=more"


def test_a_page_without_a_card_shows_the_phone_on_paper(client):
    page = open_in_list(client, make_faq(answer="Rest."))
    assertContains(page, "From the reading list of Oakside Clinic, phone 503-555-0100")


def test_the_way_leads_first_through_what_the_clinic_chose_for_before_the_visit(client):
    pack = make_pack(*(make_faq() for _ in range(3)), clinic=make_clinic(slug="oakside"))
    type(pack).objects.filter(pk=pack.pk).update(slug="before")
    pack.items.filter(order=3).update(read_first=True)
    ways = r'rel="(prev|next)" href="[^"]+/(\d)/"'
    found = [
        re.findall(ways, client.get(f"/c/oakside/before/{n}/").content.decode()) for n in (3, 1, 2)
    ]
    assert found == [[("next", "1")], [("prev", "3"), ("next", "2")], [("prev", "1")]]
