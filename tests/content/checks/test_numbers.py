"""Numbers: true and false examples of each rule."""

import pytest

from psychoplastogens.editorial.workflow.check_rules import CheckRule
from tests.check_helpers import get_problems, get_severity, get_text_problems
from tests.factories import make_faq, make_finding, make_term

pytestmark = pytest.mark.django_db

ERRORS = {
    CheckRule.OUT_OF_100: [
        "1 in 5 people had nausea.",
        "One in three felt sick.",
        "About 1 in every 1,000 had it.",
        "It came to 2 in 10 people.",
        "69% got better.",
        "69 percent got better.",
        "Nausea rose by 5 per cent. Rest.",
        "It came to 110 out of 100 people.",
        "Nausea came to 1,200 out of 1,000.",
    ],
    CheckRule.ABSOLUTE: [
        "You are three times more likely to get better.",
        "It doubles your chance of response.",
        "Twice as many people felt sick.",
        "The risk was halved.",
        "It cuts the risk of relapse in half.",
        "People had a 51% lower risk.",
        "The relative risk was 0.5.",
        "The odds ratio was 2.",
        "A two-fold rise.",
    ],
}
WARNINGS = {
    CheckRule.OUT_OF_100: [
        "69% got better, compared with 52% on placebo.",
        "It came to 18 of 30 people.",
        "It came to 18 out of 30 adults.",
        "One out of five people felt sick.",
    ],
    CheckRule.NO_SUMS: ["The number needed to treat was 6.", "The NNT was 6."],
    CheckRule.WHOLE_NUMBERS: ["In 12.5 out of 100 people.", "It was 12.5% and 3% of people."],
    CheckRule.RANGES: ["It lasts 3-14 days.", "It lasts 3 – 14 days.", "Take 2—4."],
    CheckRule.CHANCE: [
        "Side effects are rare.",
        "Nausea is common.",
        "You are likely to get better.",
        "Fits are very uncommon.",
    ],
    CheckRule.BOTH_GROUPS: [
        "After 4 weeks, 69 out of 100 people on Spravato were better.",
        "After one dose, sleepiness came to 10 out of 100.",
    ],
    CheckRule.TIMEFRAME: ["On Spravato it was 69 out of 100, and 52 out of 100 on placebo."],
}
FINE = {
    CheckRule.OUT_OF_100: [
        "20 out of 100 people had nausea.",
        "Of 100 people, 20 had nausea.",
        "Of 100 people, 100 had nausea, and 3 of 3 came back.",
        "You pay $500 out of 400.",
        "It is a study from 1994 of 20 rats.",
        "In a study of 41 people, 59 out of 100 responded.",
        "In a group of 8 women, 18 to 40 years old, it was so.",
        "In 2023, out of 100 people, 5 had nausea.",
        "It is 500 out of 1 million people.",
        "It is 3 out of 1.5 million.",
        "It is 200 out of 1 000.",
        "It is 2,000 out of 1,000,000.",
        "It was 9 of 1,000.",
        "Spravato came in 2019.",
        "One in 2019, one in 2020.",
        "Medicare pays 80% of the bill.",
        "Use 0.9% salt water.",
        "In 1 of 222 people, fewer than 1 out of 100.",
        "In a study of 30 people.",
        "Fewer than 1 of 1,000 people.",
        "Phase 1 in adults.",
    ],
    CheckRule.ABSOLUTE: [
        "Take it twice a week.",
        "Depression was at least halved in 69 out of 100 people.",
        "It binds 1,000 times more tightly.",
        "Two halves of one drug.",
        "Your risk depends on your heart.",
    ],
    CheckRule.WHOLE_NUMBERS: ["It passes in 1.5 hours.", "0.5 mg for each kilogram."],
    CheckRule.RANGES: [
        "It lasts 3 to 14 days.",
        "Call 1-800-662-4357.",
        "Call 555-0100.",
        "The 5-HT2A lock.",
        "On 2026-11-21.",
        "MM120-300 was a trial.",
    ],
    CheckRule.CHANCE: [
        "Nausea is common: 28 out of 100 people had it.",
        "Fits are rare. We have no good number.",
        "Side effects were most common in week 1.",
        "It is likelihood, not truth.",
    ],
    CheckRule.BOTH_GROUPS: [
        "On Spravato it was 69 out of 100, and 52 out of 100 on placebo, after 4 weeks.",
        "About 8 out of 100 US adults had depression in 2021.",
        "Of people on Spravato, 1 out of 100 passed out. We have no figure for placebo.",
    ],
    CheckRule.TIMEFRAME: [
        "On Spravato it was 69 out of 100 after 4 weeks, and 52 out of 100 on placebo.",
        "About 8 out of 100 US adults have depression.",
    ],
}


def cases(table):
    return [(rule, text) for rule, texts in table.items() for text in texts]


@pytest.mark.parametrize(("rule", "text"), cases(ERRORS))
def test_it_stops_numbers_that_mislead(rule, text):
    assert get_severity(text, rule) == "error"


@pytest.mark.parametrize(("rule", "text"), cases(WARNINGS))
def test_it_warns_of_numbers_that_are_hard_to_read(rule, text):
    assert get_severity(text, rule) == "warning"


@pytest.mark.parametrize(("rule", "text"), cases(FINE))
def test_it_lets_good_numbers_through(rule, text):
    assert get_severity(text, rule) == ""


@pytest.mark.parametrize("form", ["treated", "compared"])
def test_a_drawn_in_count_needs_its_other_half(form):
    make_finding(slug="sick")
    alone = f"Over 4 weeks it was {{{{finding:sick|{form}}}}}."
    [problem] = get_text_problems(alone, CheckRule.BOTH_GROUPS)
    other = {"treated": "compared", "compared": "treated"}[form]
    assert (problem.severity, f"finding:sick|{other}" in problem.message) == ("error", True)
    assert (
        get_text_problems(f"{alone} There {{{{finding:sick|{other}}}}}.", CheckRule.BOTH_GROUPS)
        == []
    )


def test_the_other_half_in_another_paragraph_is_too_far():
    make_finding(slug="sick")
    text = "Here {{finding:sick|treated}}.\n\nThere {{finding:sick|compared}}."
    assert len(get_text_problems(text, CheckRule.BOTH_GROUPS)) == 2


def test_drawn_in_counts_need_their_time():
    make_finding(slug="sick")
    counts = "It was {{finding:sick|treated}} and {{finding:sick|compared}}"
    assert get_severity(f"{counts}.", CheckRule.TIMEFRAME) == "warning"
    assert get_severity(f"{counts} over 4 weeks.", CheckRule.TIMEFRAME) == ""
    assert get_severity("{{finding:sick|sentence}}", CheckRule.TIMEFRAME) == ""


def test_a_definition_may_use_words_for_chance():
    assert get_problems(make_term(meaning="A common word."), CheckRule.CHANCE) == []


def test_a_source_named_with_digits_is_no_number():
    assert get_problems(make_faq(answer="It is rare.[^moss-2020-1]"), CheckRule.CHANCE)
