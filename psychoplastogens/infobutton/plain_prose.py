"""Prose for readers elsewhere: whole addresses, no numbers of sources and no terms to open."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from psychoplastogens.content.models import STATUS_UNAVAILABLE
from psychoplastogens.content.rendering import markdown
from psychoplastogens.content.rendering.published_references import PublishedReferences
from psychoplastogens.content.rendering.safe_html import CUT, clean_parts
from psychoplastogens.content.schema_org import build_absolute_url
from psychoplastogens.evidence.models import Source

MAX_SOURCES = 8
TAGS = {"p", "ul", "ol", "li", "a", "strong", "em", "h3"}
ATTRIBUTES = {"a": {"href"}}


@dataclass(frozen=True)
class PlainProse:
    """One text as safe HTML, and the sources that it names, in order.

    Each paragraph is one of `parts`; a point in a list ends with one.
    """

    parts: tuple[str, ...]
    sources: tuple[Source, ...]

    @property
    def html(self) -> SafeString:
        return mark_safe("".join(self.parts))  # noqa: S308 - cleaned by render_plain_prose

    def truncate(self, most: int) -> SafeString:
        """As many whole paragraphs and points as `most` characters hold."""
        if len(self.html) <= most:
            return self.html
        lengths = list(accumulate(map(len, self.parts)))
        kept = list(self.parts[: bisect_right(lengths, most - len("</ul>"))])
        while kept and not kept[-1].endswith(("</p>", "</li>")):
            kept.pop()
        if kept and _is_lead_in(kept[-1]):
            kept.pop()
        # Lists that are open are closed.
        html = nh3.clean("".join(kept), tags=TAGS, attributes=ATTRIBUTES, link_rel=None)
        return mark_safe(html)  # noqa: S308 - cleaned


def _is_lead_in(part: str) -> bool:
    """Whether it is a paragraph of plain words that announces what comes next."""
    return part.endswith(":</p>") and part.count("<") == 2


def render_plain_prose(text: str, references: PublishedReferences) -> PlainProse:
    env: dict[str, dict[str, None]] = {"named": {}}
    html = markdown.render(markdown.parse(text), PlainRenderer(references), env)
    parts = clean_parts(
        html, TAGS, ATTRIBUTES, url_relative=("rewrite_with_base", build_absolute_url("/"))
    )
    sources = [references.sources[slug] for slug in env["named"] if slug in references.sources]
    return PlainProse(tuple(filter(None, parts)), tuple(sources[:MAX_SOURCES]))


class PlainRenderer(RendererHTML):
    """HTML without line breaks between blocks, with cuts around a paragraph and after a point.

    It is not safe before it is cleaned. The slugs of the sources that a text names are added to
    env["named"].
    """

    def __init__(self, references: PublishedReferences):
        super().__init__()
        self._references = references

    def renderToken(self, tokens, idx, options, env) -> str:
        token = tokens[idx]
        if token.hidden or token.tag not in TAGS:
            return ""
        if token.nesting == 1:
            return f"{CUT if token.tag == 'p' else ''}<{token.tag}{self.renderAttrs(token)}>"
        return f"</{token.tag}>{CUT if token.tag in ('p', 'li') else ''}"

    def render(self, tokens, options, env) -> str:
        return super().render(_drop_table_heads(tokens), options, env)

    def table_open(self, tokens, index, options, env) -> str:
        return "<ul>"

    def table_close(self, tokens, index, options, env) -> str:
        return "</ul>"

    def tr_open(self, tokens, index, options, env) -> str:
        return "<li>"

    def tr_close(self, tokens, index, options, env) -> str:
        return f"</li>{CUT}"

    def td_open(self, tokens, index, options, env) -> str:
        """The name of the row, or that of the column before its words."""
        name = tokens[index].attrs.get("data-label")
        return "<strong>" if name is None else f" {escape(name)}: "

    def td_close(self, tokens, index, options, env) -> str:
        return "</strong>" if tokens[index].tag == "th" else ""

    def citation(self, tokens, index, options, env) -> str:
        meta = tokens[index].meta
        if meta["slug"] not in self._references.sources:
            return ""
        env["named"][meta["slug"]] = None
        return _describe_subject(meta["seen"])

    def glossary_term(self, tokens, index, options, env) -> str:
        return escape(tokens[index].meta["words"])

    picture_part = glossary_term  # Its picture is not there.

    def finding(self, tokens, index, options, env) -> str:
        meta = tokens[index].meta
        finding = self._references.findings.get(meta["slug"])
        if not finding:
            return ""
        env["named"][finding.source.slug] = None
        if meta["form"] in ("treated", "compared"):
            return escape(getattr(finding, meta["form"]))
        return escape(finding.sentence) + _describe_subject(finding.subject)

    def finding_block(self, tokens, index, options, env) -> str:
        finding = self._references.findings.get(tokens[index].meta["slug"])
        if not finding:
            return ""
        env["named"][finding.source.slug] = None
        sentence = escape(finding.sentence) + _describe_subject(finding.subject)
        confidence = escape(f"{finding.confidence} {finding.source.paid_by}".rstrip())
        return _build_paragraph(f"{sentence} {confidence}")

    def status(self, tokens, index, options, env) -> str:
        status = self._references.statuses.get(tokens[index].meta["slug"])
        if not status:
            return escape(_(STATUS_UNAVAILABLE))
        env["named"][status.source.slug] = None
        return escape(status.words)

    def callout_open(self, tokens, index, options, env) -> str:
        meta = tokens[index].meta
        if meta["name"] == "advice":
            return ""
        return _build_paragraph(f"<strong>{escape(meta['title'])}</strong>")

    def callout_close(self, tokens, index, options, env) -> str:
        return ""


def _drop_table_heads(tokens: Sequence[Token]) -> list[Token]:
    """Each cell says the name of its column."""
    kept, is_head = [], False
    for token in tokens:
        if token.type == "thead_open":
            is_head = True
        if not is_head:
            kept.append(token)
        if token.type == "thead_close":
            is_head = False
    return kept


def _build_paragraph(html: str) -> str:
    return f"{CUT}<p>{html}</p>{CUT}"


def _describe_subject(subject: str) -> str:
    """What the badge of the page says of animals and cells; people go without saying."""
    words = {"animals": _("Seen in animals"), "cells": _("Seen in cells")}
    return escape(f" ({words[subject]}.)") if subject in words else ""
