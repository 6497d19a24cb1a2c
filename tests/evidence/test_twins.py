"""A source, or a number, that is there already."""

import pytest

from psychoplastogens.editorial.models import Status
from psychoplastogens.editorial.workflow.twins import find_twins
from tests.factories import make_finding, make_source

pytestmark = pytest.mark.django_db
PAPER = {"title": "A trial of ketamine", "year": 2021, "doi": "10.1000/abc"}
DRAFT = {"status": Status.DRAFT}


@pytest.mark.parametrize(
    ("there", "new"),
    [
        (PAPER, {"title": "Other words", "doi": "10.1000/ABC"}),
        (PAPER, {"title": "a TRIAL of Ketamine.", "year": 2021}),
        ({"title": "A trial.", "year": 2021}, {"title": "A trial", "year": 2021}),
        ({"url": "https://fda.gov/x/"}, {"title": "Other", "url": "https://fda.gov/x"}),
        ({"url": "https://fda.gov/x"}, {"title": "Other", "url": "https://fda.gov/x/"}),
    ],
)
def test_a_source_with_the_same_doi_address_or_title_and_year_is_named(there, new):
    twin = make_source(slug="there", **there)
    assert find_twins(make_source(slug="new", **DRAFT | new)) == [twin]


@pytest.mark.parametrize(
    ("there", "new"),
    [
        (PAPER, {"title": PAPER["title"], "year": 2022}),
        ({"title": "A label"}, {"title": "Another label"}),
        ({"title": "A label", "url": ""}, {"title": "Another label", "url": "", "doi": ""}),
        ({"url": "https://fda.gov/x"}, {"title": "Other", "url": "https://fda.gov/x/y"}),
    ],
)
def test_another_source_is_not(there, new):
    make_source(slug="there", **there)
    assert find_twins(make_source(slug="new", **DRAFT | new)) == []


def test_a_number_of_the_same_name_from_the_same_source_is_named():
    there = make_finding(slug="there", name="Nausea")
    again = make_finding(slug="new", name="nausea", source=there.source, **DRAFT)
    elsewhere = make_finding(slug="other", name="Nausea", source=make_source(slug="o"), **DRAFT)
    assert find_twins(again) == [there]
    assert find_twins(elsewhere) == []
