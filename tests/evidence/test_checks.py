"""What pages may rest on: sources and numbers that are there, and that still hold."""

import pytest

from psychoplastogens.editorial.models import Status
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.editorial.workflow.checks import find_problems
from psychoplastogens.evidence.models import Source
from tests.check_helpers import get_problems
from tests.factories import (
    make_claim,
    make_compound,
    make_condition,
    make_explainer,
    make_faq,
    make_finding,
    make_link,
    make_source,
    make_spine_change,
    make_user,
    make_walkthrough,
)

pytestmark = pytest.mark.django_db

UNREAD = Source.Verified.FROM_KNOWLEDGE


def withdrawn(record):
    record.withdraw(by=make_user(), reason="The trial was stopped.")
    return record


WAYS = {
    "a text": lambda s: make_faq(answer=f"Words.[^{s.slug}]"),
    "a section": lambda s: make_explainer({"plain": f"Words.[^{s.slug}]"}),
    "a step": lambda s: make_walkthrough({"plain": f"Words.[^{s.slug}:people]"}),
    "a status": lambda s: make_compound(statuses=[{"source": s}]),
    "a number in a text": lambda s: make_faq(
        answer=f"{{{{finding:{make_finding(source=s).slug}}}}}"
    ),
    "a number that is drawn": lambda s: make_condition(pictured=[make_finding(source=s)]),
    "a number in a table": lambda s: make_compound(findings=[make_finding(source=s)]),
    "a number": lambda s: make_finding(source=s),
    "a study of spines": lambda s: make_spine_change(source=s),
    "studies of a step": lambda s: make_walkthrough({"growth": [make_spine_change(source=s)]}),
    "a claim": lambda s: make_claim(sources=[s]),
}
BAD = {
    "a draft": ({"status": Status.DRAFT}, "error", "is not published"),
    "in review": ({"status": Status.IN_REVIEW}, "error", "(it is in review already)"),
    "approved": ({"status": Status.APPROVED}, "error", "(it is approved already)"),
    "retracted": ({"is_retracted": True}, "error", "was retracted"),
    "never read": ({"verified": UNREAD}, "warning", "Nobody has read"),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_whatever_rests_on_a_bad_source_says_so(way, bad):
    fields, severity, words = bad
    record = way(make_source(slug="moss-2020", **fields))
    [problem] = [p for p in get_problems(record, CheckRule.CITED) if p.excerpt == "moss-2020"]
    assert (problem.severity, words in problem.message) == (severity, True)
    assert "source “A study”" in problem.message


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_whatever_rests_on_a_good_source_does_not(way):
    record = way(make_source(slug="moss-2020"))
    assert [p for p in get_problems(record, CheckRule.CITED) if p.excerpt == "moss-2020"] == []


def test_a_withdrawn_source_says_why():
    source = withdrawn(make_source(slug="moss-2020"))
    [problem] = get_problems(make_faq(answer=f"Words.[^{source.slug}]"), CheckRule.CITED)
    assert problem.severity == "error"
    assert "was withdrawn: The trial was stopped." in problem.message


@pytest.mark.parametrize("status", [Status.DRAFT, Status.IN_REVIEW, Status.APPROVED])
def test_a_number_that_is_not_published_is_an_error(status):
    make_finding(slug="sleepy", status=status)
    [problem] = get_problems(make_faq(answer="{{finding:sleepy}}"), CheckRule.CITED)
    assert (problem.severity, problem.field) == ("error", "answer")
    assert "finding “Depression halved” is not published" in problem.message


def test_a_bad_source_is_named_once_with_all_its_places():
    make_source(slug="moss-2020", is_retracted=True)
    text = "Words.[^moss-2020]"
    [problem] = get_problems(
        make_explainer({"plain": text, "more": text}, {"plain": text}), CheckRule.CITED
    )
    assert problem.field == "sections[part-0].plain"
    assert "(Also in sections[part-0].more, sections[part-1].plain.)" in problem.message


def test_a_claim_without_a_source_is_an_error():
    [problem] = get_problems(make_claim(), CheckRule.CITED)
    assert (problem.severity, problem.field) == ("error", "sources")


def test_a_source_that_nobody_can_find_is_told_of():
    assert [p.field for p in get_problems(make_source(), CheckRule.CITED)] == ["url"]
    for found in ({"doi": "10.1000/182"}, {"url": "https://a.org/"}, {"seen_via": "A copy."}):
        assert get_problems(make_source(**found), CheckRule.CITED) == []


@pytest.mark.parametrize(("state", "count"), [("broken", 1), ("ok", 0), ("pending", 0)])
def test_a_page_tells_of_the_dead_link_of_a_source(state, count):
    make_source(slug="moss-2020", doi="10.1000/182")
    make_link("https://doi.org/10.1000/182", state)
    found = get_problems(make_faq(answer="Words.[^moss-2020]"), CheckRule.LINKS)
    assert len(found) == count
    for problem in found:
        assert problem.severity == "warning"
        assert problem.excerpt == "https://doi.org/10.1000/182"


def test_pages_are_not_told_of_links_that_only_refuse_machines():
    make_source(slug="moss-2020", url="https://a.org/")
    make_link("https://a.org/", "caution")
    assert get_problems(make_faq(answer="Words.[^moss-2020]"), CheckRule.LINKS) == []


@pytest.mark.parametrize(("state", "count"), [("broken", 1), ("caution", 1), ("ok", 0)])
def test_the_source_itself_tells_of_both(state, count):
    source = make_source(url="https://a.org/")
    make_link("https://a.org/", state)
    found = get_problems(source, CheckRule.LINKS)
    assert [p.field for p in found] == ["url"] * count


@pytest.mark.parametrize("count", [1, 40])
def test_the_count_of_queries_does_not_grow_with_the_sources(django_assert_num_queries, count):
    claim = make_claim(sources=[make_source(url=f"https://a.org/{n}") for n in range(count)])
    with django_assert_num_queries(4):
        find_problems(claim)


def contradictions(record):
    return [p for p in find_problems(record) if "Correct what is wrong." in p.message]


@pytest.mark.parametrize("counted", ["people", "animals", "cells"])
@pytest.mark.parametrize("seen", ["people", "animals", "cells", "none"])
def test_a_number_from_others_than_its_source_looked_at_is_told_of(counted, seen):
    finding = make_finding(subject=counted, source=make_source(subject=seen))
    assert bool(contradictions(finding)) is (seen not in (counted, "none"))


@pytest.mark.parametrize(("seen", "count"), [("people", 1), ("animals", 0), ("none", 0)])
def test_spines_are_counted_in_animals(seen, count):
    assert len(contradictions(make_spine_change(source=make_source(subject=seen)))) == count
