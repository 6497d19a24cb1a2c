import re

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.models import Status
from tests.factories import make_explainer, make_finding, make_source
from tests.html_outline import find_faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide():
    return make_explainer(
        {"title": "Before", "slug": "before", "plain": "Eat little.", "more": "A study says so."},
        {"title": "During", "slug": "during"},
        {"title": "After", "slug": "after"},
        slug="guide",
        title="The day",
        order=1,
    )


def test_it_shows_its_text_detail_and_place(client, guide):
    response = client.get("/explainers/guide/before/")
    for words in ("Eat little.", "A study says so.", "Part 1 of 3", "<h1>Before</h1>"):
        assertContains(response, words)
    assert find_faults(response.text) == []


def ways(client, address):
    """Where 'back' and 'next' lead."""
    html = client.get(address).text
    way = html[html.index('<nav class="seq') :].partition("</nav>")[0]
    return re.findall(r'<a [^>]*href="/([^"]+)"', way)


def test_each_part_leads_to_its_neighbours(client, guide):
    assert ways(client, "/explainers/guide/before/") == ["explainers/guide/", GUIDE + "during/"]
    assert ways(client, "/explainers/guide/during/") == [GUIDE + "before/", GUIDE + "after/"]


GUIDE = "explainers/guide/"


def test_the_last_part_leads_to_the_next_published_guide_or_to_the_questions(client, guide):
    make_explainer({}, slug="secret", order=2, status=Status.DRAFT)
    assert ways(client, "/explainers/guide/after/") == [GUIDE + "during/", "questions/"]
    make_explainer({}, slug="next", order=3)
    assert ways(client, "/explainers/guide/after/") == [GUIDE + "during/", "explainers/next/"]


def test_the_next_guide_may_have_the_same_order_number(client):
    for name in ("a", "b", "c"):
        make_explainer({}, slug=name, title=name)
    ends = [ways(client, f"/explainers/{name}/part-0/")[-1] for name in "abc"]
    assert ends == ["explainers/b/", "explainers/c/", "questions/"]


def test_only_sources_of_this_part_are_listed(client):
    make_source(slug="a", title="Mine")
    make_source(slug="b", title="Theirs")
    make_explainer({"plain": "X[^a]"}, {"plain": "Y[^b]"}, slug="guide")
    assertContains(client.get("/explainers/guide/part-0/"), "Mine")
    assertNotContains(client.get("/explainers/guide/part-0/"), "Theirs")


def test_it_draws_a_number(client):
    make_finding(slug="f")
    make_explainer({"plain": "Words.\n\n{{finding:f}}"}, slug="guide")
    response = client.get("/explainers/guide/part-0/")
    assertContains(response, '<figure class="finding"')
    assert find_faults(response.text) == []


def test_a_guide_that_was_never_checked_names_no_date(client, guide):
    assertNotContains(client.get("/explainers/guide/before/"), "Sources checked")


@pytest.mark.parametrize("parts", [2, 9])
def test_more_parts_need_no_more_queries(client, django_assert_num_queries, parts):
    make_explainer(*[{"plain": "A[^a]"}] * parts, slug="guide")
    with django_assert_num_queries(5):
        client.get("/explainers/guide/part-1/")


def test_links_of_a_guide_keep_more_detail(client, guide):
    for address in ("", "all/", "before/", "during/", "after/"):
        page = client.get(f"/explainers/guide/{address}?depth=more").text
        within = re.findall(r'<a (?![^>]*data-go-on)[^>]*href="(/explainers/guide/[^"]*)"', page)
        pages = [link for link in within if "/handout" not in link]
        assert pages
        assert [link for link in pages if not link.endswith("?depth=more")] == []
        own = address.removeprefix("all/")
        assert f'/explainers/guide/{own}"' in re.search('rel="canonical" href="[^"]*"', page)[0]
