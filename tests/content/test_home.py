import re

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.models import Status
from tests.factories import make_compound, make_explainer

pytestmark = pytest.mark.django_db


def test_it_lists_compounds_with_their_standing(client):
    make_compound(name="Esketamine", brand="Spravato", standing="approved", standing_note="Since.")
    response = client.get("/")
    for words in ("Esketamine", "Spravato", "FDA approved", "Since."):
        assertContains(response, words)


def test_it_lists_guides_with_their_minutes(client):
    make_explainer(("One", "word " * 171), ("Two", "word " * 170), title="The guide")
    assertContains(client.get("/"), "The guide")
    assertContains(client.get("/"), "3 minutes")


def test_it_names_the_first_four_of_each_and_where_all_are(client):
    for number in range(1, 7):
        make_compound(name=f"Medicine {number}", order=number)
        make_explainer(title=f"Guide {number}", order=number)
    html = client.get("/").text
    assert re.findall(r"<b>((?:Guide|Medicine) \d)</b>", html) == [
        f"{kind} {number}" for kind in ("Guide", "Medicine") for number in (1, 2, 3, 4)
    ]
    assert re.search(r'href="/explainers/">\s*All 6 guides', html)
    assert re.search(r'href="/compounds/">\s*All 6 medicines', html)


def test_its_lead_is_short(client):
    lead = re.search(r'<p class="lead">(.*?)</p>', client.get("/").text, re.S)[1]
    assert len(lead.split()) <= 22


def test_it_hides_drafts(client):
    make_compound(name="Secretamine", status=Status.DRAFT)
    make_explainer(title="Secret guide", status=Status.WITHDRAWN)
    assertNotContains(client.get("/"), "Secret")


def test_it_has_search_help_and_an_empty_state(client):
    response = client.get("/")
    assertContains(response, 'action="/search/"')
    assertContains(response, 'href="tel:988"')


@pytest.mark.parametrize("records", [1, 4])
def test_more_records_need_no_more_queries(client, django_assert_num_queries, records):
    for _ in range(records):
        make_compound()
        make_explainer({}, {})
    with django_assert_num_queries(5):
        client.get("/")


def test_markup_in_a_name_is_shown_as_text(client):
    make_compound(name="<script>alert(1)</script>", standing_note="<b>bold</b>")
    assertNotContains(client.get("/"), "<script>alert")
    assertNotContains(client.get("/"), "<b>bold")
