"""Is every paragraph of fact cited, and is there everything that the texts name?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from psychoplastogens.content.checks.checked_page import CheckedPage, Passage, get_visible_text
from psychoplastogens.content.models import (
    STATUS_UNAVAILABLE,
    Compound,
    CompoundStatus,
    GlossaryTerm,
)
from psychoplastogens.content.models.prose_model import ProseModel
from psychoplastogens.content.rendering import readability
from psychoplastogens.content.rendering.published_references import SOURCE_LANGUAGE
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.editorial.workflow.checks import Problem, check_dates, error, warning
from psychoplastogens.evidence.checks import check_evidence_used
from psychoplastogens.evidence.models import Finding, Source

ADVICE_CALLOUTS = {"advice", "call-clinic", "emergency"}
"""Callouts with advice, which hold no medical facts."""

_CITES = re.compile(
    r"\[\^[a-z0-9-]"
    r"|\{\{[ \t]*(?:finding:[a-z0-9-]+(?:\|sentence)?|status:[a-z0-9-]+)[ \t]*\}\}"
)

_DRUGS = r"(?:\w*ketamine|spravato|psilocybin|mdma|lsd|ibogaine)"
_FACTS = re.compile(
    rf"""
    \b(?:some|many|most|few|half|several|all|none)[ ](?:of[ ](?:the[ ])?)?
        (?:people|patients|adults|men|women|veterans|children|teens|users|studies|trials)\b
    |\bout[ ]of[ ]\d|\b\d+[ ](?:of|in)[ ](?:every[ ])?\d+[ ](?:people|patients)\b
    |\b(?:stud(?:y|ies)|trials?|research)[ ](?:show|find|found|suggest|compar|report|saw)
    |\bin[ ](?:a|one|the|two|some)[ ](?:\w+[ ])?(?:study|studies|trials?)\b|\bplacebo\b
    |\d[ ]?(?:%|percent)
    |\b{_DRUGS}[ ](?:\w+[ ])?(?:causes?|lowers?|raises?|lasts?|works?|helps?|wears?|slows?|blocks?
        |treats?|cures?|affects?|leads?)\b
    |\bside[ ]effects?[ ](?:of[ ]\w+[ ])?(?:are|include)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def is_cited(block: str) -> bool:
    """Whether a block cites a source, or holds a number or a status, which bring their own."""
    return bool(_CITES.search(block))


def check_evidence_day(page: CheckedPage) -> Iterator[Problem]:
    """When the sources were last compared, where the page rests on any."""
    yield from check_dates(page.record, page.rests_on_sources)


def check_paragraphs_are_cited(page: CheckedPage) -> Iterator[Problem]:
    """Each paragraph of facts needs a source; advice, headings and “Not known” do not."""
    for passage in page.prose:
        assert isinstance(passage.row, ProseModel)
        if passage.name not in passage.row.citation_optional:
            yield from _check_passage(passage)


def _check_passage(passage: Passage) -> Iterator[Problem]:
    for callout, block in passage.blocks:
        if callout in ADVICE_CALLOUTS or block.startswith(("#", "Not known")) or is_cited(block):
            continue
        message = (
            "Nothing in this paragraph is cited. Put a source behind the fact (button “Source”). "
            "What to do or whom to ask goes into a box (button “Box”, “Advice”)."
        )
        yield error(CheckRule.CITED, passage.field, message, block)


def check_advice_states_no_facts(page: CheckedPage) -> Iterator[Problem]:
    """A box of advice needs no source, so what reads like a fact does not belong in it."""
    message = (
        "This reads like a fact, and nothing in a box of advice is checked for a source. Put the "
        "source behind it, or move it out of the box."
    )
    for passage in page.prose:
        for callout, block in passage.blocks:
            if callout in ADVICE_CALLOUTS and not is_cited(block):
                sentences = readability.split_sentences(get_visible_text(block))
                if fact := next(filter(_states_fact, sentences), ""):
                    yield warning(CheckRule.CITED, passage.field, message, fact)


def _states_fact(sentence: str) -> bool:
    is_question = sentence.lower().startswith("ask ") or "?" in sentence[-3:]
    return not is_question and bool(_FACTS.search(sentence))


def check_named_records(page: CheckedPage) -> Iterator[Problem]:
    """Every source, number, term and status that the page names must be published."""
    uses = list(page.iter_evidence_uses())
    evidence: dict[str, QuerySet[Any]] = {
        "source": Source.objects.all(),
        "finding": Finding.objects.with_source(),
    }
    for kind, records in evidence.items():
        places = _get_fields_by_slug(page, kind)
        language = SOURCE_LANGUAGE if kind == "source" else page.record.language
        known = _map_by_slug(records, language, places)
        for slug, fields in places.items():
            if slug in known:
                uses += [(field, known[slug]) for field in fields]
            else:
                yield _report_missing(kind, slug, fields[0])
    yield from check_evidence_used(uses)
    yield from _check_terms(page)
    yield from _check_statuses(page)


def _get_fields_by_slug(page: CheckedPage, kind: str) -> dict[str, list[str]]:
    """The fields in which each slug of a kind is named, in reading order."""
    found: dict[str, list[str]] = {}
    for passage in page.prose:
        for reference in passage.references:
            if reference.kind == kind:
                found.setdefault(reference.slug, []).append(passage.field)
    return found


def _map_by_slug(records: QuerySet[Any], language: str, slugs: Iterable[str]) -> dict[str, Any]:
    """Those of `records` with one of `slugs`, in this language."""
    found = records.filter(slug__in=list(slugs), language=language)
    return {record.slug: record for record in found}


def _report_missing(kind: str, slug: str, field: str) -> Problem:
    message = f"There is no {kind} “{slug}”. Correct the name, or write the {kind} first."
    return error(CheckRule.CITED, field, message, slug)


def _check_terms(page: CheckedPage) -> Iterator[Problem]:
    places = _get_fields_by_slug(page, "term")
    known = _map_by_slug(GlossaryTerm.objects.all(), page.record.language, places)
    for slug, fields in places.items():
        if slug not in known:
            yield _report_missing("term", slug, fields[0])
        elif known[slug].is_withdrawn:
            message = (
                f"The term “{slug}” was withdrawn: {known[slug].withdrawn_because} Use another, or "
                "take the brackets away and explain the word."
            )
            yield error(CheckRule.EXPLAIN, fields[0], message, slug)
        elif not known[slug].is_published:
            message = (
                f"The term “{slug}” is not published, so nothing opens here. Send it with this "
                "text, or take the brackets away and explain the word."
            )
            yield warning(CheckRule.EXPLAIN, fields[0], message, slug)


def _check_statuses(page: CheckedPage) -> Iterator[Problem]:
    places = _get_fields_by_slug(page, "status")
    if not places:
        return
    known = _map_by_slug(Compound.objects.all(), page.record.language, places)
    told = CompoundStatus.objects.quotable(list(places))
    for slug, fields in places.items():
        if slug not in known:
            yield _report_missing("compound", slug, fields[0])
        elif slug not in told:
            message = (
                f"Readers see “{STATUS_UNAVAILABLE}” here: “{slug}” is not published, or no US row "
                "under its “Status by country” has its standing, its date and a published source."
            )
            yield error(CheckRule.CITED, fields[0], message, slug)
