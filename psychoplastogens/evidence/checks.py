"""What a page may rest on: sources and numbers that readers can see, and that still hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from psychoplastogens.editorial.checks import Problem, checks, dates, error, shortened, warning
from psychoplastogens.editorial.models import Publishable, Status
from psychoplastogens.editorial.rules import Rule
from psychoplastogens.evidence.models import (
    Claim,
    Finding,
    LinkCheck,
    Source,
    SpineChange,
    Subject,
)

Use = tuple[str, Publishable]
"""The path of a field, and the source or number that it rests on."""

UNSAID = "Say who paid for the study, or “not stated in what we read”."
CARRIES_NUMBERS = {Source.Kind.ARTICLE, Source.Kind.LABEL, Source.Kind.REGISTRY}
"""What a number may rest on: not news, and no page of a clinic or a maker."""

checks(Source, Finding, SpineChange, Claim)(dates)


@checks(Source)
def source(record: Source) -> Iterator[Problem]:
    """Readers must be able to find it, at an address that answers."""
    if not record.link and not record.seen_via:
        message = "Give a DOI or an address, or say where a copy was read."
        yield warning(Rule.CITED, "url", message)
    for link in LinkCheck.objects.of([record.link]).to_look_at():
        field = "doi" if record.doi else "url"
        yield warning(Rule.LINKS, field, f"{link.problem} {link.suggested_fix}", link.address)


@checks(Source)
def paid_for(record: Source) -> Iterator[Problem]:
    """Who paid for a study stands with each number from people that it gave."""
    if not record.funding and record.findings.filter(subject=Subject.PEOPLE).exists():
        yield error(Rule.FUNDER, "funding", UNSAID)


@checks(Finding)
def of_whom(record: Finding) -> Iterator[Problem]:
    """A number from people says who paid, and comes from where numbers may come from."""
    source = record.source
    if record.subject == Subject.PEOPLE and not source.funding:
        yield error(Rule.FUNDER, "source", f"{source.slug}: {UNSAID}")
    if source.kind not in CARRIES_NUMBERS:
        kind = source.get_kind_display().lower()
        message = (
            f"“{source.slug}” is a {kind}. Take the number from the paper, the label or the "
            "register, or say why it can not be had there."
        )
        yield warning(Rule.CITED, "source", message)


@checks(Finding, SpineChange)
def number(record: Finding | SpineChange) -> Iterator[Problem]:
    yield from rests_on([("source", record.source)])


@checks(Claim)
def claim(record: Claim) -> Iterator[Problem]:
    sources = list(record.sources.order_by("slug"))
    if not sources:
        yield error(Rule.CITED, "sources", "Name a source that says whether the claim holds.")
    yield from rests_on([("sources", source) for source in sources])


def rests_on(uses: Iterable[Use]) -> Iterator[Problem]:
    """What is wrong with the sources and numbers that a record uses, each said once.

    A number brings its own source. One query, whatever the number of uses.
    """
    places: dict[Publishable, list[str]] = {}
    for field, used in uses:
        for record in (used, *_sources_of(used)):
            places.setdefault(record, []).append(field)
    broken = _broken_links(record for record in places if isinstance(record, Source))
    for record, fields in places.items():
        yield from _unusable(record, fields)
        if isinstance(record, Source) and record.link in broken:
            yield _dead(record, broken[record.link], fields)


def _sources_of(used: Publishable) -> list[Source]:
    return [] if isinstance(used, Source) else [used.source]


def _broken_links(sources: Iterable[Source]) -> dict[str, LinkCheck]:
    links = {source.link for source in sources if source.link}
    return {link.address: link for link in LinkCheck.objects.of(links).broken()}


def _unusable(record: Publishable, fields: list[str]) -> Iterator[Problem]:
    name = f"{record._meta.verbose_name} “{record.slug}”"
    where = _also(fields)
    if record.status == Status.WITHDRAWN:
        message = f"The {name} was withdrawn: {record.withdrawn_because} Use another.{where}"
        yield error(Rule.CITED, fields[0], message, record.slug)
    elif not record.is_published:
        message = (
            f"The {name} is not published, so readers do not see it here. Publish it first, or "
            f"use another.{where}"
        )
        yield error(Rule.CITED, fields[0], message, record.slug)
    if isinstance(record, Source):
        yield from _untrusted(record, name, fields[0], where)


def _untrusted(record: Source, name: str, field: str, where: str) -> Iterator[Problem]:
    if record.is_retracted:
        message = (
            f"The {name} was retracted. Nothing may rest on it: cite another, or take out what "
            f"it was cited for.{where}"
        )
        yield error(Rule.CITED, field, message, record.slug)
    if record.verified != Source.Verified.SEEN:
        message = (
            f"Nobody has read the {name} for this site. Read it and mark it as read, or cite "
            f"another.{where}"
        )
        yield warning(Rule.CITED, field, message, record.slug)


def _dead(record: Source, link: LinkCheck, fields: list[str]) -> Problem:
    message = (
        f"Readers cannot open the source “{record.slug}”. {link.problem} {link.suggested_fix}"
        f"{_also(fields)}"
    )
    return warning(Rule.LINKS, fields[0], message, link.address)


def _also(fields: list[str]) -> str:
    """The other places, in brackets."""
    others = list(dict.fromkeys(fields))[1:]
    return f" (Also in {shortened(', '.join(others), 200)}.)" if others else ""
