import re

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
    for words in ("2 minutes", "2 parts", "Start here", "/explainers/guide/part-1/"):
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
    assertNotContains(response, "Start here")
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
    with django_assert_num_queries(4):
        client.get("/explainers/")


def test_its_parts_are_folded_on_its_page_and_lead_to_the_next(client):
    make_explainer(("Before", "Eat little."), ("After", "Rest."), slug="guide")
    html = client.get("/explainers/guide/").text
    fold = r'<details class="fold part sect" id="([^"]+)" *>(.*?)</details>'
    folds = re.findall(fold, html, re.DOTALL)
    assert [anchor for anchor, _ in folds] == ["part-0", "part-1"]
    assert "Eat little." in folds[0][1]
    assert 'href="#part-1"' in folds[0][1]
    assert 'href="#part' not in folds[1][1]
    assert find_faults(html) == []


def test_it_ends_with_the_next_guide_and_what_that_is_about(client):
    make_explainer({}, slug="guide", title="A")
    make_explainer({}, slug="later", title="B", summary="For those who wait.")
    html = client.get("/explainers/guide/").text
    end = html[html.index('href="/explainers/later/"') :]
    assert "For those who wait." in end
    assert 'href="/questions/"' in end


@pytest.mark.parametrize("parts", [2, 9])
def test_more_parts_need_no_more_queries(client, django_assert_num_queries, parts):
    make_explainer(*[{"plain": "A[^a]"}] * parts, slug="guide")
    with django_assert_num_queries(6):
        client.get("/explainers/guide/")
