"""The registry of checks, and the dates."""

from datetime import timedelta

import pytest
from django.utils import timezone

from psychoplastogens.content.models import Compound, Explainer, Faq
from psychoplastogens.editorial.workflow import checks
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.editorial.workflow.checks import (
    Problem,
    Severity,
    error,
    find_problems,
    warning,
)
from tests.check_helpers import get_problems
from tests.factories import (
    make_claim,
    make_compound,
    make_explainer,
    make_faq,
    make_finding,
    make_source,
    make_term,
    make_topic,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def registry(monkeypatch):
    """An empty registry, for checks of this test alone."""
    monkeypatch.setattr(checks, "_checks", [])


def days(count):
    return timezone.localdate() + timedelta(days=count)


def test_errors_come_first_and_the_order_is_that_of_the_checks(registry):
    @checks.register_check(Faq)
    def two(record):
        yield warning(CheckRule.CHANCE, "answer", "First warning")
        yield error(CheckRule.CITED, "answer", "First error")

    @checks.register_check(Faq)
    def one(record):
        yield error(CheckRule.DATES, "review_due", "Second error")

    messages = [problem.message for problem in find_problems(make_faq())]
    assert messages == ["First error", "Second error", "First warning"]


def test_a_check_is_asked_only_about_its_kinds_and_once(registry):
    @checks.register_check(Faq, Compound)
    @checks.register_check(Faq)
    def one(record):
        yield error(CheckRule.DATES, record.slug, "Wrong")

    assert len(find_problems(make_faq())) == 1
    assert len(find_problems(make_compound())) == 1
    assert find_problems(make_topic()) == []


def test_a_check_that_fails_is_not_passed_over(registry):
    @checks.register_check(Faq)
    def broken(record):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        find_problems(make_faq())


def test_of_thousands_alike_the_first_are_told(registry):
    @checks.register_check(Faq)
    def many(record):
        for number in range(5_000):
            yield error(CheckRule.CITED, "answer", f"Number {number}")
        yield warning(CheckRule.CITED, "summary", "Elsewhere")

    found = find_problems(make_faq())
    assert len(found) == checks.MAX_SIMILAR_PROBLEMS + 1
    assert found[0].message == "Number 0"
    assert found[-1].message == "Elsewhere"


def test_what_is_said_names_its_rule_and_fits_on_a_line():
    problem = error(CheckRule.CITED, "answer", "Cite it.", "word\n\n " * 400)
    assert problem == Problem(
        Severity.ERROR, CheckRule.CITED, "answer", "Cite it.", problem.excerpt
    )
    assert problem.rule == "D8 Cite sources"
    assert len(problem.excerpt) <= checks.EXCERPT_LENGTH
    assert problem.excerpt.startswith("word word") and problem.excerpt.endswith("…")


FACTS = {
    "a cited text": lambda: make_faq(answer="So.[^one]"),
    "a number in a text": lambda: make_faq(answer="{{finding:one}}"),
    "a status in a text": lambda: make_faq(answer="{{status:one}}"),
    "a cited part": lambda: make_explainer({"plain": "So.[^one]"}),
    "a number": make_finding,
    "a claim": make_claim,
}


def make_compound_with_number(name):
    compound = make_compound()
    getattr(compound, name).add(make_finding(evidence_checked_on=days(0)))
    return compound


@pytest.mark.parametrize("make", FACTS.values(), ids=FACTS)
def test_what_rests_on_a_source_says_when_its_sources_were_compared(make):
    found = get_problems(make(), CheckRule.DATES)
    assert [problem.field for problem in found] == ["evidence_checked_on"]
    assert {problem.severity for problem in found} == {Severity.ERROR}


@pytest.mark.parametrize("name", ["pictured", "findings"])
def test_a_compound_with_a_number_says_it_too(name):
    assert get_problems(make_compound_with_number(name), CheckRule.DATES)


@pytest.mark.parametrize("make", [make_faq, make_source, make_compound, make_term])
def test_where_there_is_nothing_to_compare_nobody_has_to_say_when(make):
    assert get_problems(make(), CheckRule.DATES) == []


def test_a_day_that_is_long_ago_stops_no_text_without_sources():
    assert get_problems(make_term(evidence_checked_on=days(-900)), CheckRule.DATES) == []


@pytest.mark.parametrize("make", [make_term, make_source])
def test_a_day_that_has_not_come_stops_every_text(make):
    assert get_problems(make(evidence_checked_on=days(1)), CheckRule.DATES)


def test_a_group_of_questions_states_no_facts():
    assert find_problems(make_topic()) == []


@pytest.mark.parametrize("count", [0, -1, -366])
def test_evidence_compared_within_a_year_is_well(count):
    faq = make_faq(answer="So.[^one]", evidence_checked_on=days(count), review_due=days(1))
    assert get_problems(faq, CheckRule.DATES) == []


@pytest.mark.parametrize(("count", "words"), [(-367, "12 months ago"), (1, "not come yet")])
def test_evidence_compared_long_ago_or_some_day_is_not(count, words):
    [problem] = get_problems(
        make_faq(answer="So.[^one]", evidence_checked_on=days(count)), CheckRule.DATES
    )
    assert words in problem.message
    assert problem.excerpt == str(days(count))


@pytest.mark.parametrize("due", [None, -1, 400])
def test_the_day_of_the_next_review_stops_no_approval(due):
    """Only an approval can set it: an overdue page must not be shut out from its review."""
    due = due if due is None else days(due)
    assert (
        get_problems(make_faq(evidence_checked_on=days(0), review_due=due), CheckRule.DATES) == []
    )


def test_a_problem_names_its_place_as_forms_do(monkeypatch):
    made = make_explainer({"slug": "risks", "title": "Risks"})
    paths = ["sections[risks].plain", "sections[1].plain", "summary", "sections[gone].plain", "?"]
    found = [checks.error(CheckRule.DATES, path, "So.") for path in paths]
    monkeypatch.setattr(checks, "_checks", [(Explainer, lambda record: found)])
    names = [problem.place for problem in checks.find_problems(made)]
    part = "Section “Risks”: Plain text"
    assert names == [part, part, "Summary", "sections[gone].plain", "?"]
