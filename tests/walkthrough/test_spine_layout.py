"""Spines on a branch."""

from collections import Counter

import pytest

from psychoplastogens.walkthrough import spine_layout
from psychoplastogens.walkthrough.models import Step
from psychoplastogens.walkthrough.spine_positions import SPINE_POSITIONS


def kinds(spines):
    return dict(Counter(spine.kind for spine in spines))


def test_there_is_room_for_twice_as_many_spines_as_before():
    assert len(SPINE_POSITIONS) >= 2 * spine_layout.BASELINE_SPINES
    assert len({(x, y) for x, y, _ in SPINE_POSITIONS}) == len(SPINE_POSITIONS)


def test_spines_fill_the_sites_in_order():
    spines = spine_layout.place_spines(("mush", 2), ("thin", 1))
    assert [(s.x, s.y, s.angle) for s in spines] == [tuple(site) for site in SPINE_POSITIONS[:3]]
    assert [s.kind for s in spines] == ["mush", "mush", "thin"]


def test_more_spines_than_before_are_young_and_fewer_leave_outlines():
    assert kinds(spine_layout.get_spines_for_count(12)) == {"mush": 10, "thin": 2}
    assert kinds(spine_layout.get_spines_for_count(7)) == {"mush": 7, "ghost": 3}
    assert kinds(spine_layout.get_spines_for_count(10)) == {"mush": 10}


def test_there_are_never_more_spines_than_sites():
    assert len(spine_layout.place_spines(("mush", 1_000))) == spine_layout.get_max_spines()


@pytest.mark.parametrize("time", ["", *Step.Time.values, "never"])
def test_every_time_of_the_story_has_its_branch(time):
    assert spine_layout.get_spines_at_time(time)
