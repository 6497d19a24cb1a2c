"""Words to avoid: said where they are meant, let through where they are not."""

import pytest

from psychoplastogens.editorial.workflow.check_rules import CheckRule
from tests.check_helpers import get_problems, get_severity, get_text_problems
from tests.factories import (
    make_claim,
    make_compound,
    make_explainer,
    make_faq,
    make_finding,
    make_source,
    make_term,
)

pytestmark = pytest.mark.django_db

ERRORS = {
    CheckRule.NO_SALES: [
        "A miracle for many.",
        "It is a breakthrough.",
        "A revolutionary drug.",
        "This is a game-changer.",
        "Results are guaranteed.",
        "Ketamine is clinically proven.",
        "It heals the brain.",
        "A place of healing.",
        "It rewires your brain.",
        "Nerve cells regrow.",
        "It cures depression.",
        "It is completely safe.",
        "It is pro\u00adven to work.",
        "A \u200bmir\u200bacle.",
        "It is PROVEN.",
    ],
    CheckRule.NO_BLAME: [
        "People who suffer from depression.",
        "He is an addict.",
        "Drug abusers may not have it.",
        "People who failed two antidepressants.",
        "Patients failed at least two medicines.",
        "After two failed treatments.",
        "Some patients are non-compliant.",
    ],
    CheckRule.SUICIDE_WORDS: [
        "Two people committed suicide.",
        "Two people committed\u00a0suicide.",
        "One completed suicide.",
        "A failed suicide attempt.",
        "An unsuccessful attempt at suicide.",
        "The suicide epidemic goes on.",
    ],
    CheckRule.SUICIDE_CLAIMS: [
        "Ketamine prevents suicide.",
        "It is an anti-suicidal drug.",
        "It stops thoughts of suicide.",
    ],
}
WARNINGS = {
    CheckRule.NO_SALES: [
        "They call it a “miracle” drug.",
        "It is not proven.",
        'A "cure" they say.',
    ],
    CheckRule.NO_BLAME: ["You may feel crazy.", "Stay clean.", "A history of drug abuse."],
    CheckRule.EXPLAIN: ["Utilize the spray.", "Prior to the visit.", "Adverse events were few."],
    CheckRule.SHOULD: ["You should arrange a ride.", "You shouldn't drive."],
}
FINE = {
    CheckRule.NO_SALES: [
        "There is no cure.",
        "It does not cure depression.",
        "It is healthy to rest.",
        "The FDA named it a breakthrough therapy.",
        "Improve, approved, unproved.",
        "Secure a ride. Obscure words.",
    ],
    CheckRule.NO_BLAME: [
        "Addiction is an illness.",
        "It can be addictive.",
        "PTSD can follow abuse.",
        "The drug failed in a trial.",
        "Heart failure.",
        "Clean the nose first.",
        "SAMHSA, the Substance Abuse and Mental Health agency.",
        "No alcoholic drinks.",
    ],
    CheckRule.SUICIDE_WORDS: ["He died by suicide.", "Thoughts of suicide.", "Commit to a plan."],
    CheckRule.SUICIDE_CLAIMS: [
        "It is not shown to prevent suicide.",
        "Ketamine has never been shown to be anti-suicidal.",
        "Thoughts of suicide eased for some days.",
    ],
    CheckRule.SHOULD: ["What should I ask?", "The shoulder hurts."],
}


def cases(table):
    return [(rule, text) for rule, texts in table.items() for text in texts]


@pytest.mark.parametrize(("rule", "text"), cases(ERRORS))
def test_it_stops_what_must_not_be_said(rule, text):
    assert get_severity(text, rule) == "error"


@pytest.mark.parametrize(("rule", "text"), cases(WARNINGS))
def test_it_asks_for_a_reason(rule, text):
    assert get_severity(text, rule) == "warning"


@pytest.mark.parametrize(("rule", "text"), cases(FINE))
def test_it_lets_through_what_only_looks_like_it(rule, text):
    assert get_severity(text, rule) == ""


def test_it_offers_a_better_word_and_shows_the_sentence():
    [problem] = get_text_problems(
        "Rest. Two people committed suicide. Sleep.", CheckRule.SUICIDE_WORDS
    )
    assert "“committed suicide”" in problem.message
    assert "died by suicide" in problem.message
    assert problem.excerpt == "Two people committed suicide."


def test_a_word_is_told_once_for_each_text():
    assert len(get_text_problems("It is proven. Yes, proven. Proven!", CheckRule.NO_SALES)) == 1


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (make_compound, "summary"),
        (make_compound, "standing_note"),
        (make_explainer, "title"),
        (make_faq, "question"),
        (make_claim, "why"),
        (make_finding, "note"),
        (make_compound, "update_note"),
        (make_compound, "questions_to_ask"),
    ],
)
def test_titles_summaries_notes_and_reasons_are_read_too(make, field):
    [problem] = get_problems(make(**{field: "It is a miracle."}), CheckRule.NO_SALES)
    assert (problem.field, problem.severity) == (field, "error")


def test_what_others_wrote_is_let_be():
    assert get_problems(make_claim(text="It is a proven breakthrough."), CheckRule.NO_SALES) == []
    assert (
        get_problems(make_source(title="A breakthrough", supports="A cure."), CheckRule.NO_SALES)
        == []
    )
    assert get_problems(make_term(term="Breakthrough", meaning="Words."), CheckRule.NO_SALES) == []


def test_a_question_of_readers_may_say_should():
    assert get_problems(make_faq(question="What should I do. Rest."), CheckRule.SHOULD) == []


@pytest.mark.parametrize(
    "text",
    [
        "Read more [here](/questions/).",
        "Read [this](/questions/).",
        "Just click here.",
        "See https://example.org/page.",
        "See www.example.org.",
    ],
)
def test_a_link_says_where_it_goes(text):
    assert get_severity(text, CheckRule.LINK_TEXT) == "warning"


@pytest.mark.parametrize(
    "text",
    [
        "Read [the answers](/questions/).",
        "Read [the label](https://example.org/label).",
        "Read [the FDA page](https://www.fda.gov/drugs/spravato).",
        "Look here, at the nose.",
        "Words.[^here]",
    ],
)
def test_a_good_link_is_let_be(text):
    assert get_severity(text, CheckRule.LINK_TEXT) == ""
