import pytest

from psychoplastogens.editorial.models import Status
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from tests.check_helpers import get_problems, get_severity, get_text_problems
from tests.factories import (
    make_compound,
    make_condition,
    make_explainer,
    make_faq,
    make_term,
    make_walkthrough,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def glossary():
    make_term(slug="placebo", term="Placebo", synonyms=["dummy pill"])
    make_term(slug="ect", term="ECT (electroconvulsive therapy)")
    make_term(slug="infusion", term="Infusion (IV)")
    make_term(slug="fda", term="FDA")


@pytest.mark.parametrize(
    "text",
    [
        "It beat placebo.",
        "Placebos did not help.",
        "They had ECT twice.",
        "It beat placebo. Then [[placebo]] won.",
        "It beat placebo.\n\n[[placebo]] is a sham.",
        "PLACEBO",
    ],
)
def test_a_term_is_explained_where_it_first_stands(text):
    assert get_severity(text, CheckRule.EXPLAIN) == "warning"


@pytest.mark.parametrize(
    "text",
    [
        "It beat [[placebo]]. Placebo lost.",
        "It beat [[placebo|the sham]]. Placebo lost.",
        "It beat placebo, a sham drug.",
        "It beat placebo (a sham drug).",
        "A sham drug is called placebo.",
        "**Placebo** means a sham drug.",
        "A dummy pill did nothing.",
        "See [what a placebo is](/glossary/placebo/).",
        "Words.[^placebo-2020] {{finding:placebo}}",
        ":::advice Placebo\nRest.\n:::",
        "An unplaceboed word.",
        "The FDA asked. An IV was set.",
        "",
    ],
)
def test_a_term_that_is_linked_or_explained_is_let_be(text):
    assert get_severity(text, CheckRule.EXPLAIN) == ""


def test_all_terms_of_a_page_are_named_at_once():
    [problem] = get_text_problems("It beat placebo. Then ECT. Then placebo.", CheckRule.EXPLAIN)
    assert "[[placebo]], [[ect]]" in problem.message


def test_each_page_of_a_guide_explains_for_itself():
    explainer = make_explainer(
        {"slug": "a", "plain": "It beat [[placebo]].", "more": "Placebo lost."},
        {"slug": "b", "plain": "Rest.", "more": "Placebo lost."},
    )
    assert [p.field for p in get_problems(explainer, CheckRule.EXPLAIN)] == ["sections[b].more"]


def test_parts_without_a_page_of_their_own_share_one():
    options = [{"good": "Placebo lost.", "hard": "Rest."}]
    assert len(get_problems(make_condition(options=options), CheckRule.EXPLAIN)) == 1
    assert (
        get_problems(make_condition(what_it_is="[[placebo]]", options=options), CheckRule.EXPLAIN)
        == []
    )
    walkthrough = make_walkthrough({"plain": "[[placebo]]", "check": {"a_because": "Placebo."}})
    assert get_problems(walkthrough, CheckRule.EXPLAIN) == []


def test_what_has_a_page_of_its_own_needs_no_link():
    make_term(slug="ketamine", term="Ketamine")
    make_term(slug="depression", term="Depression")
    text = "Ketamine eases depression."
    assert get_severity(text, CheckRule.EXPLAIN) == "warning"
    make_compound(name="Ketamine")
    make_condition(name="Major depression", other_names=["depression"])
    assert get_severity(text, CheckRule.EXPLAIN) == ""


def test_a_term_that_is_not_published_cannot_be_linked():
    make_term(slug="relapse", term="Relapse", status=Status.DRAFT)
    assert get_text_problems("A relapse came.", CheckRule.EXPLAIN) == []


def test_the_glossary_explains_itself():
    assert (
        get_problems(make_term(slug="sham", term="Sham", meaning="A placebo."), CheckRule.EXPLAIN)
        == []
    )


def test_linking_it_clears_it():
    faq = make_faq(answer="It beat placebo.")
    assert get_problems(faq, CheckRule.EXPLAIN)
    faq.answer = "It beat [[placebo]]."
    faq.save()
    assert get_problems(faq, CheckRule.EXPLAIN) == []
