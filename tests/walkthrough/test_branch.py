"""Spines on a branch."""

from collections import Counter

import pytest

from psychoplastogens.walkthrough import branch
from psychoplastogens.walkthrough.models import Step
from psychoplastogens.walkthrough.sites import SITES


def kinds(spines):
    return dict(Counter(spine.kind for spine in spines))


def test_there_is_room_for_twice_as_many_spines_as_before():
    assert len(SITES) >= 2 * branch.BASELINE
    assert len({(x, y) for x, y, _ in SITES}) == len(SITES)


def test_spines_fill_the_sites_in_order():
    spines = branch.spines(("mush", 2), ("thin", 1))
    assert [(s.x, s.y, s.angle) for s in spines] == [tuple(site) for site in SITES[:3]]
    assert [s.kind for s in spines] == ["mush", "mush", "thin"]


def test_more_spines_than_before_are_young_and_fewer_leave_outlines():
    assert kinds(branch.compared(12)) == {"mush": 10, "thin": 2}
    assert kinds(branch.compared(7)) == {"mush": 7, "ghost": 3}
    assert kinds(branch.compared(10)) == {"mush": 10}


def test_there_are_never_more_spines_than_sites():
    assert len(branch.spines(("mush", 1_000))) == branch.room()


@pytest.mark.parametrize("time", ["", *Step.Time.values, "never"])
def test_every_time_of_the_story_has_its_branch(time):
    assert branch.in_story(time)
