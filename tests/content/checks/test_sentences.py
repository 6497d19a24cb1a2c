import pytest

from psychoplastogens.content.checks.sentences import is_passive
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from tests.check_helpers import get_problems, get_severity, get_text_problems
from tests.factories import make_claim, make_explainer, make_finding, make_term

pytestmark = pytest.mark.django_db

EASY = "You rest in a chair. Staff stay with you. Ask them for help. " * 4
HARD = "Many people receive additional medication. They tolerate it satisfactorily. "
HARDER = "Pharmacological neuroplasticity modulation necessitates interdisciplinary evaluation. "


def test_an_easy_text_is_well():
    assert get_text_problems(EASY, CheckRule.GRADE) == []


def test_a_text_that_is_too_hard_is_an_error_and_shows_its_hardest_sentences():
    [problem] = get_text_problems(EASY + HARDER * 6, CheckRule.GRADE)
    assert problem.severity == "error"
    assert problem.excerpt.startswith("Pharmacological neuroplasticity")
    assert "aim for 6" in problem.message


def test_a_text_that_is_hard_is_a_warning():
    assert get_severity(EASY + HARD * 8, CheckRule.GRADE) == "warning"


def test_of_a_few_words_nothing_is_said():
    assert get_text_problems(HARDER * 2, CheckRule.GRADE) == []


def test_a_word_of_the_glossary_counts_like_any_other():
    make_term(term="Neuroplasticity", slug="neuroplasticity")
    assert get_text_problems("Neuroplasticity may change. " * 24 + EASY, CheckRule.GRADE)


def test_each_section_has_its_own_grade():
    explainer = make_explainer({"plain": EASY}, {"slug": "hard", "more": HARDER * 6})
    assert [p.field for p in get_problems(explainer, CheckRule.GRADE)] == ["sections[hard].more"]


def test_the_reasons_of_a_claim_are_graded():
    assert [p.field for p in get_problems(make_claim(why=HARDER * 6), CheckRule.GRADE)] == ["why"]


def test_long_sentences_are_shown_once_for_a_text():
    twenty = " ".join(["word"] * 20)
    assert get_text_problems(f"{twenty}.", CheckRule.SHORT_SENTENCES) == []
    [problem] = get_text_problems(f"And {twenty}. Rest. Then {twenty}.", CheckRule.SHORT_SENTENCES)
    assert problem.severity == "warning"
    assert problem.message.startswith("2 sentences of more than 20 words")
    assert problem.excerpt.startswith("And word word")


def test_a_long_sentence_made_from_a_number_is_shown_on_its_page_and_on_the_number():
    long = make_finding(slug="long", happened=" ".join(["word"] * 14))
    make_finding(slug="short", happened="slept")
    for form in ("", "|sentence"):
        text = f"{{{{finding:long{form}}}}}\n\n{{{{finding:short{form}}}}}"
        [problem] = get_text_problems(text, CheckRule.SHORT_SENTENCES)
        assert problem.excerpt.startswith("After 4 weeks, 69 out of 100 people on the spray word")
        assert problem.message.startswith("1 sentence of")
    assert [p.field for p in get_problems(long, CheckRule.SHORT_SENTENCES)] == ["happened"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Your pulse is checked.",
        "It was not shown in people.",
        "The dose has been quickly given.",
        "Rats were then taught.",
    ],
)
def test_it_finds_the_passive(sentence):
    assert is_passive(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Staff check your pulse.",
        "It is called a synapse.",
        "It is not approved.",
        "You may feel tired.",
        "They are in bed.",
        "It is red.",
        "Nobody knows why.",
    ],
)
def test_it_leaves_the_active_alone(sentence):
    assert not is_passive(sentence)


def test_a_page_with_many_passives_is_told_once():
    active, passive = "Staff check your pulse. ", "Your pulse is checked. "
    assert get_text_problems(active * 16 + passive * 4, CheckRule.ACTIVE) == []
    [problem] = get_text_problems(active * 15 + passive * 5, CheckRule.ACTIVE)
    assert problem.message.startswith("5 of 20 sentences")


def test_of_a_few_sentences_nothing_is_said():
    assert get_text_problems("Your pulse is checked. " * 9, CheckRule.ACTIVE) == []


def test_the_pages_of_an_explainer_are_counted_apart():
    active, passive = "Staff check your pulse. ", "Your pulse is checked. "
    explainer = make_explainer(
        {"plain": active * 40}, {"slug": "passive", "plain": passive * 6, "more": active * 6}
    )
    assert [p.field for p in get_problems(explainer, CheckRule.ACTIVE)] == [
        "sections[passive].plain"
    ]
