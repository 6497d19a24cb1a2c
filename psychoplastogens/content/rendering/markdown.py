"""Markdown with six additions, parsed into tokens.

`[^source-slug]` cites, `[^source-slug:animals]` also says what was studied;
`[[term]]` or `[[term|shown words]]` opens a glossary term in place;
`[[part:name|shown words]]` shows a part of the picture beside the text; `{{finding:slug}}` draws a
Finding, `{{finding:slug|sentence}}`, `|treated` and `|compared` put its words into a sentence;
`{{status:slug}}` says whether the FDA has approved a compound, with date and source;
`:::call-clinic Title` to `:::` is a callout.

An addition is a token of its own type, with its data in `meta`:

    citation        slug; seen: people, animals, cells or ""
    glossary_term   slug; words: as typed
    picture_part    name; words: as typed
    finding         slug; form: figure, sentence, treated or compared
    finding_block   slug: a finding that is alone in its paragraph, and replaces it
    status          slug
    callout_open    name; title: as typed, or from CALLOUTS
    callout_close   name

Tables are those of GitHub: a row of names of columns, `|---|`, rows.

What cites (citation, finding, status) also has block, the number of its block of text, and
in_link, whether it is part of the words of a link.

Each output is a renderer with one method per token type (markdown_it.renderer). Tokens hold what
people typed, as they typed it: a renderer makes it safe. This module is pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.text import slugify
from django.utils.translation import gettext_noop
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from psychoplastogens.editorial.drafts.text_validation import MAX_TEXT_LENGTH

if TYPE_CHECKING:
    from psychoplastogens.evidence.models import Finding

CALLOUTS = {
    "advice": "",
    "good-to-know": gettext_noop("Good to know"),
    "not-known": gettext_noop("Not known yet"),
    "call-clinic": gettext_noop("Call your clinic"),
    "emergency": gettext_noop("Call 911 or 988"),
}
"""The title of each kind of box. A list to choose from has them in this order."""
ADDITIONS = (
    *("citation", "glossary_term", "picture_part", "finding", "finding_block", "status"),
    *("callout_open", "callout_close"),
)
"""The token types that Markdown does not have."""
MAX_COLUMN_NAME = 40
"""Characters. It stands at each cell of its column."""
_TABLE_ROLES = {
    **{"table_open": "table", "thead_open": "rowgroup", "tbody_open": "rowgroup"},
    **{"tr_open": "row", "th_open": "columnheader", "td_open": "cell"},
}
CALLS = ("call-clinic", "emergency")
"""The callouts that say whom to call."""
HEADING_TAG = "h3"
URL_SCHEMES = {"https", "mailto", "tel", "sms"}
"""Where a link in prose may lead, beside our own pages."""

_CITE = re.compile(r"\[\^([a-z0-9-]+)(?::(people|animals|cells))?\]")
_PART = re.compile(r"\[\[part:([a-z0-9-]{1,40})\|([^\[\]|\n]{1,80})\]\]")
_TERM = re.compile(r"\[\[(?!part:)([^\[\]|\n]{1,80})(?:\|([^\[\]|\n]{1,80}))?\]\]")
_FINDING = re.compile(r"\{\{[ \t]*finding:([a-z0-9-]+)(?:\|(sentence|treated|compared))?[ \t]*\}\}")
_STATUS = re.compile(r"\{\{[ \t]*status:([a-z0-9-]+)[ \t]*\}\}")
ADDITION_PATTERNS = (_CITE, _PART, _TERM, _FINDING, _STATUS)
_ADDITION = re.compile("|".join(pattern.pattern for pattern in ADDITION_PATTERNS))


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


@lru_cache(maxsize=4_096)
def find_references(text: str) -> tuple[ProseReference, ...]:
    """Every source, term, finding and status that `text` names, in reading order."""
    return tuple(_iter_references(text))


def _iter_references(text: str) -> Iterator[ProseReference]:
    for line, match in iter_with_lines(_ADDITION, text):
        if cite := _CITE.fullmatch(match[0]):
            yield ProseReference("source", cite[1], line)
        elif term := _TERM.fullmatch(match[0]):
            yield ProseReference("term", slugify_term(term[1]), line)
        elif finding := _FINDING.fullmatch(match[0]):
            yield ProseReference("finding", finding[1], line)
        elif status := _STATUS.fullmatch(match[0]):
            yield ProseReference("status", status[1], line)


def iter_with_lines(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield (line, match) of each match; `line` counts from 1."""
    line, counted = 1, 0
    for match in pattern.finditer(text):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        yield line, match


def get_cited_slugs(text: str) -> set[str]:
    """The slugs of the sources that `text` cites; faster than `find_references`."""
    return {match[1] for match in _CITE.finditer(text)}


def names_evidence(text: str) -> bool:
    """Whether `text` cites a source, or shows a number or a status, which bring their own."""
    return any(one.kind != "term" for one in find_references(text))


def get_term_slugs(text: str) -> set[str]:
    """The slugs of the terms that `text` links; faster than `find_references`."""
    return {slugify_term(match[1]) for match in _TERM.finditer(text)}


def get_part_names(text: str) -> list[str]:
    """The names of the parts of a picture that `text` shows, in reading order."""
    return [match[1] for match in _PART.finditer(text)]


def get_finding_slugs(text: str) -> set[str]:
    """The slugs of the findings that `text` draws; faster than `find_references`."""
    return {match[1] for match in _FINDING.finditer(text)}


def draw_finding(slug: str) -> str:
    """Markdown that draws the finding with this slug."""
    return f"{{{{finding:{slug}}}}}"


def write_out_findings(text: str, findings: Mapping[str, Finding]) -> str:
    """`text` with each of `findings` (by slug) in the words that readers get."""

    def write(match: re.Match[str]) -> str:
        finding = findings.get(match[1])
        return str(getattr(finding, match[2] or "sentence")) if finding else match[0]

    return _FINDING.sub(write, text)


@lru_cache(maxsize=1_024)
def split_callouts(text: str, *names: str) -> tuple[str, tuple[str, ...]]:
    """`text` without the callouts that have one of these names, and each of them as Markdown."""
    lines = re.split("\r\n?|\n", text)  # As the parser does.
    found: list[str] = []
    taken: set[int] = set()
    for token in parse(text):
        is_named = token.type == "callout_open" and token.meta["name"] in names
        if is_named and token.map and token.map[0] not in taken:
            start, end = token.map
            found.append("\n".join([*lines[start:end], ":::"]))
            taken.update(range(start, end + 1))
    return "\n".join(line for n, line in enumerate(lines) if n not in taken), tuple(found)


def _build_inline_rule(pattern: re.Pattern[str], opening: str, token_type: str, get_meta):
    """A markdown-it inline rule for one addition that begins with `opening`."""

    def rule(state: StateInline, silent: bool) -> bool:
        if not state.src.startswith(opening, state.pos):
            return False
        match = pattern.match(state.src, state.pos)
        if not match:
            return False
        if not silent:
            token = state.push(token_type, "", 0)
            token.content = match[0]  # Typographic quotes depend on the letters beside them.
            token.meta = get_meta(match)
        state.pos = match.end()
        return True

    return rule


def _get_citation_meta(match: re.Match[str]) -> dict[str, str]:
    return {"slug": match[1], "seen": match[2] or ""}


def _get_term_meta(match: re.Match[str]) -> dict[str, str]:
    return {"slug": slugify_term(match[1]), "words": (match[2] or match[1]).strip()}


def _get_part_meta(match: re.Match[str]) -> dict[str, str]:
    return {"name": match[1], "words": match[2].strip()}


def _get_finding_meta(match: re.Match[str]) -> dict[str, str]:
    return {"slug": match[1], "form": match[2] or "figure"}


def _get_status_meta(match: re.Match[str]) -> dict[str, str]:
    return {"slug": match[1]}


def _is_callout(info: str, markup: str) -> bool:
    return info.strip().split(" ")[0] in CALLOUTS


def _type_callouts(state: StateCore) -> None:
    """A core rule: the tokens of the container plugin become callouts."""
    open_names = []
    for token in state.tokens:
        if token.type == "container_callout_open":
            name, _, title = token.info.strip().partition(" ")
            open_names.append(name)
            token.type = "callout_open"
            token.meta = {"name": name, "title": title.strip() or CALLOUTS[name]}
        elif token.type == "container_callout_close":
            token.type, token.meta = "callout_close", {"name": open_names.pop()}


def _replace_lone_findings(state: StateCore) -> None:
    """A core rule: a finding that is alone in its paragraph is a block."""
    tokens: list[Token] = []
    for token in state.tokens:
        tokens.append(token)
        if token.type == "paragraph_close" and not token.hidden:
            children = tokens[-2].children or []
            if [child.meta.get("form") for child in children] == ["figure"]:
                meta = {"slug": children[0].meta["slug"]}
                tokens[-3:] = [Token("finding_block", "", 0, meta=meta, block=True)]
    state.tokens = tokens


def _replace_other_headings(state: StateCore) -> None:
    """A core rule: prose has one level of headings, `###`; a heading of another is a paragraph."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close") and token.tag != HEADING_TAG:
            token.type, token.tag = token.type.replace("heading", "paragraph"), "p"


def _describe_tables(state: StateCore) -> None:
    """A core rule: the first cell of a row names it, and the others know the name of their column.

    Roles keep it a table by ear where a narrow screen stacks its cells.
    """
    columns: list[str] = []
    place = 0
    for index, token in enumerate(state.tokens):
        if token.type in _TABLE_ROLES:
            token.attrs = {"role": _TABLE_ROLES[token.type]}
        if token.type == "table_open":
            columns = []
        elif token.type == "tr_open":
            place = 0
        elif token.type == "th_open":
            token.attrs["scope"] = "col"
            name = _ADDITION.sub("", state.tokens[index + 1].content).strip()
            columns.append(name[:MAX_COLUMN_NAME])
        elif token.type == "td_open" and place == 0:
            token.tag = state.tokens[index + 2].tag = "th"
            token.attrs = {"role": "rowheader", "scope": "row"}
            place = 1
        elif token.type == "td_open":
            token.attrs["data-label"] = columns[place]
            place += 1


def _locate_additions(state: StateCore) -> None:
    """A core rule: what cites knows its block of text, and whether it is inside of a link."""
    for number, token in enumerate(state.tokens):
        links = 0
        for child in token.children or ():
            if child.type in ("link_open", "link_close"):
                links += child.nesting
            elif child.type in ("citation", "finding", "status"):
                child.meta |= {"block": number, "in_link": links > 0}


def _build_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "typographer": True})
    parser.enable(["smartquotes", "replacements", "table"])
    parser.disable(["image", "code", "fence", "html_block", "html_inline", "reference"])
    container_plugin(parser, "callout", validate=_is_callout)
    for pattern, opening, token_type, get_meta in (
        (_CITE, "[^", "citation", _get_citation_meta),
        (_PART, "[[", "picture_part", _get_part_meta),
        (_TERM, "[[", "glossary_term", _get_term_meta),
        (_FINDING, "{{", "finding", _get_finding_meta),
        (_STATUS, "{{", "status", _get_status_meta),
    ):
        rule = _build_inline_rule(pattern, opening, token_type, get_meta)
        parser.inline.ruler.before("link", token_type, rule)
    for core_rule in (
        _type_callouts,
        _replace_lone_findings,
        _replace_other_headings,
        _describe_tables,
        _locate_additions,
    ):
        parser.core.ruler.push(core_rule.__name__, core_rule)
    return parser


_PARSER = _build_parser()


@lru_cache(maxsize=1_024)  # Tokens take some ten times the memory of their HTML.
def parse(text: str) -> tuple[Token, ...]:
    """The tokens of `text`. They are cached: renderers do not change them.

    Text that is too long to be saved is one paragraph of plain words.
    """
    if len(text) > MAX_TEXT_LENGTH:
        words = Token("text", "", 0, content=text[:MAX_TEXT_LENGTH])
        return (
            Token("paragraph_open", "p", 1, block=True),
            Token("inline", "", 0, children=[words], block=True),
            Token("paragraph_close", "p", -1, block=True),
        )
    return tuple(_PARSER.parse(text + "\n"))  # The container plugin reads one letter past the end.


def render(tokens: Sequence[Token], renderer: RendererProtocol, env: dict[str, Any] | None = None):
    """What `renderer` makes of `tokens`; `env` is what it needs to know, and may fill."""
    return renderer.render(tokens, _PARSER.options, {} if env is None else env)
