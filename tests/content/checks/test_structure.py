import pytest

from psychoplastogens.editorial.models import Status
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from tests.check_helpers import get_problems, get_severity, get_text_problems
from tests.factories import (
    make_compound,
    make_condition,
    make_explainer,
    make_faq,
    make_finding,
    make_walkthrough,
)

pytestmark = pytest.mark.django_db

SUMMARY = "For people about to have Spravato or ketamine at a clinic."


def points(count):
    return "\n".join(f"- Point {number}.[^a]" for number in range(count))


@pytest.mark.parametrize(("count", "wrong"), [(0, 1), (1, 1), (2, 0), (5, 0), (6, 1)])
@pytest.mark.parametrize("make", [make_condition, make_explainer, make_walkthrough])
def test_there_are_two_to_five_key_points(make, count, wrong):
    found = get_problems(make(summary=SUMMARY, key_points=points(count)), CheckRule.SUMMARY)
    assert [(p.severity, p.field) for p in found] == [("error", "key_points")] * wrong


LINES = ("short_what", "short_benefit", "short_risks", "short_not_for")


@pytest.mark.parametrize(("line", "wrong"), [("", 4), ("A word. " * 11, 0), ("A word. " * 12, 4)])
def test_a_medicine_begins_with_four_lines_of_at_most_22_words(line, wrong):
    compound = make_compound(summary=SUMMARY, **dict.fromkeys(LINES, line))
    found = get_problems(compound, CheckRule.SUMMARY)
    assert [(p.severity, p.field) for p in found] == [("error", field) for field in LINES][:wrong]


@pytest.mark.parametrize(
    ("summary", "severity"),
    [("", "error"), (" ", "error"), ("Short.", "warning"), (SUMMARY, ""), ("x" * 181, "warning")],
)
def test_a_summary_says_enough_and_fits_into_lists(summary, severity):
    found = get_problems(make_explainer(summary=summary, key_points=points(3)), CheckRule.SUMMARY)
    assert [p.severity for p in found] == ([severity] if severity else [])


def test_a_question_has_neither():
    assert get_problems(make_faq(), CheckRule.SUMMARY) == []


@pytest.mark.parametrize("make", [make_compound, make_condition])
def test_what_is_not_known_is_filled_in(make):
    [problem] = get_problems(make(not_known=" "), CheckRule.NOT_KNOWN)
    assert (problem.severity, problem.field) == ("error", "not_known")
    assert get_problems(make(not_known="How long it lasts."), CheckRule.NOT_KNOWN) == []


@pytest.mark.parametrize(
    "text",
    [
        ":::not-known\nHow long it lasts.\n:::",
        "### What nobody knows yet\n\nMuch.",
        "Rest.\n\n## What is not known",
    ],
)
def test_a_guide_says_somewhere_what_is_not_known(text):
    assert (
        get_problems(make_explainer({"plain": "Rest."}, {"more": text}), CheckRule.NOT_KNOWN) == []
    )
    steps = [{"plain": "Rest."}, {"more": text}]
    assert get_problems(make_walkthrough(*steps), CheckRule.NOT_KNOWN) == []


@pytest.mark.parametrize("text", ["Rest.", "It is not known.", "#hash not known"])
def test_a_guide_that_does_not_is_told(text):
    found = get_problems(make_explainer({"plain": text}), CheckRule.NOT_KNOWN)
    assert [(p.severity, p.field) for p in found] == [("warning", "sections")]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (":::emergency Get help now\n- Chest pain.\n:::", "whom to call"),
        (":::emergency Get help now\n\n:::", "is empty"),
        (":::advice\n:::", "is empty"),
        (":::call-clinic Call\n \n:::", "is empty"),
        (":::advice\nRest.", "not closed"),
        (":::advice\nRest.\n\n:::good-to-know\nSleep.\n:::", "not closed"),
        ("Rest.\n\n:::", "closes nothing"),
    ],
)
def test_a_box_is_whole(text, wrong):
    [problem] = get_text_problems(text, CheckRule.CALLOUTS)
    assert (problem.severity, wrong in problem.message) == ("error", True)


@pytest.mark.parametrize(
    "text",
    [
        ":::emergency\n- Chest pain.\n:::",
        ":::emergency Call 911 for\n- Chest pain.\n:::",
        ":::emergency Get help now\nCall or text 988.\n:::",
        ":::emergency Get help now\nPoison Help: 1-800-222-1222.\n:::",
        ":::advice\nRest.\n:::\n\n:::good-to-know\nSleep.\n:::",
        ":::: advice\nRest.\n::::",
        "A colon: and two:: and in words :::.",
    ],
)
def test_a_whole_box_is_let_be(text):
    assert get_text_problems(text, CheckRule.CALLOUTS) == []


@pytest.mark.parametrize(
    ("kinds", "severity"),
    [
        ("", ""),
        ("benefit harm", ""),
        ("benefit", "error"),
        ("harm harm", "error"),
        ("benefit benefit harm", "warning"),
    ],
)
@pytest.mark.parametrize("make", [make_compound, make_condition])
def test_as_many_harms_as_benefits_are_drawn(make, kinds, severity):
    record = make(pictured=[make_finding(kind=kind) for kind in kinds.split()])
    assert [p.severity for p in get_problems(record, CheckRule.BALANCE)] == (
        [severity] if severity else []
    )


def test_a_harm_that_readers_do_not_see_balances_nothing():
    harm = make_finding(kind="harm", status=Status.DRAFT)
    found = get_problems(
        make_compound(pictured=[make_finding(kind="benefit"), harm]), CheckRule.BALANCE
    )
    assert [p.severity for p in found] == ["error"]


def test_numbers_of_benefit_need_words_on_harm():
    make_finding(slug="halved", kind="benefit")
    make_finding(slug="sick", kind="harm")
    drawn = "It helped some.\n\n{{finding:halved}}"
    assert get_severity(drawn, CheckRule.BALANCE) == "warning"
    assert get_severity(f"{drawn}\n\nIt has risks.", CheckRule.BALANCE) == ""
    assert get_severity(f"{drawn}\n\n{{{{finding:sick}}}}", CheckRule.BALANCE) == ""
    assert get_severity("{{finding:sick}}", CheckRule.BALANCE) == ""


def test_a_condition_lists_options_and_not_now_among_them():
    drip = {"name": "Ketamine by vein", "good": "Quick.", "hard": "Short."}
    [problem] = get_problems(make_condition(), CheckRule.NO_KETAMINE)
    assert problem.severity == "error"
    [problem] = get_problems(make_condition(options=[drip]), CheckRule.NO_KETAMINE)
    assert (problem.severity, problem.field) == ("warning", "options")
    wait = drip | {"name": "No ketamine for now"}
    assert get_problems(make_condition(options=[drip, wait]), CheckRule.NO_KETAMINE) == []


def test_options_are_told_in_equal_detail():
    def options(*counts):
        return [{"name": f"No {n}", "good": "word " * n, "hard": "word"} for n in counts]

    assert get_problems(make_condition(options=options(9, 19)), CheckRule.EQUAL_DETAIL) == []
    [problem] = get_problems(make_condition(options=options(9, 20)), CheckRule.EQUAL_DETAIL)
    assert "“No 20” has 21 words" in problem.message
    assert get_problems(make_condition(options=options(0, 0)), CheckRule.EQUAL_DETAIL) == []


def test_a_text_longer_than_can_be_saved_is_said_to_be_that_and_no_more():
    text = "It is proven. 1 in 5. " * 250_000
    found = get_text_problems(text, CheckRule.LENGTH)
    assert [(p.severity, p.field) for p in found] == [("error", "answer")]
    assert (
        get_text_problems(text, CheckRule.NO_SALES)
        == get_text_problems(text, CheckRule.CITED)
        == []
    )
