"""Which studies a moment shows, and how many spines are drawn."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psychoplastogens.walkthrough import growth_figure, spine_layout
from psychoplastogens.walkthrough.growth_figure import MOMENTS, build_growth_figure, get_moment


def change(hours, percent=None, direction="more"):
    return SimpleNamespace(hours=hours, percent=percent, direction=direction)


def figure(slug, *changes):
    return build_growth_figure(get_moment(slug), changes)


CHANGES = st.builds(
    change, st.floats(0, 1_000), st.none() | st.integers(-100, 32_000), st.just("more")
)


def test_what_was_measured_is_drawn_as_the_mean():
    shown = figure("24h", change(24, 10), change(12, 40), change(24), change(72, 90))
    assert (shown.state, shown.percent, shown.count) == ("measured", 25, 12)
    assert len(shown.studies) == 3


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


def test_between_two_measured_moments_the_figure_is_drawn_between_and_says_so():
    shown = figure("72h", change(24, 20), change(336, 0))
    assert shown.state == "between"
    assert shown.percent == pytest.approx(20 - 20 * 48 / 312)


def test_nothing_is_guessed_beyond_the_last_measured_moment():
    shown = figure("2w", change(24, 50))
    assert (shown.state, shown.percent, shown.count) == (
        "unknown",
        None,
        spine_layout.BASELINE_SPINES,
    )


def test_a_study_with_a_direction_alone_gives_no_number():
    assert figure("24h", change(24)).state == "direction"
    assert figure("24h", change(24)).percent is None
    assert figure("24h", change(24), change(72, 30)).percent == 10


def test_before_a_dose_the_branch_is_as_it_is():
    shown = figure("before", change(24, 50), change(0, -30, "fewer"))
    assert (shown.state, shown.count) == ("before", spine_layout.BASELINE_SPINES)


@given(st.lists(CHANGES, max_size=8), st.sampled_from(MOMENTS))
def test_whatever_was_measured_the_branch_can_be_drawn(changes, moment):
    shown = build_growth_figure(moment, changes)
    assert 0 <= shown.count <= spine_layout.get_max_spines()
    assert len(shown.spines) <= spine_layout.get_max_spines()


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
