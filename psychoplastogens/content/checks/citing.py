"""Is every paragraph of fact cited, and is there everything that the texts name?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from psychoplastogens.content.checks.page import Page, Passage
from psychoplastogens.content.models import (
    STATUS_UNAVAILABLE,
    Compound,
    CompoundStatus,
    GlossaryTerm,
)
from psychoplastogens.editorial.checks import Problem, error, warning
from psychoplastogens.editorial.models import Publishable
from psychoplastogens.editorial.rules import Rule
from psychoplastogens.evidence.checks import rests_on
from psychoplastogens.evidence.models import Finding, Source

ADVICE = {"advice", "call-clinic", "emergency"}
"""Callouts that say what to do and whom to ask: no facts of medicine."""

_CITES = re.compile(
    r"\[\^[a-z0-9-]"
    r"|\{\{[ \t]*(?:finding:[a-z0-9-]+(?:\|sentence)?|status:[a-z0-9-]+)[ \t]*\}\}"
)


def is_cited(block: str) -> bool:
    """A citation, a drawn number, or a number's sentence or a status, which bring their source."""
    return bool(_CITES.search(block))


def uncited(page: Page) -> Iterator[Problem]:
    """Each paragraph of fact needs its source; advice, headings and definitions do not."""
    for passage in page.prose:
        if passage.name not in passage.row.may_be_bare:
            yield from _uncited(passage)


def _uncited(passage: Passage) -> Iterator[Problem]:
    for callout, block in passage.blocks:
        if callout in ADVICE or block.startswith("#") or is_cited(block):
            continue
        message = (
            "Nothing in this paragraph is cited. Put [^source] behind the fact. What to do or "
            "whom to ask goes between :::advice and :::."
        )
        yield error(Rule.CITED, passage.field, message, block)


def named(page: Page) -> Iterator[Problem]:
    """Every source, number, term and status that the record names must be there for readers."""
    uses = list(page.uses())
    for kind, model in (("source", Source), ("finding", Finding)):
        places = _places(page, kind)
        known = _known(model, page, places)
        for slug, fields in places.items():
            if slug in known:
                uses += [(field, known[slug]) for field in fields]
            else:
                yield _missing(kind, slug, fields[0])
    yield from rests_on(uses)
    yield from _terms(page)
    yield from _statuses(page)


def _places(page: Page, kind: str) -> dict[str, list[str]]:
    """The fields in which each slug of a kind is named, in reading order."""
    found: dict[str, list[str]] = {}
    for passage in page.prose:
        for reference in passage.references:
            if reference.kind == kind:
                found.setdefault(reference.slug, []).append(passage.field)
    return found


def _known(model: type[Publishable], page: Page, slugs: Iterable[str]) -> dict[str, Publishable]:
    records = model.objects.filter(slug__in=list(slugs), language=page.record.language)
    if model is Finding:
        records = records.with_source()
    return {record.slug: record for record in records}


def _missing(kind: str, slug: str, field: str) -> Problem:
    message = f"There is no {kind} “{slug}”. Correct the name, or write the {kind} first."
    return error(Rule.CITED, field, message, slug)


def _terms(page: Page) -> Iterator[Problem]:
    places = _places(page, "term")
    known = _known(GlossaryTerm, page, places)
    for slug, fields in places.items():
        if slug not in known:
            yield _missing("term", slug, fields[0])
        elif known[slug].is_withdrawn:
            message = (
                f"The term “{slug}” was withdrawn: {known[slug].withdrawn_because} Use another, or "
                "take the brackets away and explain the word."
            )
            yield error(Rule.EXPLAIN, fields[0], message, slug)
        elif not known[slug].is_published:
            message = (
                f"The term “{slug}” is not published, so nothing opens here. Publish it, or take "
                "the brackets away and explain the word."
            )
            yield warning(Rule.EXPLAIN, fields[0], message, slug)


def _statuses(page: Page) -> Iterator[Problem]:
    places = _places(page, "status")
    if not places:
        return
    known = _known(Compound, page, places)
    told = CompoundStatus.objects.to_tell(list(places))
    for slug, fields in places.items():
        if slug not in known:
            yield _missing("compound", slug, fields[0])
        elif slug not in told:
            message = (
                f"Readers see “{STATUS_UNAVAILABLE}” here: “{slug}” is not published, or no US row "
                "under its “Status by country” has its standing, its date and a published source."
            )
            yield error(Rule.CITED, fields[0], message, slug)
