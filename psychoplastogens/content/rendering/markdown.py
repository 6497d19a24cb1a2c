"""Markdown with five additions, rendered as safe HTML.

`[^source-slug]` cites, `[^source-slug:animals]` also says what was studied;
`[[term]]` or `[[term|shown words]]` opens a glossary term in place; `{{finding:slug}}` draws a
Finding, `{{finding:slug|sentence}}`, `|treated` and `|compared` put its words into a sentence;
`{{status:slug}}` says whether the FDA has approved a compound, with date and source;
`:::call-clinic Title` to `:::` is a callout.

This module is pure: it renders placeholders (`<i data-cite="...">`), which
psychoplastogens.content.rendering.prose_renderer replaces with published records.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape

import nh3
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.container import container_plugin

from psychoplastogens.editorial.drafts.text_validation import MAX_TEXT_LENGTH, find_text_error

CALLOUTS = {
    "call-clinic": "Call your clinic",
    "emergency": "Call 911 or 988",
    "good-to-know": "Good to know",
    "not-known": "Not known yet",
    "advice": "",
}

_CITE = re.compile(r"\[\^([a-z0-9-]+)(?::(people|animals|cells))?\]")
_TERM = re.compile(r"\[\[([^\[\]|\n]{1,80})(?:\|([^\[\]|\n]{1,80}))?\]\]")
_FINDING = re.compile(r"\{\{[ \t]*finding:([a-z0-9-]+)(?:\|(sentence|treated|compared))?[ \t]*\}\}")
_STATUS = re.compile(r"\{\{[ \t]*status:([a-z0-9-]+)[ \t]*\}\}")
_BLOCK_FINDING = re.compile(r"<p>(<i data-finding=\"[a-z0-9-]+\" data-form=)\"figure\"></i></p>")
_ADDITION = re.compile("|".join(p.pattern for p in (_CITE, _TERM, _FINDING, _STATUS)))
_ADDITION_LIKE = re.compile(
    r"\[\^[^\]\n]{0,200}\]|\[\[[^\]\n]{0,200}\]\]|\{\{[^}\n]{0,200}\}\}|^:::[ \t]*\S.*$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class ProseReference:
    """A reference in prose to a source, a term, a finding or the status of a compound.

    `line` counts from 1.
    """

    kind: str
    slug: str
    line: int


@lru_cache(maxsize=4_096)
def slugify_term(target: str) -> str:
    return slugify(target)


def iter_references(text: str) -> Iterator[ProseReference]:
    """Yield every source, term, finding and status that `text` names, in reading order."""
    for line, match in _iter_with_lines(_ADDITION, text):
        if cite := _CITE.fullmatch(match[0]):
            yield ProseReference("source", cite[1], line)
        elif term := _TERM.fullmatch(match[0]):
            yield ProseReference("term", slugify_term(term[1]), line)
        elif finding := _FINDING.fullmatch(match[0]):
            yield ProseReference("finding", finding[1], line)
        elif status := _STATUS.fullmatch(match[0]):
            yield ProseReference("status", status[1], line)


def _iter_with_lines(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield (line, match) of each match; `line` counts from 1."""
    line, counted = 1, 0
    for match in pattern.finditer(text):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        yield line, match


def get_cited_slugs(text: str) -> set[str]:
    """The slugs of the sources that `text` cites; faster than `iter_references`."""
    return {match[1] for match in _CITE.finditer(text)}


def get_term_slugs(text: str) -> set[str]:
    """The slugs of the terms that `text` links; faster than `iter_references`."""
    return {slugify_term(match[1]) for match in _TERM.finditer(text)}


def find_syntax_errors(text: str) -> list[str]:
    """Messages about malformed additions in `text`, each with its line."""
    if lost := find_text_error(text):
        return [lost]
    wrong = []
    for line, match in _iter_with_lines(_ADDITION_LIKE, text):
        if match[0].startswith(":::"):
            name = match[0].strip(": \t").split()[0] if match[0].strip(": \t") else ""
            if name not in CALLOUTS:
                wrong.append(
                    f"Line {line}: there is no callout “{name}”. There are: {', '.join(CALLOUTS)}."
                )
        elif not any(p.fullmatch(match[0]) for p in (_CITE, _TERM, _FINDING, _STATUS)):
            wrong.append(
                f"Line {line}: “{match[0]}” is not written as a source, term, finding or status."
            )
    return wrong


def _build_inline_rule(pattern: re.Pattern[str], opening: str, marker):
    """A markdown-it inline rule for one addition that begins with `opening`."""

    def rule(state: StateInline, silent: bool) -> bool:
        if not state.src.startswith(opening, state.pos):
            return False
        match = pattern.match(state.src, state.pos)
        if not match:
            return False
        if not silent:
            token = state.push("html_inline", "", 0)
            token.content = marker(match)
        state.pos = match.end()
        return True

    return rule


def _cite_marker(match: re.Match[str]) -> str:
    return f'<i data-cite="{match[1]}" data-seen="{match[2] or ""}"></i>'


def _term_marker(match: re.Match[str]) -> str:
    shown = escape((match[2] or match[1]).strip())
    return f'<i data-term="{slugify_term(match[1])}">{shown}</i>'


def _finding_marker(match: re.Match[str]) -> str:
    return f'<i data-finding="{match[1]}" data-form="{match[2] or "figure"}"></i>'


def _status_marker(match: re.Match[str]) -> str:
    return f'<i data-status="{match[1]}"></i>'


def _render_callout(renderer, tokens, index, options, env) -> str:
    token = tokens[index]
    if token.nesting == -1:
        return "</div></aside>\n" if env.pop("callout", "") else "</div>\n"
    name, _, title = token.info.strip().partition(" ")
    if name == "advice":
        env["callout"] = ""
        return '<div data-callout="advice">\n'
    env["callout"] = name
    shown = escape(title.strip() or CALLOUTS[name])
    return f'<aside data-callout="{name}"><p><strong>{shown}</strong></p><div>\n'


def _build_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "typographer": True})
    parser.enable(["smartquotes", "replacements"])
    parser.disable(["image", "code", "fence", "html_block", "html_inline", "reference"])
    for name in CALLOUTS:
        container_plugin(parser, name, render=_render_callout)
    for name, rule in (
        ("cite", _build_inline_rule(_CITE, "[^", _cite_marker)),
        ("term", _build_inline_rule(_TERM, "[[", _term_marker)),
        ("finding", _build_inline_rule(_FINDING, "{{", _finding_marker)),
        ("status", _build_inline_rule(_STATUS, "{{", _status_marker)),
    ):
        parser.inline.ruler.before("link", name, rule)
    return parser


_MARKDOWN = _build_parser()
_ALLOWED_TAGS = {
    *("p", "ul", "ol", "li", "strong", "em", "h3", "a", "br", "hr", "blockquote", "code"),
    *("i", "aside", "div"),
}
_ALLOWED_ATTRIBUTES = {
    "a": {"href"},
    "ol": {"start"},
    "i": {"data-cite", "data-seen", "data-term", "data-finding", "data-form", "data-status"},
    "aside": {"data-callout"},
    "div": {"data-callout"},
}


@lru_cache(maxsize=4_096)
def render_with_placeholders(text: str) -> str:
    """Safe HTML of `text`, with placeholders for sources, terms, findings and statuses.

    Text that is too long to be saved is only escaped.
    """
    if len(text) > MAX_TEXT_LENGTH:
        return f"<p>{escape(text[:MAX_TEXT_LENGTH])}</p>"
    html = nh3.clean(
        _MARKDOWN.render(text + "\n"),  # The container plugin reads one letter past the end.
        tags=_ALLOWED_TAGS,
        attributes=_ALLOWED_ATTRIBUTES,
        url_schemes={"https", "mailto", "tel", "sms"},
        link_rel=None,
    )
    return _BLOCK_FINDING.sub(r'\1"block"></i>', html)
