import pytest

from psychoplastogens.editorial.workflow.check_rules import CheckRule
from tests.check_helpers import get_problems
from tests.factories import make_walkthrough

pytestmark = pytest.mark.django_db

ALT = "A branch of a brain cell on which only a few small bumps are left."


@pytest.mark.parametrize(
    ("step", "severity", "field"),
    [
        ({"alt": ""}, "error", "alt"),
        ({"alt": " "}, "error", "alt"),
        ({"alt": "A branch."}, "warning", "alt"),
        ({"alt": f"Picture of {ALT}"}, "warning", "alt"),
        ({"alt": ALT, "caption": " "}, "error", "caption"),
    ],
)
def test_a_picture_without_its_words_is_told_of(step, severity, field):
    [problem] = get_problems(make_walkthrough({"slug": "lock", **step}), CheckRule.PICTURES)
    assert (problem.severity, problem.field) == (severity, f"steps[lock].{field}")


def test_a_picture_with_its_words_is_well():
    assert get_problems(make_walkthrough({"alt": ALT}), CheckRule.PICTURES) == []


@pytest.mark.parametrize(
    ("missing", "field"), [({"alt": ""}, "alt"), ({"opening": " "}, "opening")]
)
def test_the_first_picture_needs_its_words_too(missing, field):
    first = {"scene": "two-cells", "alt": ALT, "opening": "Cells meet."}
    walkthrough = make_walkthrough({"alt": ALT}, **first | missing)
    [problem] = get_problems(walkthrough, CheckRule.PICTURES)
    assert (problem.severity, problem.field) == ("error", field)
    assert get_problems(make_walkthrough({"alt": ALT}, **first), CheckRule.PICTURES) == []


def test_a_walkthrough_without_steps_shows_nothing():
    assert [p.field for p in get_problems(make_walkthrough(), CheckRule.PICTURES)] == ["steps"]


def test_its_pages_are_read_like_all_others():
    walkthrough = make_walkthrough({"alt": "A miracle.", "title": "It heals"})
    fields = [p.field for p in get_problems(walkthrough, CheckRule.NO_SALES)]
    assert fields == ["steps[step-1].title", "steps[step-1].alt"]
