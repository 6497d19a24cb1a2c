"""The way through a walkthrough."""

from psychoplastogens.walkthrough.navigation import StepSequence


class Stop:
    def __init__(self, side_path=False):
        self.side_path = side_path


ONE, TWO, THREE = Stop(), Stop(), Stop()
ASIDE, APART = Stop(side_path=True), Stop(side_path=True)


def test_each_step_knows_its_place():
    way = StepSequence([ONE, TWO, ASIDE, THREE])
    first, second, last = (way.get_position(step) for step in way.main)
    assert (first.number, first.total, first.previous, first.next) == (1, 3, None, TWO)
    assert (second.previous, second.next, second.side) == (ONE, THREE, [])
    assert (last.previous, last.next, last.side) == (TWO, None, [ASIDE])


def test_a_side_path_leads_back_to_the_last_step_and_to_the_other_side_paths():
    place = StepSequence([ONE, ASIDE, TWO, APART]).get_position(ASIDE)
    assert (place.number, place.previous, place.next, place.side) == (0, TWO, None, [APART])


def test_side_paths_alone_are_a_way_too():
    assert StepSequence([ASIDE]).get_position(ASIDE).previous is None


def test_numbers_count_the_main_way():
    way = StepSequence([ASIDE, ONE, TWO])
    assert way.get_step_by_number("2") is TWO
    for text in ("0", "3", "-1", "x", "", "٢", "9" * 5_000):
        assert way.get_step_by_number(text) is None
