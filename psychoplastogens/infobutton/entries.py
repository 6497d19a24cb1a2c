"""A page as an entry of an answer: made from the same record as the page, with its dates.

In a summary there is room for what comes first, whole paragraphs and points only. Numbers keep
their comparison, what was seen in animals or cells says so, and a text that names suicide begins
with who to call.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import nh3
from django.conf import settings
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from psychoplastogens.content.crisis import mentions_suicide
from psychoplastogens.content.models import (
    STATUS_UNAVAILABLE,
    Compound,
    CompoundStatus,
    Condition,
    Explainer,
    Faq,
    GlossaryTerm,
    Section,
)
from psychoplastogens.content.rendering import markdown
from psychoplastogens.content.review_sentences import describe_review_briefly
from psychoplastogens.content.schema_org import build_absolute_url
from psychoplastogens.delivery import crisis_lines
from psychoplastogens.editorial.models import Publishable, current_language
from psychoplastogens.evidence.models import Finding, Source
from psychoplastogens.handouts.links import get_handout_url
from psychoplastogens.walkthrough.models import Walkthrough

MAX_SUMMARY_LENGTH, MAX_OPENING_LENGTH = 1_500, 320
"""Characters of HTML."""
MAX_NAMES, MAX_SOURCES = 6, 8
HELP_KIND = "help"
"""The kind of the entry that says who to call; it is no record."""

ENTRY_MODELS = {
    "compound": Compound,
    "condition": Condition,
    "explainer": Explainer,
    "faq": Faq,
    "walkthrough": Walkthrough,
    "term": GlossaryTerm,
}
_MARKER = re.compile(
    r'<i data-(?:cite="(?P<cite>[a-z0-9-]+)" data-seen="(?P<seen>[a-z]*)"'
    r'|finding="(?P<finding>[a-z0-9-]+)" data-form="(?P<form>[a-z]+)"'
    r'|status="(?P<status>[a-z0-9-]+)"'
    r'|term="[\w-]*")>(?P<shown>[^<]*)</i>'
)
_BLOCK_END = re.compile(r"</(?:p|li)>")
_BETWEEN_BLOCKS = re.compile(r">[ \t]*\n\s*<")
_LEAD_IN = re.compile(r"(?:<p>[^<]*:</p>|<h3>(?:(?!<h3>).)*</h3>)\s*$", re.DOTALL)


@dataclass(frozen=True)
class FeedEntry:
    """One page. `address` is its path, `handout` that of its PDF, `sources` (title, path) of each.

    `opening` is the first paragraph or point of `summary`, safe HTML like it.
    """

    kind: str
    key: UUID | None
    title: str
    address: str
    opening: SafeString
    summary: SafeString
    updated: date
    published: date
    sources: tuple[tuple[str, str], ...] = ()
    handout: str = ""
    language: str = field(default_factory=current_language)

    @property
    def names_suicide(self) -> bool:
        """Whether the page is about suicide or self-harm: then help comes before it."""
        return mentions_suicide(self.title)


def build_entries(pages: Iterable[tuple[str, UUID]]) -> dict[tuple[str, UUID], FeedEntry]:
    """The entries of those of these pages that readers may read, in one query for each kind."""
    records = dict(_iter_published_records(pages))
    texts = [_get_main_text(record) for record in records.values()]
    renderer = PlainProseRenderer(texts)
    return {page: _build_entry(page, record, renderer) for page, record in records.items()}


def build_help_entry(country: str) -> FeedEntry:
    """Who to call in a crisis, in `country` (two letters) or else where this site is for."""
    known = (
        crisis_lines.CRISIS_COUNTRIES.get(country)
        or crisis_lines.CRISIS_COUNTRIES[settings.CRISIS_COUNTRY]
    )
    lines = format_html_join(
        "",
        '<li><a href="{}">{}</a>: {}</li>',
        ((line.address, line.action, line.about) for line in known.lines),
    )
    opening = format_html("<p>{}</p>", _("You are worth the call."))
    return FeedEntry(
        HELP_KIND,
        None,
        _("Help now: who to call"),
        reverse("content:help_now"),
        opening,
        format_html("{}<ul>{}</ul>", opening, lines),
        updated=crisis_lines.NUMBERS_CHECKED_ON,
        published=crisis_lines.NUMBERS_CHECKED_ON,
    )


def _iter_published_records(pages) -> Iterator[tuple[tuple[str, UUID], Publishable | Section]]:
    keys = defaultdict(list)
    for kind, key in pages:
        keys[kind].append(key)
    for kind, model in ENTRY_MODELS.items():
        if keys[kind]:
            for record in model.objects.published().filter(pk__in=keys[kind]):
                yield (kind, record.pk), record
    if keys["section"]:
        guides = Explainer.objects.published()
        sections = Section.objects.filter(pk__in=keys["section"], explainer__in=guides)
        for section in sections.select_related("explainer"):
            yield ("section", section.pk), section


def _get_main_text(record) -> str:
    """The Markdown that a summary is cut from."""
    texts = ("key_points", "answer", "meaning", "plain")
    return next(getattr(record, name) for name in texts if hasattr(record, name))


def _build_entry(page, record, renderer: PlainProseRenderer) -> FeedEntry:
    owner = record.explainer if isinstance(record, Section) else record
    body, sources = renderer.render(_get_main_text(record))
    brand = getattr(record, "brand", "")
    lead = format_html("<p>{}</p>", record.summary) if hasattr(record, "summary") else ""
    return FeedEntry(
        *page,
        title=f"{record} ({brand})" if brand else str(record),
        address=record.get_absolute_url(),
        opening=lead or mark_safe(_truncate_html(body, MAX_OPENING_LENGTH)),  # noqa: S308 - from nh3
        summary=_build_summary(lead, body, _get_other_names(record), sources, owner),
        updated=owner.changed_on,
        published=owner.written_on,
        sources=tuple((source.title, source.get_absolute_url()) for source in sources),
        handout=get_handout_url(record),
    )


def _get_other_names(record) -> list[str]:
    names = [getattr(record, "short_name", ""), *getattr(record, "other_names", ())]
    names += getattr(record, "synonyms", ())
    return [name for name in names if name][:MAX_NAMES]


def _build_summary(lead: str, body: str, names, sources: list[Source], owner) -> SafeString:
    before = lead
    if mentions_suicide(f"{lead} {body}"):
        line = crisis_lines.CRISIS_COUNTRIES[settings.CRISIS_COUNTRY].lines[0]
        call = '<p><a href="{}">{}</a>. {}</p>'
        before = format_html(call, line.address, line.action, line.about) + before
    after = ""
    if names:
        also = _("Also called: %(names)s.") % {"names": ", ".join(names)}
        after += format_html('<p class="also-called">{}</p>', also)
    if sources:
        listed = "; ".join(dict.fromkeys(source.short for source in sources))
        after += format_html('<p class="sources">{}</p>', _("Sources: %s.") % listed)
    after += format_html('<p class="attribution">{}</p>', describe_review_briefly(owner))
    room = MAX_SUMMARY_LENGTH - len(before) - len(after)
    return mark_safe(before + _truncate_html(body, room) + after)  # noqa: S308 - nh3, format_html


def _truncate_html(html: str, most: int) -> str:
    """As many whole paragraphs and points of `html` as `most` characters hold."""
    if len(html) <= most:
        return html
    room = most - len("</ul>")
    ends = [match.end() for match in _BLOCK_END.finditer(html) if match.end() <= room]
    kept = _LEAD_IN.sub("", html[: ends[-1]]) if ends else ""
    return nh3.clean(
        kept, tags=PlainProseRenderer.TAGS, attributes=PlainProseRenderer.ATTRIBUTES, link_rel=None
    )


class PlainProseRenderer:
    """Prose without numbers of sources and without terms to open, for readers elsewhere.

    The sources and findings that `texts` name are fetched in two queries, statuses in one more.
    """

    TAGS = {"p", "ul", "ol", "li", "a", "strong", "em", "h3"}
    ATTRIBUTES = {"a": {"href"}}
    SCHEMES = {"https", "http", "mailto", "tel", "sms"}

    def __init__(self, texts: Iterable[str]):
        named = [reference for text in texts for reference in markdown.iter_references(text)]
        kinds = ("source", "finding", "status")
        slugs = {kind: {r.slug for r in named if r.kind == kind} for kind in kinds}
        findings = Finding.objects.published().with_source().with_slugs(slugs["finding"])
        self.findings = {finding.slug: finding for finding in findings}
        told = CompoundStatus.objects.quotable(slugs["status"]) if slugs["status"] else {}
        self.statuses = told
        sources = slugs["source"] | {
            used.source.slug for used in (*self.findings.values(), *told.values())
        }
        self.sources = {s.slug: s for s in Source.objects.published().with_slugs(sources)}

    def render(self, text: str) -> tuple[str, list[Source]]:
        """`text` as safe HTML with whole addresses, and the sources that it names, in order."""
        named: dict[str, None] = {}

        def fill(match: re.Match[str]) -> str:
            if slug := match["cite"]:
                named[slug] = None
                return self._describe_subject(match["seen"])
            if slug := match["finding"]:
                return self._render_finding(slug, match["form"], named)
            if slug := match["status"]:
                return self._render_status(slug, named)
            return match["shown"]

        html = nh3.clean(
            _MARKER.sub(fill, markdown.render_with_placeholders(text)),
            tags=self.TAGS,
            attributes=self.ATTRIBUTES,
            url_schemes=self.SCHEMES,
            url_relative=("rewrite_with_base", build_absolute_url("/")),
            link_rel=None,
        )
        html = _BETWEEN_BLOCKS.sub("><", html).strip()
        return html, [self.sources[s] for s in named if s in self.sources][:MAX_SOURCES]

    def _describe_subject(self, where: str) -> str:
        """What the badge of the page says of animals and cells; people go without saying."""
        said = {"animals": _("Seen in animals"), "cells": _("Seen in cells")}
        return escape(f" ({said[where]}.)") if where in said else ""

    def _render_finding(self, slug: str, form: str, named: dict[str, None]) -> str:
        finding = self.findings.get(slug)
        if not finding:
            return ""
        named[finding.source.slug] = None
        if form in ("treated", "compared"):
            return escape(getattr(finding, form))
        said = escape(finding.sentence) + self._describe_subject(finding.subject)
        paid = escape(finding.source.paid_by)
        return f"<p>{said} {paid}".rstrip() + "</p>" if form == "block" else said

    def _render_status(self, slug: str, named: dict[str, None]) -> str:
        status = self.statuses.get(slug)
        if not status:
            return escape(_(STATUS_UNAVAILABLE))
        named[status.source.slug] = None
        return escape(status.words)
