"""Render the prose of one page: citations numbered in reading order, terms, figures."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from markdown_it.renderer import RendererHTML

from psychoplastogens.content.models import STATUS_UNAVAILABLE
from psychoplastogens.content.rendering import markdown
from psychoplastogens.content.rendering.icons import (
    get_icon_sheet,
    render_badge,
    render_icon,
    render_source_number,
)
from psychoplastogens.content.rendering.published_references import PublishedReferences
from psychoplastogens.content.rendering.safe_html import parse_to_html
from psychoplastogens.delivery.crisis_lines import get_crisis_country
from psychoplastogens.evidence.models import Finding, Subject

CALLOUT_ICONS = {"call-clinic": "i-phone", "emergency": "i-alert"}


class ProseRenderer:
    """Renders the prose of one page.

    `texts` are its Markdown texts, `findings` those drawn outside of them and any others at hand,
    and `also` the slugs of sources cited elsewhere on the page. All are in reading order, which
    numbers the sources. `heading` is the level of headings in the texts. `listed_on` is the
    address of the page that lists the sources, if that is another page.

    `clinic` may be set before rendering: HTML with the phone of the clinic whose reading list
    shows the page. Call-clinic callouts begin with it, emergency callouts with the crisis lines.

    `link_part` gives the attributes of a link that shows a part of the picture of the page, by its
    name; "" for a part that is not there. Without it, words that name parts are plain words.
    """

    clinic = SafeString("")

    def __init__(
        self,
        texts: Iterable[str],
        findings: Iterable[Finding] = (),
        also: Iterable[str] = (),
        heading: int = 3,
        listed_on: str = "",
        link_part: Callable[[str], str] = lambda name: "",
    ):
        references = PublishedReferences(texts, findings, also)
        self.sources = list(references.sources.values())
        self._page = PageRenderer(references, listed_on, link_part)
        self._heading = heading

    def render(self, text: str) -> SafeString:
        """The HTML of a Markdown text."""
        return self._render(text, is_line=False)

    def render_line(self, text: str) -> SafeString:
        """The HTML of a text of one paragraph, without its <p>."""
        return self._render(text, is_line=True)

    def render_citation(self, slug: str, seen: str = "") -> SafeString:
        """The number of a source, after a badge for what was studied (people, animals, cells)."""
        return self._page.render_citation(slug, seen)

    def _render(self, text: str, is_line: bool) -> SafeString:
        tokens = parse_to_html(text or "", self._heading, is_line)
        rendered = markdown.render(tokens, self._page, {"clinic": self.clinic})
        return mark_safe(rendered)  # noqa: S308 - cleaned by parse_to_html, escaped by PageRenderer


class PageRenderer(RendererHTML):
    """HTML of the tokens of `parse_to_html`, one method per addition.

    One instance renders all texts of a page, in reading order. `env` of each text has `clinic` (see
    `ProseRenderer`), and remembers the last badge.
    """

    def __init__(
        self, references: PublishedReferences, listed_on: str, link_part: Callable[[str], str]
    ):
        # Its parent would look through all of its members for the names of tokens.
        self.rules = {name: getattr(self, name) for name in ("html_block", *markdown.ADDITIONS)}
        self._link_part = link_part
        self._references = references
        self._listed_on = listed_on
        self._linked_terms: set[str] = set()
        self._language = get_language()
        self._icon_sheet = get_icon_sheet()

    def citation(self, tokens, index, options, env) -> str:
        meta = tokens[index].meta
        return self._cite_in_text(meta["slug"], meta["seen"], meta, env)

    def glossary_term(self, tokens, index, options, env) -> str:
        """Link the first use of a term on a page; later uses are plain words."""
        slug = tokens[index].meta["slug"]
        words = _escape_words(tokens[index].meta["words"])
        term = self._references.terms.get(slug)
        if not term or slug in self._linked_terms:
            return words
        self._linked_terms.add(slug)
        address = escape(term.get_absolute_url())
        ways = f'href="{address}" hx-get="{address}fragment/" hx-target="#gloss"'
        return f'<a class="term" {ways}>{words}</a>'

    def picture_part(self, tokens, index, options, env) -> str:
        """A link that shows the part in the picture; plain words where there is none."""
        words = _escape_words(tokens[index].meta["words"])
        link = self._link_part(tokens[index].meta["name"])
        return format_html('<a class="word" {}>{}</a>', link, words) if link else words

    def finding(self, tokens, index, options, env) -> str:
        meta = tokens[index].meta
        finding = self._references.findings.get(meta["slug"])
        if not finding:
            return ""
        if meta["form"] in ("treated", "compared"):
            return escape(getattr(finding, meta["form"]))
        seen = finding.subject if finding.subject != Subject.NONE else ""
        return escape(finding.sentence) + self._cite_in_text(finding.source.slug, seen, meta, env)

    def finding_block(self, tokens, index, options, env) -> str:
        finding = self._references.findings.get(tokens[index].meta["slug"])
        if not finding:
            return "\n"
        return (
            render_to_string("evidence/_finding.html", {"finding": finding, "prose": self}) + "\n"
        )

    def status(self, tokens, index, options, env) -> str:
        meta = tokens[index].meta
        status = self._references.statuses.get(meta["slug"])
        if not status:
            return escape(gettext(STATUS_UNAVAILABLE))
        number = self.render_citation(status.source.slug, is_link=not meta["in_link"])
        return escape(status.words) + number

    def callout_open(self, tokens, index, options, env) -> str:
        name, title = tokens[index].meta["name"], tokens[index].meta["title"]
        if name == "advice":
            return '<div data-callout="advice">\n'
        return format_html(
            '<aside class="callout {}">{}\n<p><strong>{}</strong></p><div>{}\n',
            name,
            render_icon(CALLOUT_ICONS.get(name, "i-leaf")),
            _escape_words(gettext(title) if title == markdown.CALLOUTS[name] else title),
            _render_first_words(name, title, env["clinic"]),
        )

    def callout_close(self, tokens, index, options, env) -> str:
        return "</div>\n" if tokens[index].meta["name"] == "advice" else "</div></aside>\n"

    def render_citation(
        self, slug: str, seen: str = "", again: bool = False, is_link: bool = True
    ) -> SafeString:
        """The number of a source, after a badge for what was studied; "" if it is not published.

        `again` shortens the badge to its icon; screen readers still get its words.
        """
        number = self._references.numbers.get(slug)
        if not number:
            return SafeString("")
        badge = render_badge(self._icon_sheet, seen, again, self._language) if seen else ""
        shown = render_source_number(number, self._listed_on, self._language) if is_link else number
        return mark_safe(f"{badge}<sup>{shown}</sup>")  # noqa: S308 - rendered, and a number

    def _cite_in_text(
        self, slug: str, seen: str, meta: Mapping[str, Any], env: dict[str, Any]
    ) -> str:
        """With a short badge if the block of text has just shown the same one in words."""
        badge = (meta["block"], seen)
        again = env.get("last_badge") == badge
        if seen and slug in self._references.numbers:
            env["last_badge"] = badge
        return self.render_citation(slug, seen, again, is_link=not meta["in_link"])


def _escape_words(words: str) -> SafeString:
    """Typed words as nh3 writes those around them, with their quotation marks."""
    return mark_safe(html.escape(words, quote=False))  # noqa: S308 - escaped for text, not attributes


def _render_first_words(callout: str, title: str, clinic: SafeString) -> str:
    """What a callout begins with: whom to call."""
    if callout == "emergency":
        return render_emergency_calls(title)
    return clinic if callout == "call-clinic" else ""


def render_emergency_calls(title: str) -> str:
    """Links to call under a title: the main crisis line and the emergency number.

    The emergency number is first where the title names it: “Call 911 for”.
    """
    crisis = get_crisis_country(settings.CRISIS_COUNTRY)
    calls = crisis.calls[::-1] if crisis.emergency in title else crisis.calls
    return render_to_string("_emergency_calls.html", {"calls": calls})
