"""Prose as plain data: from the tokens of Markdown to the JSON that handout.typ draws.

A block is {"kind": "text" | "heading" | "list" | "callout" | "quote" | "rule" | ..., ...}. What
stands in a line is a string or {"kind": "bold" | "emphasis" | "code" | "link" | "cite" | "break"}.
Nothing in it is markup: handout.typ draws each string as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token

from psychoplastogens.content.models import STATUS_UNAVAILABLE
from psychoplastogens.content.rendering import markdown
from psychoplastogens.content.rendering.handout_sheet import (
    Block,
    CitationMark,
    MarkdownText,
    SceneDrawing,
    SpriteDrawing,
)
from psychoplastogens.content.rendering.icons import count_of_100
from psychoplastogens.content.rendering.published_references import PublishedReferences
from psychoplastogens.content.schema_org import build_absolute_url
from psychoplastogens.evidence.models import Finding, Subject
from psychoplastogens.handouts import inline_svg

Inline = str | dict[str, Any]
MAX_MARKS = 8
"""How deep emphasis and links stand in each other; Typst nests no more than 80 calls."""


class TypstRenderer(RendererProtocol):
    """Blocks from tokens, one method per token type: what opens begins a part, what closes adds it.

    `heading` is the level of headings in the texts; the title of the handout has none.
    """

    __output__ = "typst"

    def __init__(self, references: PublishedReferences, heading: int):
        self._references = references
        self._heading = heading
        self._open: list[list[Any]] = [[]]
        self._starts: list[int] = []
        self._addresses: list[str] = []
        self._text_depth = 0
        self._last_badge = ""

    def render_text(self, text: str) -> list[Block]:
        return markdown.render(markdown.parse(text or ""), self)

    def render(self, tokens: Sequence[Token], options, env) -> list[Block]:
        self._open = [[]]
        for token in tokens:
            for part in token.children or () if token.type == "inline" else (token,):
                getattr(self, part.type)(part)
        return self._open.pop()

    def render_citation(self, slug: str, seen: str = "") -> Inline:
        """The number of a source; "" where readers may not see it. `seen` as in the text."""
        number = self._references.numbers.get(slug)
        if not number:
            return ""
        again = bool(seen) and seen == self._last_badge
        self._last_badge = seen or self._last_badge
        return {"kind": "cite", "number": number, "seen": seen, "again": again}

    def _add(self, *parts: Inline | list[Block]) -> None:
        self._open[-1] += filter(None, parts)

    def _begin(self, token: Token) -> None:
        self._open.append([])

    def _end(self, **block: Any) -> None:
        inside = self._open.pop()
        self._add(block | {"of": inside})

    def _begin_text(self, token: Token) -> None:
        self._last_badge = ""
        self._begin(token)
        self._text_depth = len(self._open)

    def _begin_mark(self, token: Token) -> None:
        is_too_deep = len(self._open) - self._text_depth >= MAX_MARKS
        self._open.append(self._open[-1] if is_too_deep else [])

    def _end_mark(self, **part: Any) -> None:
        inside = self._open.pop()
        if inside is not self._open[-1]:
            self._add(part | {"of": inside})

    paragraph_open = heading_open = _begin_text
    blockquote_open = bullet_list_open = list_item_open = _begin
    em_open = strong_open = _begin_mark

    def paragraph_close(self, token: Token) -> None:
        self._end(kind="text")

    def heading_close(self, token: Token) -> None:
        self._end(kind="heading", level=self._heading)

    def blockquote_close(self, token: Token) -> None:
        self._end(kind="quote")

    def hr(self, token: Token) -> None:
        self._add({"kind": "rule"})

    def list_item_close(self, token: Token) -> None:
        item = self._open.pop()
        self._open[-1].append(item)

    th_open = td_open = _begin_text
    table_open = tr_open = _begin
    th_close = td_close = tr_close = list_item_close

    def thead_open(self, token: Token) -> None:
        """The rows of head and body follow each other."""

    thead_close = tbody_open = tbody_close = thead_open

    def table_close(self, token: Token) -> None:
        head, *rows = self._open.pop()
        names = ["".join(part for part in cell if isinstance(part, str)) for cell in head]
        self._add({"kind": "table", "head": names, "rows": rows})

    def bullet_list_close(self, token: Token) -> None:
        items = self._open.pop()
        self._add({"kind": "list", "ordered": False, "start": None, "items": items})

    def ordered_list_open(self, token: Token) -> None:
        self._starts.append(int(token.attrs.get("start", 1)))
        self._begin(token)

    def ordered_list_close(self, token: Token) -> None:
        items, start = self._open.pop(), self._starts.pop()
        self._add({"kind": "list", "ordered": True, "start": start, "items": items})

    def callout_open(self, token: Token) -> None:
        if token.meta["name"] != "advice":
            self._begin(token)
            self._add({"kind": "text", "of": [{"kind": "bold", "of": [token.meta["title"]]}]})

    def callout_close(self, token: Token) -> None:
        if token.meta["name"] != "advice":
            self._end(kind="callout", name=token.meta["name"])

    def text(self, token: Token) -> None:
        self._add(token.content.replace("\n", " "))

    def softbreak(self, token: Token) -> None:
        self._add(" ")

    def hardbreak(self, token: Token) -> None:
        self._add({"kind": "break"})

    def code_inline(self, token: Token) -> None:
        self._add({"kind": "code", "of": [token.content]})

    def em_close(self, token: Token) -> None:
        self._end_mark(kind="emphasis")

    def strong_close(self, token: Token) -> None:
        self._end_mark(kind="bold")

    def link_open(self, token: Token) -> None:
        self._addresses.append(str(token.attrs["href"]))
        self._begin_mark(token)

    def link_close(self, token: Token) -> None:
        self._end_mark(**_build_link(self._addresses.pop(), self._open[-1]))

    def glossary_term(self, token: Token) -> None:
        self._add(token.meta["words"])

    picture_part = glossary_term

    def citation(self, token: Token) -> None:
        self._add(self.render_citation(token.meta["slug"], token.meta["seen"]))

    def status(self, token: Token) -> None:
        if status := self._references.statuses.get(token.meta["slug"]):
            self._add(status.words, self.render_citation(status.source.slug))
        else:
            self._add(gettext(STATUS_UNAVAILABLE))

    def finding(self, token: Token) -> None:
        """A Finding in a sentence, as on the page."""
        finding = self._references.findings.get(token.meta["slug"])
        if not finding:
            return
        if token.meta["form"] in ("treated", "compared"):
            self._add(getattr(finding, token.meta["form"]))
        else:
            self._add(finding.sentence, self._cite_finding(finding))

    def finding_block(self, token: Token) -> None:
        """A Finding as sentence, picture and table, all from the same record."""
        finding = self._references.findings.get(token.meta["slug"])
        if finding:
            self._last_badge = ""
            self._add(_build_finding(finding, self._cite_finding(finding)))

    def _cite_finding(self, finding: Finding) -> Inline:
        seen = finding.subject if finding.subject != Subject.NONE else ""
        return self.render_citation(finding.source.slug, seen)


def _build_link(address: str, words: list[Inline]) -> dict[str, str]:
    """A link; one to another site with its address spelled out, where paper would hide it."""
    if address.startswith("/"):
        address = build_absolute_url(address)
    elif not address.startswith(tuple(f"{scheme}:" for scheme in markdown.URL_SCHEMES)):
        return {"kind": "plain"}
    return {"kind": "link", "to": address, "shown": _get_printed_url(address, words)}


def _build_finding(finding: Finding, citation: Inline) -> Block:
    is_harm = finding.kind == Finding.Kind.HARM
    colour, kind = ("warn", gettext("Harm")) if is_harm else ("accent", gettext("Help"))
    return {
        "kind": "finding",
        "harm": is_harm,
        "title": f"{kind}: {finding.name}",
        "sentence": [finding.sentence, citation],
        "arms": [_build_arm(arm, colour) for arm in finding.arms],
        "when": finding.when,
        "both": finding.both_groups,
        "otherwise": f"{finding.otherwise} {finding.population}.",
        "certainty": f"{finding.get_certainty_display()}.",
        "reason": " ".join(
            filter(None, (finding.certainty_reason, finding.note, finding.source.paid_by))
        ),
    }


def _get_printed_url(address: str, words: list[Inline]) -> str:
    shown = address.partition("://")[2].rstrip("/")
    said = "".join(part for part in words if isinstance(part, str))
    return "" if address.startswith(settings.SITE_ORIGIN) or shown in said else shown


def _build_arm(arm: tuple[int, str, int, int | None], colour: str) -> dict[str, Any]:
    """One group of a Finding: drawn as 100 figures, and as a row of a table."""
    per_100, who, total, events = arm
    took_part = gettext("%(events)s of %(total)s people") if events is not None else None
    return {
        "count": count_of_100(per_100),
        "who": who,
        "people": (took_part or gettext("%(total)s people")) % {"events": events, "total": total},
        "svg": inline_svg.render_icon_array(per_100, colour),
        "alt": gettext("%(count)s of 100 figures are filled in") % {"count": per_100},
    }


def iter_markdown(tree: Any) -> Iterator[str]:
    """Every text in a tree of data, in reading order; a citation as the text that would cite it."""
    match tree:
        case MarkdownText(markdown):
            yield markdown or ""
        case CitationMark(slug, seen):
            yield f"[^{slug}:{seen}]" if seen else f"[^{slug}]"
        case dict():
            for part in tree.values():
                yield from iter_markdown(part)
        case list():
            for part in tree:
                yield from iter_markdown(part)


def render_tree(tree: Any, renderer: TypstRenderer) -> Any:
    """`tree` with each text, citation and drawing in it rendered."""
    match tree:
        case dict():
            return {name: render_tree(part, renderer) for name, part in tree.items()}
        case list():
            return [one for part in tree for one in _render_list_item(part, renderer)]
        case CitationMark(slug, seen):
            return renderer.render_citation(slug, seen)
        case SpriteDrawing(sprite, symbol, view_box):
            return inline_svg.render_symbol(sprite, symbol, view_box)
        case SceneDrawing(svg):
            return inline_svg.render_print_svg(svg)
    return tree


def _render_list_item(part: Any, renderer: TypstRenderer) -> list[Any]:
    return (
        renderer.render_text(part.markdown)
        if isinstance(part, MarkdownText)
        else [render_tree(part, renderer)]
    )
