"""Checks of evidence: pages may only use sources and numbers that are published and hold up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from psychoplastogens.editorial.models import Publishable, Status, get_title_field
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.editorial.workflow.checks import (
    Problem,
    check_dates,
    error,
    register_check,
    shorten,
    warning,
)
from psychoplastogens.evidence.models import Claim, Finding, LinkCheck, Source, SpineChange, Subject

Evidence = Source | Finding | SpineChange
FieldUse = tuple[str, Evidence]
"""The path of a field, and the source or number that it uses."""

STATES_ON_THE_WAY: dict[str, str] = {
    Status.IN_REVIEW: " (it is in review already)",
    Status.APPROVED: " (it is approved already)",
}
FUNDING_MISSING = "Say who paid for the study, or “not stated in what we read”."
NUMBER_SOURCE_KINDS = {Source.Kind.ARTICLE, Source.Kind.LABEL, Source.Kind.REGISTRY}
"""Kinds of source that a number may come from: not news, nor web pages."""

register_check(Finding, SpineChange, Claim)(check_dates)


@register_check(Source)
def check_source_date(record: Source) -> Iterator[Problem]:
    """A source rests on no other: the day is checked where there is one."""
    if record.evidence_checked_on:
        yield from check_dates(record)


@register_check(Source)
def check_source(record: Source) -> Iterator[Problem]:
    """Readers must be able to find the source, at an address that works."""
    if not record.link and not record.seen_via:
        message = "Give a DOI or an address, or say where a copy was read."
        yield warning(CheckRule.CITED, "url", message)
    for link in LinkCheck.objects.for_addresses([record.link]).needing_attention():
        field = "doi" if record.doi else "url"
        yield warning(CheckRule.LINKS, field, f"{link.problem} {link.suggested_fix}", link.address)


@register_check(Source)
def check_source_funding(record: Source) -> Iterator[Problem]:
    """A source of numbers from people must say who paid for the study."""
    if not record.funding and record.findings.filter(subject=Subject.PEOPLE).exists():
        yield error(CheckRule.FUNDER, "funding", FUNDING_MISSING)


@register_check(Finding)
def check_finding_source(record: Finding) -> Iterator[Problem]:
    """The source of a number says who paid, and is of a kind that numbers may come from."""
    source = record.source
    if record.subject == Subject.PEOPLE and not source.funding:
        yield error(CheckRule.FUNDER, "source", f"{source.slug}: {FUNDING_MISSING}")
    if source.kind and source.kind not in NUMBER_SOURCE_KINDS:
        kind = source.get_kind_display().lower()
        message = (
            f"“{source.slug}” is a {kind}. Take the number from the paper, the label or the "
            "register, or say why it can not be had there."
        )
        yield warning(CheckRule.CITED, "source", message)


@register_check(Finding, SpineChange)
def check_subject(record: Finding | SpineChange) -> Iterator[Problem]:
    """A study in people gives numbers of people, unless its source holds several."""
    counted = record.subject if isinstance(record, Finding) else Subject.ANIMALS
    source = record.source
    if source.has_subject and source.subject != counted:
        message = (
            f"The number is said to be from “{Subject(counted).label}”, and its source "
            f"“{source.slug}” from “{source.get_subject_display()}”. Correct what is wrong."
        )
        yield warning(CheckRule.CITED, "source", message)


@register_check(Finding, SpineChange)
def check_number(record: Finding | SpineChange) -> Iterator[Problem]:
    yield from check_evidence_used([("source", record.source)])


@register_check(Claim)
def check_claim(record: Claim) -> Iterator[Problem]:
    sources = list(record.sources.order_by("slug"))
    if not sources:
        yield error(CheckRule.CITED, "sources", "Name a source that says whether the claim holds.")
    yield from check_evidence_used([("sources", source) for source in sources])


def check_evidence_used(uses: Iterable[FieldUse]) -> Iterator[Problem]:
    """Problems of the sources and numbers that a record uses, each reported once.

    The source of a number is checked too. One query, whatever the number of uses.
    """
    places: dict[Evidence, list[str]] = {}
    for field, used in uses:
        for record in (used, *_sources_of(used)):
            places.setdefault(record, []).append(field)
    broken = _broken_links(record for record in places if isinstance(record, Source))
    for record, fields in places.items():
        yield from _check_is_published(record, fields)
        if isinstance(record, Source) and record.link in broken:
            yield _report_dead_link(record, broken[record.link], fields)


def _sources_of(used: Evidence) -> list[Source]:
    return [] if isinstance(used, Source) else [used.source]


def _broken_links(sources: Iterable[Source]) -> dict[str, LinkCheck]:
    links = {source.link for source in sources if source.link}
    return {link.address: link for link in LinkCheck.objects.for_addresses(links).broken()}


def _check_is_published(record: Publishable, fields: list[str]) -> Iterator[Problem]:
    name = f"{record._meta.verbose_name} “{get_title(record)}”"
    where = _format_other_fields(fields)
    if record.status == Status.WITHDRAWN:
        message = f"The {name} was withdrawn: {record.withdrawn_because} Use another.{where}"
        yield error(CheckRule.CITED, fields[0], message, record.slug)
    elif not record.is_published:
        state = STATES_ON_THE_WAY.get(record.status, "")
        message = (
            f"The {name} is not published{state}, so readers do not see it here. Send it along, "
            f"publish it first, or use another.{where}"
        )
        yield error(CheckRule.CITED, fields[0], message, record.slug)
    if isinstance(record, Source):
        yield from _check_is_trustworthy(record, name, fields[0], where)


def get_title(record: Publishable) -> str:
    """What people call a source or a number."""
    return shorten(getattr(record, get_title_field(type(record))).rstrip(". "), 100)


def _check_is_trustworthy(record: Source, name: str, field: str, where: str) -> Iterator[Problem]:
    if record.is_retracted:
        message = (
            f"The {name} was retracted. Nothing may rest on it: cite another, or take out what "
            f"it was cited for.{where}"
        )
        yield error(CheckRule.CITED, field, message, record.slug)
    if record.verified != Source.Verified.SEEN:
        message = (
            f"Nobody has read the {name} for this site. Read it and mark it as read, or cite "
            f"another.{where}"
        )
        yield warning(CheckRule.CITED, field, message, record.slug)


def _report_dead_link(record: Source, link: LinkCheck, fields: list[str]) -> Problem:
    message = (
        f"Readers cannot open the source “{record.slug}”. {link.problem} {link.suggested_fix}"
        f"{_format_other_fields(fields)}"
    )
    return warning(CheckRule.LINKS, fields[0], message, link.address)


def _format_other_fields(fields: list[str]) -> str:
    """ " (Also in ...)" for all fields but the first."""
    others = list(dict.fromkeys(fields))[1:]
    return f" (Also in {shorten(', '.join(others), 200)}.)" if others else ""
