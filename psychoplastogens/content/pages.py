"""The prose of one page, filled in: citations numbered in reading order, terms, figures.

Whatever the number of texts, their sources, terms and findings are fetched in three queries, their
statuses in one more, and only through `published()`: what the public may not read yet leaves no
trace on a page. A status alone leaves words: the sentence that holds it would be broken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from psychoplastogens.content import prose
from psychoplastogens.content.models import STATUS_UNAVAILABLE, CompoundStatus, GlossaryTerm
from psychoplastogens.delivery.crisis import COUNTRIES
from psychoplastogens.evidence.models import Finding, Source, Subject

_MARKER = re.compile(
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


class Prose:
    """The prose of one page.

    `texts` are its Markdown texts, `findings` the findings drawn outside them and `also` the slugs
    of sources named elsewhere, all in reading order: they decide the numbers of the sources.
    `heading` is the level at which headings in the texts stand on this page. `listed_on` is the
    address of the page that lists the sources, where that is another one.

    `clinic` may be set before anything is read: HTML with the phone of the clinic in whose list
    the page stands. Every call-clinic card begins with it, as every emergency card begins with
    who to call.
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
        named = [reference for text in texts if text for reference in prose.references(text)]
        self.findings = {
            finding.slug: finding
            for finding in Finding.objects.published()
            .with_source()
            .filter(slug__in=_slugs(named, "finding"))
        }
        self.findings |= {finding.slug: finding for finding in findings}
        self.terms = {
            term.slug: term
            for term in GlossaryTerm.objects.published().filter(slug__in=_slugs(named, "term"))
        }
        compounds = _slugs(named, "status")
        self.statuses = CompoundStatus.objects.to_tell(compounds) if compounds else {}
        cited = [*self._cited(named, findings), *also]
        known = {s.slug: s for s in Source.objects.published().filter(slug__in=set(cited))}
        self.sources = [known[slug] for slug in dict.fromkeys(cited) if slug in known]
        self.numbers = {source.slug: n for n, source in enumerate(self.sources, start=1)}
        self._opened: set[str] = set()
        self._said = ""
        self._heading = heading
        self._listed_on = listed_on

    def _cited(self, named, findings):
        for reference in named:
            if reference.kind == "source":
                yield reference.slug
            elif reference.kind == "finding" and reference.slug in self.findings:
                yield self.findings[reference.slug].source.slug
            elif reference.kind == "status" and reference.slug in self.statuses:
                yield self.statuses[reference.slug].source.slug
        yield from (finding.source.slug for finding in findings)

    def html(self, text: str) -> SafeString:
        """`text` as the public may read it."""
        self._said = ""
        skeleton = prose.skeleton(text or "")
        if self._heading != 3:
            skeleton = _HEADING.sub(rf"\1h{self._heading}>", skeleton)
        filled = _MARKER.sub(self._fill, skeleton)
        return mark_safe(_CALLOUT.sub(self._open_callout, filled))  # noqa: S308 - sanitised by prose

    def line(self, text: str) -> SafeString:
        """A text of one paragraph, without the paragraph around it."""
        html = self.html(text)
        if html.startswith("<p>") and html.count("<p>") == 1 and html.endswith("</p>\n"):
            return mark_safe(html[3:-5])  # noqa: S308 - html() is safe, and so is a part of it
        return html

    def _fill(self, match: re.Match[str]) -> str:
        if match["edge"]:
            self._said = ""
            return match["edge"]
        if match["cite"]:
            return self._cite_in_text(match["cite"], match["seen"])
        if match["term"] is not None:
            return self._term(match["term"], match["shown"])
        if match["status"]:
            return self._status(match["status"])
        return self._finding(match["finding"], match["form"])

    def cite(self, slug: str, seen: str = "", again: bool = False) -> str:
        """The number of a source, after a badge that says in whom or what it was seen.

        `again` shortens the badge to its mark; its words are still there by ear.
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

    def _cite_in_text(self, slug: str, seen: str) -> str:
        """As `cite`; a badge that the same paragraph has just shown in words is shortened."""
        again = bool(seen) and seen == self._said
        self._said = seen or self._said
        return self.cite(slug, seen, again)

    def _term(self, slug: str, shown: str) -> str:
        """The first use of a term on a page opens it; later ones are plain words."""
        term = self.terms.get(slug)
        if not term or slug in self._opened:
            return shown
        self._opened.add(slug)
        return format_html(
            '<a class="term" href="{0}" hx-get="{0}fragment/" hx-target="#gloss">{1}</a>',
            term.get_absolute_url(),
            mark_safe(shown),  # noqa: S308 - escaped by the skeleton
        )

    def _finding(self, slug: str, form: str) -> str:
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
        return escape(finding.sentence) + self._cite_in_text(finding.source.slug, seen)

    def _status(self, slug: str) -> str:
        status = self.statuses.get(slug)
        if not status:
            return escape(gettext(STATUS_UNAVAILABLE))
        return escape(status.words) + self.cite(status.source.slug)

    def _open_callout(self, match: re.Match[str]) -> str:
        name = match["name"]
        icon = render_to_string("content/_callout_icon.html", {"name": name})
        first = {"call-clinic": self.clinic, "emergency": calls()}.get(name, "")
        return f'<aside class="callout {name}">{icon}{match["title"]}{first}'


def calls() -> str:
    """What to tap in an emergency: somebody to talk to, and the emergency number."""
    return render_to_string("_calls.html", {"crisis": COUNTRIES[settings.CRISIS_COUNTRY]})


def _slugs(named: list[prose.Reference], kind: str) -> set[str]:
    return {reference.slug for reference in named if reference.kind == kind}
