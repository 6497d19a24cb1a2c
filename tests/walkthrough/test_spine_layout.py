"""Spines on a branch."""

from collections import Counter

from psychoplastogens.walkthrough import spine_layout
from psychoplastogens.walkthrough.spine_layout import MAX_NEW_SPINES, START_SPINES
from psychoplastogens.walkthrough.spine_positions import (
    NEWER_SITES,
    NEWER_SITES_SIDE_BY_SIDE,
    OLDER_SITES,
    OLDER_SITES_SIDE_BY_SIDE,
)


def kinds(spines):
    return dict(Counter(spine.kind for spine in spines))


def test_both_drawings_have_the_same_spines_at_the_start_and_room_for_as_many_new_ones():
    assert len(OLDER_SITES) == len(OLDER_SITES_SIDE_BY_SIDE) == START_SPINES
    assert len(NEWER_SITES) == len(NEWER_SITES_SIDE_BY_SIDE) == MAX_NEW_SPINES


def test_no_two_spines_stand_in_one_place():
    for sites in (OLDER_SITES + NEWER_SITES, OLDER_SITES_SIDE_BY_SIDE + NEWER_SITES_SIDE_BY_SIDE):
        assert len({(x, y) for x, y, _ in sites}) == len(sites)


def test_new_spines_are_young_and_lost_ones_leave_outlines():
    assert kinds(spine_layout.place_side_by_side(2, 1)) == {"mush": 10, "ghost": 2, "thin": 1}
    assert kinds(spine_layout.place_side_by_side(0, 0)) == {"mush": 12}


def test_in_a_scene_new_spines_take_the_place_of_outlines():
    assert kinds(spine_layout.place_in_scene(0, 0)) == {"mush": 12, "ghost": 3}
    assert kinds(spine_layout.place_in_scene(2, 1)) == {"mush": 10, "thin": 1, "ghost": 4}
    assert kinds(spine_layout.place_in_scene(3, 5, "kept")) == {"mush": 9, "kept": 5, "ghost": 3}
