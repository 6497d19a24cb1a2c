import re

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.models import Compound
from psychoplastogens.editorial.models import Status
from tests.factories import make_compound, make_finding, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def compounds():
    return [make_compound(slug=slug, name=slug.upper()) for slug in ("one", "two", "three", "four")]


def compare(client, *slugs):
    return client.get("/compounds/compare/", {"c": slugs})


def columns(response):
    return re.findall(r'scope="col">\s*<a href="/compounds/([^/]+)/"', response.text)


def checked(response):
    return set(re.findall(r'name="c" value="([^"]+)" checked', response.text))


@pytest.mark.parametrize("slugs", [["one"], ["two", "one"], ["three", "one", "two"]])
def test_the_chosen_stand_side_by_side_in_the_order_of_the_address(client, slugs):
    response = compare(client, *slugs)
    assert columns(response) == slugs
    assert checked(response) == set(slugs)
    assertNotContains(response, "Left out")


def test_a_fourth_is_left_out_by_name(client):
    response = compare(client, "four", "one", "two", "three")
    assert columns(response) == ["four", "one", "two"]
    assert "Left out: THREE." in " ".join(response.content.decode().split())


def test_unknown_drafts_and_doubles_are_no_choice(client):
    make_compound(slug="secret", name="Secret", status=Status.DRAFT)
    response = compare(client, "one", "nothing", "secret", "one", "<b>", "two")
    assert columns(response) == ["one", "two"]
    assertNotContains(response, "Secret")
    assertNotContains(response, "Left out")


@pytest.mark.parametrize("query", ["", "?c=", "?c=nothing", "?c=%3Cscript%3E&c="])
def test_without_a_choice_the_first_two_of_the_list_are_compared(client, query):
    Compound.objects.filter(slug="three").update(order=1)
    Compound.objects.exclude(slug="three").update(order=2)
    assert columns(client.get(f"/compounds/compare/{query}")) == ["three", "four"]


def test_a_missed_trial_stands_beside_the_one_that_is_drawn(client, compounds):
    met, missed = make_finding(name="Met", order=1), make_finding(name="Missed", order=2)
    compounds[0].pictured.set([met, missed, make_finding(kind="harm", name="Dizzy", order=3)])
    html = compare(client, "one", "two").text
    cells = html[html.index("Help <small>") :].partition("</tr>")[0]
    assert cells.index("Met") < cells.index("Missed")
    assert "Dizzy" not in cells
    assert cells.count('role="img"') == 2
    assert "No trial of it gave numbers" in cells


def test_each_row_holds_the_same_thing_of_each(client):
    make_source(slug="a")
    make_source(slug="b")
    Compound.objects.filter(slug="one").update(taken="Sprayed.[^b]", visit_time="Long.[^a]")
    Compound.objects.filter(slug="two").update(taken="Swallowed.[^a]")
    response = compare(client, "one", "two")
    row = re.search(r"How it is taken</th>(.*?)</tr>", response.text, re.DOTALL)[1]
    assert row.index("Sprayed.") < row.index("Swallowed.")
    assert 'href="#s2"' in row.partition("Swallowed")[0]
    assert 'href="#s1"' in row.partition("Swallowed")[2]
    assertContains(response, '<li id="s2">')


def test_more_compounds_need_no_more_queries(client, django_assert_num_queries):
    with django_assert_num_queries(4):
        compare(client, "one")
    with django_assert_num_queries(4):
        compare(client, "one", "two", "three", "four")
