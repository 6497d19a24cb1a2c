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
    with django_assert_num_queries(3):
        client.get("/")


def test_markup_in_a_name_is_shown_as_text(client):
    make_compound(name="<script>alert(1)</script>", standing_note="<b>bold</b>")
    assertNotContains(client.get("/"), "<script>alert")
    assertNotContains(client.get("/"), "<b>bold")
