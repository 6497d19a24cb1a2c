"""Render the prose of one page: citations numbered in reading order, terms, figures.

The sources, terms and findings of all texts are fetched in three queries, statuses in one more, and
only through `published()`: unpublished records leave no trace on a page. An unpublished status is
replaced by words that keep its sentence whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from psychoplastogens.content.models import STATUS_UNAVAILABLE, CompoundStatus, GlossaryTerm
from psychoplastogens.content.rendering import markdown
from psychoplastogens.delivery.crisis_lines import CRISIS_COUNTRIES
from psychoplastogens.evidence.models import Finding, Source, Subject

_PLACEHOLDER = re.compile(
    r'<i data-(?:cite="(?P<cite>[a-z0-9-]+)" data-seen="(?P<seen>[a-z]*)"'
    r'|finding="(?P<finding>[a-z0-9-]+)" data-form="(?P<form>[a-z]+)"'
    r'|status="(?P<status>[a-z0-9-]+)"'
    r'|term="(?P<term>[\w-]*)")>(?P<shown>[^<]*)</i>'
    r"|(?P<edge></(?:p|li)>)"
)
_HEADING = re.compile(r"(</?)h3>")
_CALLOUT = re.compile(
    r'<aside data-callout="(?P<name>[a-z-]+)">(?P<title><p><strong>[^<]*</strong></p><div>)'
)


class ProseRenderer:
    """Renders the prose of one page.

    `texts` are its Markdown texts, `findings` those drawn outside of them, and `also` the slugs of
    sources cited elsewhere on the page. All are in reading order, which numbers the sources.
    `heading` is the level of headings in the texts. `listed_on` is the address of the page that
    lists the sources, if that is another page.

    `clinic` may be set before rendering: HTML with the phone of the clinic whose reading list
    shows the page. Call-clinic callouts begin with it, emergency callouts with the crisis lines.
    """

    clinic = SafeString("")

    def __init__(
        self,
        texts: Iterable[str],
        findings: Iterable[Finding] = (),
        also: Iterable[str] = (),
        heading: int = 3,
        listed_on: str = "",
    ):
        texts = list(texts)
        named = [
            reference for text in texts if text for reference in markdown.iter_references(text)
        ]
        self.findings = {
            finding.slug: finding
            for finding in Finding.objects.published()
            .with_source()
            .filter(slug__in=_get_slugs(named, "finding"))
        }
        self.findings |= {finding.slug: finding for finding in findings}
        self.terms = {
            term.slug: term
            for term in GlossaryTerm.objects.published().filter(slug__in=_get_slugs(named, "term"))
        }
        compounds = _get_slugs(named, "status")
        self.statuses = CompoundStatus.objects.quotable(compounds) if compounds else {}
        cited = [*self._iter_cited_slugs(named, findings), *also]
        known = {s.slug: s for s in Source.objects.published().filter(slug__in=set(cited))}
        self.sources = [known[slug] for slug in dict.fromkeys(cited) if slug in known]
        self.numbers = {source.slug: n for n, source in enumerate(self.sources, start=1)}
        self._linked_terms: set[str] = set()
        self._last_badge = ""
        self._heading = heading
        self._listed_on = listed_on

    def _iter_cited_slugs(self, named, findings):
        for reference in named:
            if reference.kind == "source":
                yield reference.slug
            elif reference.kind == "finding" and reference.slug in self.findings:
                yield self.findings[reference.slug].source.slug
            elif reference.kind == "status" and reference.slug in self.statuses:
                yield self.statuses[reference.slug].source.slug
        yield from (finding.source.slug for finding in findings)

    def render(self, text: str) -> SafeString:
        """The HTML of a Markdown text."""
        self._last_badge = ""
        skeleton = markdown.render_with_placeholders(text or "")
        if self._heading != 3:
            skeleton = _HEADING.sub(rf"\1h{self._heading}>", skeleton)
        filled = _PLACEHOLDER.sub(self._fill_placeholder, skeleton)
        return mark_safe(_CALLOUT.sub(self._render_callout_start, filled))  # noqa: S308 - sanitised by prose

    def render_line(self, text: str) -> SafeString:
        """The HTML of a text of one paragraph, without its <p>."""
        html = self.render(text)
        if html.startswith("<p>") and html.count("<p>") == 1 and html.endswith("</p>\n"):
            return mark_safe(html[3:-5])  # noqa: S308 - render() is safe, and so is a part of it
        return html

    def _fill_placeholder(self, match: re.Match[str]) -> str:
        if match["edge"]:
            self._last_badge = ""
            return match["edge"]
        if match["cite"]:
            return self._render_citation(match["cite"], match["seen"])
        if match["term"] is not None:
            return self._render_term(match["term"], match["shown"])
        if match["status"]:
            return self._render_status(match["status"])
        return self._render_finding(match["finding"], match["form"])

    def cite(self, slug: str, seen: str = "", again: bool = False) -> str:
        """The number of a source, after a badge for what was studied (people, animals, cells).

        `again` shortens the badge to its icon; screen readers still get its words.
        """
        number = self.numbers.get(slug)
        if not number:
            return ""
        badge = ""
        if seen:
            badge = render_to_string("evidence/_badge.html", {"seen": seen, "again": again})
        label = gettext("Source %(number)s") % {"number": number}
        link = f'<a href="{self._listed_on}#s{number}" aria-label="{label}">{number}</a>'
        return f"{badge.strip()}<sup>{link}</sup>"

    def _render_citation(self, slug: str, seen: str) -> str:
        """As `cite`, with a short badge if the paragraph has just shown the same one in words."""
        again = bool(seen) and seen == self._last_badge
        self._last_badge = seen or self._last_badge
        return self.cite(slug, seen, again)

    def _render_term(self, slug: str, shown: str) -> str:
        """Link the first use of a term on a page; later uses are plain words."""
        term = self.terms.get(slug)
        if not term or slug in self._linked_terms:
            return shown
        self._linked_terms.add(slug)
        return format_html(
            '<a class="term" href="{0}" hx-get="{0}fragment/" hx-target="#gloss">{1}</a>',
            term.get_absolute_url(),
            mark_safe(shown),  # noqa: S308 - escaped by the skeleton
        )

    def _render_finding(self, slug: str, form: str) -> str:
        finding = self.findings.get(slug)
        if not finding:
            return ""
        if form == "block":
            return render_to_string("evidence/_finding.html", {"finding": finding, "prose": self})
        if form == "treated":
            return finding.treated
        if form == "compared":
            return finding.compared
        seen = finding.subject if finding.subject != Subject.NONE else ""
        return escape(finding.sentence) + self._render_citation(finding.source.slug, seen)

    def _render_status(self, slug: str) -> str:
        status = self.statuses.get(slug)
        if not status:
            return escape(gettext(STATUS_UNAVAILABLE))
        return escape(status.words) + self.cite(status.source.slug)

    def _render_callout_start(self, match: re.Match[str]) -> str:
        name = match["name"]
        icon = render_to_string("content/_callout_icon.html", {"name": name})
        first = {"call-clinic": self.clinic, "emergency": render_emergency_calls()}.get(name, "")
        return f'<aside class="callout {name}">{icon}{match["title"]}{first}'


def render_emergency_calls() -> str:
    """Links to call in an emergency: the main crisis line and the emergency number."""
    return render_to_string(
        "_emergency_calls.html", {"crisis": CRISIS_COUNTRIES[settings.CRISIS_COUNTRY]}
    )


def _get_slugs(named: list[markdown.ProseReference], kind: str) -> set[str]:
    return {reference.slug for reference in named if reference.kind == kind}
