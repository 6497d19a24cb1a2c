"""The day by the clock on the page of a guide: what one may feel, and what staff do."""

import pytest
from django.db import IntegrityError, transaction

from psychoplastogens.content.sheets import build_explainer_sheet
from tests.factories import make_explainer, make_source
from tests.html_outline import find_faults

pytestmark = pytest.mark.django_db
PAGE = "/explainers/the-day/"
MOMENTS = [
    ("Drip", "Before", 0),
    ("Drip", "40 minutes", 4),
    ("Drip", "Home", 1),
    ("Spray", "Start", 2),
]


@pytest.fixture
def guide():
    make_source(slug="li-2010", title="On rest")
    guide = make_explainer(("Home", "Rest."), slug="the-day")
    for order, (treatment, time, strength) in enumerate(
        [
            ("Drip", "Before", 0),
            ("Drip", "40 minutes", 4),
            ("Drip", "Home", 1),
            ("Spray", "Start", 2),
        ]
    ):
        guide.moments.create(
            treatment=treatment,
            time=time,
            strength=strength,
            order=order,
            feels=f"At {time.lower()} it is odd.[^li-2010:people]",
            staff="watch over you." if strength > 1 else "",
        )
    return guide


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}all/"])
def test_each_treatment_has_its_times_in_order(client, guide, address):
    html = client.get(address).text
    told = html[html.index('id="by-the-clock"') :]
    places = [told.index(w) for w in ("Drip", "Before", "40 minutes", "Home", "Spray", "Start")]
    assert places == sorted(places)
    assert told.count("watch over you.") == 2
    assert "On rest" in html
    assert find_faults(html) == []


def test_the_band_leads_from_each_moment_to_the_next_and_ends_with_the_treatment(client, guide):
    html = client.get(PAGE).text
    for band in (
        "M0 0C0 5 4 5 4 10",
        "M4 0C4 5 1 5 1 10",
        "M1 0C1 5 0 5 0 10",
        "M2 0C2 5 0 5 0 10",
    ):
        assert f'd="{band}"' in html


def test_the_picture_is_said_in_words(client, guide):
    html = client.get(PAGE).text
    assert html.count("How strange it may feel: most.") == 1
    assert html.count("How strange it may feel:") == 3
    assert html.count('aria-hidden="true"') >= 4


def test_a_guide_without_moments_has_no_clock(client):
    make_explainer(("Home", "Rest."), slug="the-day")
    html = client.get(PAGE).text
    assert "by-the-clock" not in html
    assert "visits.css" not in html


def test_the_whole_text_on_paper_has_the_times(guide):
    blocks = build_explainer_sheet(guide, [])
    tables = [b for b in blocks.blocks if isinstance(b, dict) and b["kind"] == "facts"]
    assert [[row["label"] for row in table["rows"]] for table in tables] == [
        ["Before", "40 minutes", "Home"],
        ["Start"],
    ]


def test_how_strange_it_feels_is_on_the_scale(guide):
    with pytest.raises(IntegrityError), transaction.atomic():
        guide.moments.update(strength=5)


@pytest.mark.parametrize("more", [0, 30])
def test_more_moments_need_no_more_queries(client, guide, django_assert_num_queries, more):
    for number in range(more):
        guide.moments.create(treatment="Spray", time=str(number), strength=1, feels="Odd.")
    with django_assert_num_queries(6):
        client.get(PAGE)
