"""The reading of a page: its parts, its cost, and texts meant to hurt."""

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from psychoplastogens.content.checks.checked_page import CheckedPage
from psychoplastogens.content.models import Faq, Section
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.editorial.workflow.checks import find_problems
from tests.check_helpers import get_problems
from tests.content.test_markdown import TEXT
from tests.factories import (
    make_condition,
    make_explainer,
    make_faq,
    make_finding,
    make_source,
    make_spine_change,
    make_term,
    make_walkthrough,
)

pytestmark = pytest.mark.django_db


def section(number):
    return {
        "slug": f"section-{number}",
        "plain": f"Words.[^s-{number}] See [a page](/questions/) and [it](https://a.org/{number}).",
        "more": f"{{{{finding:f-{number}}}}} [[t-{number}]]",
    }


@pytest.mark.parametrize("count", [1, 30])
def test_the_count_of_queries_does_not_grow_with_the_sections(django_assert_num_queries, count):
    for number in range(count):
        source = make_source(slug=f"s-{number}", url=f"https://b.org/{number}")
        make_finding(slug=f"f-{number}", source=source)
        make_term(slug=f"t-{number}", term=f"Term {number}")
    explainer = make_explainer(*map(section, range(count)))
    find_problems(explainer)  # Kinds of pages are read once.
    with django_assert_num_queries(28):
        find_problems(explainer)


@pytest.mark.parametrize("count", [1, 12])
def test_nor_with_the_steps_and_their_checks(django_assert_num_queries, count):
    parts = {"check": {}, "states": [{}, {"slug": "other"}]}
    steps = [{"growth": [make_spine_change()], **parts} for _ in range(count)]
    walkthrough = make_walkthrough(*steps)
    with django_assert_num_queries(22):
        find_problems(walkthrough)


@pytest.mark.parametrize("count", [1, 12])
def test_nor_with_options_and_pictures(django_assert_num_queries, count):
    findings = [make_finding() for _ in range(count)]
    condition = make_condition(
        pictured=findings, findings=findings, options=[{}] * count, evidence=[{}] * count
    )
    with django_assert_num_queries(8):
        find_problems(condition)


def test_the_texts_are_in_reading_order_with_their_paths_and_pages():
    explainer = make_explainer(
        {"slug": "b", "title": "B", "plain": "Two."}, key_points="- One.", summary="Sum."
    )
    found = [(p.field, p.page, p.text, p.is_running_text) for p in CheckedPage(explainer).passages]
    assert found == [
        ("title", "", "The day", False),
        ("summary", "", "Sum.", False),
        ("key_points", "", "- One.", True),
        ("sections[b].title", "sections[b].", "B", False),
        ("sections[b].plain", "sections[b].", "Two.", True),
    ]


def test_a_check_within_a_step_is_named_by_its_place():
    walkthrough = make_walkthrough({"slug": "lock", "check": {"a_because": "It heals."}})
    [problem] = get_problems(walkthrough, CheckRule.NO_SALES)
    assert problem.field == "steps[lock].checks[1].a_because"


def test_it_reads_what_lies_over_the_rows_within_a_transaction():
    explainer = make_explainer({"plain": "Rest."})
    with transaction.atomic():
        explainer.sections.update(plain="It is a miracle.")
        Section.objects.create(explainer=explainer, slug="new", plain="It heals.", order=9)
        assert len(get_problems(explainer, CheckRule.NO_SALES)) == 2
        transaction.set_rollback(True)


def test_it_does_not_trust_what_the_given_record_has_fetched_before():
    explainer = make_explainer({"plain": "It is a miracle."})
    fetched = type(explainer).objects.with_sections().get()
    explainer.sections.update(plain="Rest.")
    assert get_problems(fetched, CheckRule.NO_SALES) == []
    assert fetched.sections.all()[0].plain == "It is a miracle."


def test_the_same_record_has_the_same_problems():
    explainer = make_explainer({"plain": "1 in 5."}, {"more": "A miracle."}, {"plain": "Proven."})
    assert find_problems(explainer) == find_problems(explainer)


BOMBS = [
    *(
        "(",
        "[",
        "[[",
        "[^",
        "{{",
        "[a](",
        "> ",
        "> - ",
        "- ",
        "- a\n\n",
        "#",
        "# a\n",
        ":",
        ":::\n",
    ),
    *(":::advice\n", "*", "`", "_a", "|", '"', "“", "'", "1-", "1 in ", "50% ", "rest ", "a", "\n"),
    *("proven ", "it was done ", "1 out of 100 on ketamine ", "1 of 20 people ", "people failed "),
    *("one or more ", "risk ", "placebo ", "{{finding:x|treated}} ", "www.a ", "\u200b", "\u0301"),
    *("\u2028", "\x0b", "\U0001f9e0", "\u202e", "ſuffer ", "İ", "ı", "ﬁ", "\x85", "\r", "\t"),
]


@pytest.mark.parametrize("piece", BOMBS, ids=repr)
def test_a_long_text_of_anything_is_answered(piece):
    make_term(slug="placebo", term="Placebo ı ſ")
    text = (piece * 30_000)[:30_000]
    find_problems(make_explainer({"plain": text, "more": text + "\nEnd."}))


@settings(max_examples=150, deadline=None)
@given(st.one_of(TEXT, st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_any_text_is_answered(text):
    faq = Faq.objects.first() or make_faq()
    Faq.objects.update(answer=text)
    for problem in find_problems(faq):
        assert problem.rule in CheckRule and problem.message and "\n" not in problem.excerpt


def test_a_text_of_five_megabytes_is_answered():
    text = "- a [^b] 1 in 5 " * 330_000
    assert len(find_problems(make_explainer({"plain": text, "more": text}))) < 20
