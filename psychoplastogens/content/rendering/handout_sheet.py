"""What a handout of a page holds: plain data, with the Markdown and drawings of the page in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from psychoplastogens.editorial.models import Page, Publishable

SPOT_VIEW_BOX = "0 0 200 140"
Block = dict[str, Any]


@dataclass(frozen=True)
class MarkdownText:
    """Markdown of a record. It stands in a list of blocks, where its blocks will be."""

    markdown: str


@dataclass(frozen=True)
class CitationMark:
    """The number of a source; it stands in a list of what is in a line."""

    slug: str
    seen: str = ""


@dataclass(frozen=True)
class SpriteDrawing:
    """A symbol of static/<sprite>.svg; `view_box` is its size."""

    sprite: str
    symbol: str
    view_box: str


@dataclass(frozen=True)
class SceneDrawing:
    """An SVG element as the page holds it."""

    svg: str


@dataclass
class Sheet:
    """One page in a handout.

    `record` is what was reviewed and dated; None for a page without facts. `page` has the address
    of the page: the record itself, or a section of it; a sheet without one has a `path`. `kicker`
    is what it is a part of, `note` a clinic's own words to it. `headed` says that headings stand
    over its texts; headings in these are then one deeper.
    """

    record: Publishable | None
    page: Page | None
    title: str
    lead: str = ""
    kicker: str = ""
    note: str = ""
    headed: bool = True
    path: str = ""
    blocks: list[Any] = field(default_factory=list)


def build_heading(words: str, level: int = 1, spot: str = "") -> Block:
    """A heading; `spot` is a small drawing of static/drawings.svg beside it."""
    drawn = SpriteDrawing("drawings", spot, SPOT_VIEW_BOX) if spot else ""
    return {"kind": "heading", "level": level, "of": [words], "spot": drawn}


def build_titled_section(words: str, *blocks: Any) -> list[Any]:
    return [build_heading(words), *blocks]


def build_fact_table(rows: Iterable[tuple[str, list[Any]]]) -> Block:
    return {"kind": "facts", "rows": [{"label": label, "of": of} for label, of in rows]}


def build_text_block(*parts: Any) -> Block:
    return {"kind": "text", "of": list(parts)}


def build_small_text(words: str) -> Block:
    return {"kind": "small", "of": [words]}


def build_checklist(words: Iterable[str]) -> Block:
    """Lines to tick, with room to write."""
    return {"kind": "ticks", "items": list(words)}


def build_spare(order: int, blocks: list[Any]) -> list[Block]:
    """Blocks that a sheet of paper leaves out where it would be too long; order 1 goes first."""
    return [{"kind": "spare", "order": order, "of": blocks}] if blocks else []


def build_side_by_side(texts: Iterable[str]) -> list[Block]:
    """Texts that each give one block, two in a row where there is room."""
    of = [MarkdownText(text) for text in texts]
    return [{"kind": "side by side", "of": of}] if of else []


def build_plain_and_more(plain: str, more: str) -> list[Any]:
    """The plain text of a part, and the detail where it is wanted."""
    if not more:
        return [MarkdownText(plain)]
    return [MarkdownText(plain), {"kind": "more", "of": [MarkdownText(more)]}]
