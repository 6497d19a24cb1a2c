import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.models import Status
from tests.factories import make_explainer, make_source
from tests.html_outline import find_faults

pytestmark = pytest.mark.django_db


def test_it_lists_its_parts_in_order_with_minutes(client):
    make_explainer(("Before", "word " * 171), ("After", "Rest."), slug="guide", title="The day")
    html = client.get("/explainers/guide/").text
    assert html.index("Before") < html.index("After")
    for words in ("2 minutes", "2 parts", "Start with part 1", "/explainers/guide/part-1/"):
        assert words in html


def test_the_order_is_a_number_and_not_the_order_of_writing(client):
    explainer = make_explainer(("Second", "A."), ("First", "B."), slug="guide")
    explainer.sections.filter(title="Second").update(order=9)
    html = client.get("/explainers/guide/").text
    assert html.index("First") < html.index("Second")


def test_a_guide_without_parts_links_to_none(client):
    make_explainer(slug="guide")
    response = client.get("/explainers/guide/")
    assertNotContains(response, '//"')
    assertNotContains(response, "Start with part 1")
    assert find_faults(response.text) == []


def test_key_points_cite(client):
    make_source(slug="a", title="A trial")
    make_explainer({}, slug="guide", key_points="- Rest.[^a]")
    assertContains(client.get("/explainers/guide/"), "A trial")


@pytest.mark.parametrize("address", ["", "all/", "part-0/"])
def test_a_draft_is_not_there(client, address):
    make_explainer({}, slug="guide", status=Status.DRAFT)
    assert client.get(f"/explainers/guide/{address}").status_code == 404


@pytest.mark.parametrize("parts", [1, 5])
def test_the_list_needs_no_more_queries_for_more_parts(client, django_assert_num_queries, parts):
    for _ in range(parts):
        make_explainer(*[{}] * parts)
    with django_assert_num_queries(3):
        client.get("/explainers/")
