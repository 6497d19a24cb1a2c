"""Which studies a moment shows, and how many spines are drawn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psychoplastogens.evidence.models import SpineChange
from psychoplastogens.walkthrough import growth_figure
from psychoplastogens.walkthrough.growth_figure import MOMENTS, build_growth_figure, get_moment


def change(hours, percent=None, direction="more", compared_change=None):
    return SpineChange(
        hours=hours,
        percent=percent,
        direction=direction,
        compared_change=compared_change,
        compared_with="mice given salt water",
        dose="one dose of ketamine",
    )


def figure(slug, *changes):
    return build_growth_figure(get_moment(slug), changes)


def counts(shown):
    return [(branch.count, branch.lost, branch.new) for branch in shown.branches]


CHANGES = st.builds(
    change,
    st.floats(0, 1_000),
    st.none() | st.integers(-100, 32_000),
    st.just("more"),
    st.none() | st.integers(-100, 32_000),
)


def test_what_was_measured_is_drawn_as_the_mean():
    shown = figure("24h", change(24, 10), change(12, 40), change(24), change(72, 90))
    assert shown.state == "measured"
    assert counts(shown) == [(12, 0, 0), (15, 0, 3)]
    assert len(shown.studies) == 3


def test_both_branches_lose_what_the_comparison_lost_and_the_rest_is_new():
    shown = figure("24h", change(24, 8, compared_change=-15))
    assert counts(shown) == [(10, 2, 0), (11, 2, 1)]


def test_a_medicine_that_takes_spines_away_loses_more_than_the_comparison():
    shown = figure("24h", change(24, -30, "fewer", compared_change=-15))
    assert counts(shown) == [(10, 2, 0), (7, 5, 0)]


@pytest.mark.parametrize(
    ("hours", "slug"),
    [
        *((0, "before"), (0.5, "2h"), (4, "2h"), (5, "24h"), (36, "24h"), (48, "72h")),
        *(
            (132, "72h"),
            (240, "2w"),
            (400, "2w"),
            (4.5, None),
            (40, None),
            (200, None),
            (401, None),
        ),
    ],
)
def test_a_study_belongs_to_the_moment_in_whose_window_it_measured(hours, slug):
    shown = [
        moment.slug for moment in MOMENTS if growth_figure.filter_studies(moment, [change(hours)])
    ]
    assert shown == ([slug] if slug else [])


@pytest.mark.parametrize("slug", ["2h", "72h", "2w"])
def test_nothing_is_guessed_between_or_beyond_what_was_counted(slug):
    shown = figure(slug, change(24, 50), change(200, 10))
    assert (shown.state, shown.is_counted) == ("unknown", False)
    assert counts(shown) == [(12, 0, 0), (12, 0, 0)]


def test_a_study_with_a_direction_alone_gives_no_number():
    assert figure("24h", change(24)).state == "direction"
    assert not figure("24h", change(24), change(72, 30)).is_counted


def test_before_a_dose_both_branches_are_the_same():
    shown = figure("before", change(24, 50), change(0, -30, "fewer"))
    assert (shown.state, counts(shown)) == ("before", [(12, 0, 0), (12, 0, 0)])


def test_the_groups_are_named_as_in_the_study_that_is_drawn():
    named = [branch.words for branch in figure("2h", change(24), change(24, 8)).branches]
    assert named == ["mice given salt water", "one dose of ketamine"]


@given(st.lists(CHANGES, max_size=8), st.sampled_from(MOMENTS))
def test_whatever_was_measured_the_branch_can_be_drawn(changes, moment):
    for branch in build_growth_figure(moment, changes).branches:
        drawn = [spine.kind for spine in branch.spines]
        assert len(drawn) - drawn.count("ghost") == branch.count


@given(st.text(max_size=12))
def test_every_text_names_a_moment(text):
    assert get_moment(text) in MOMENTS


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("2w", "2w"),
        ("14d", "2w"),
        ("1h", "before"),
        ("2d", "24h"),
        ("999999w", "2w"),
        ("", "before"),
    ],
)
def test_another_time_names_the_nearest_moment(text, slug):
    assert get_moment(text).slug == slug


def test_another_time_may_fall_back_on_the_time_of_a_step():
    assert get_moment("never", "72h").slug == "72h"
    assert get_moment("never", "during").slug == "before"
