"""A chain of links in one of its states: whole, without a link, seen through a lens.

It works on any objects with the fields of ChainLink and Experiment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext

from psychoplastogens.delivery.query_strings import build_query_string

LENSES = ("people", "animals", "cells")

COLUMNS = 3
LEFT, TOP = 62, 44
COLUMN, ROW = 118, 118
# How deep what follows fades, by the effects that were seen, the deepest first.
FADES = {"stopped": "lost", "weaker": "pale"}


@dataclass(frozen=True)
class DrawnLink:
    """A link at its place in the picture.

    `state` is "away" for the link that is taken away, "lost" or "pale" for what fades with it.
    `seen` is "yes", "sign" or "no" through a lens, else "". `stem` draws the way that leads to it,
    `doubted` where it is unclear whether anything comes that way. `doubt` is the place of a
    question mark: at the first such way, or beside a link that is no part of the story.
    `query` is that of the state that follows when it is pressed.
    """

    link: Any
    x: int
    y: int
    stem: str
    state: str
    seen: str
    doubted: bool
    doubt: tuple[int, int] | None
    query: str

    @property
    def action(self) -> str:
        """What a press does, for those who hear it."""
        return gettext("Put back:") if self.state == "away" else gettext("Take away:")

    @property
    def in_words(self) -> str:
        """What the picture shows of it, for those who hear it."""
        faded = [gettext("faded")] if self.state in ("lost", "pale") else []
        seen = {"no": gettext("not seen"), "sign": gettext("only a sign")}.get(self.seen)
        words = ", ".join([*faded, *([seen] if seen else [])])
        return f"({words})" if words else ""


class Chain:
    """The state that `without` and `lens` name. Those that there are not change nothing."""

    def __init__(self, links: Iterable[Any], without: str = "", lens: str = ""):
        self.links = sorted(links, key=lambda link: (link.beside, link.order))
        self.without = next((link for link in self.links if link.slug == without), None)
        self.lens = lens if lens in LENSES else ""

    @property
    def query(self) -> str:
        """The query of this state: '' for the whole chain."""
        return self._get_query(self.without, self.lens)

    @property
    def whole_query(self) -> str:
        """The query with no link taken away."""
        return self._get_query(None, self.lens)

    @property
    def lenses(self) -> list[tuple[str, str]]:
        """(lens, query) of each, that of no lens first."""
        return [(lens, self._get_query(self.without, lens)) for lens in ("", *LENSES)]

    @property
    def is_broken(self) -> bool:
        """Whether a link is taken away that others come after: none beside the chain."""
        return self.without is not None and not self.without.beside

    @cached_property
    def fade(self) -> str:
        """How what follows fades: by what was seen, through a lens in those alone."""
        if not self.is_broken:
            return ""
        return next((fade for effect, fade in FADES.items() if effect in self.effects), "")

    @cached_property
    def effects(self) -> set[str]:
        """What became of the rest without the link, through a lens in those alone."""
        return {one.effect for one in self.experiments if self.lens in ("", one.subject)}

    @property
    def doubts_rest(self) -> bool:
        """Whether it is unclear, or not tested, what becomes of the rest without the link."""
        return self.is_broken and not self.fade and self.effects != {"stayed"}

    @property
    def experiments(self) -> list[Any]:
        """Those on the link that is taken away."""
        return list(self.without.experiments.all()) if self.without else []

    @property
    def card(self) -> list[tuple[str, list[Any]]]:
        """(subject, experiments) for the link that is taken away; those of the lens first."""
        subjects = sorted(LENSES, key=lambda subject: subject != self.lens)
        return [(name, [e for e in self.experiments if e.subject == name]) for name in subjects]

    @property
    def rivals(self) -> list[Any]:
        """The links that stand beside the chain: another idea of how it works."""
        return [link for link in self.links if link.beside]

    @property
    def seen_in_lens(self) -> list[tuple[Any, str, str]]:
        """(link, whether it was seen, text) through the lens."""
        fields = (self.lens, f"seen_in_{self.lens}")
        return [(link, *(getattr(link, field) for field in fields)) for link in self.links]

    @property
    def seen_counts(self) -> dict[str, int]:
        """How many links were seen through the lens: all, yes, sign, no."""
        found = [seen for _, seen, _ in self.seen_in_lens]
        return {"total": len(found)} | {name: found.count(name) for name in ("yes", "sign", "no")}

    @property
    def seen_names(self) -> list[tuple[str, list[Any]]]:
        """("yes", "sign" or "no", the links that were so seen through the lens), where any were."""
        found = [
            (name, [link for link, seen, _ in self.seen_in_lens if seen == name])
            for name in ("yes", "sign", "no")
        ]
        return [(name, links) for name, links in found if links]

    @property
    def table(self) -> list[tuple[Any, list[tuple[str, str, list[Any]]]]]:
        """Each link with (subject, what was seen, experiments), people first."""
        return [(link, [_get_cell(link, subject) for subject in LENSES]) for link in self.links]

    @property
    def height(self) -> int:
        return TOP + ROW * (1 + (len(self.links) - 1) // COLUMNS) - 58

    @cached_property
    def drawn(self) -> list[DrawnLink]:
        return [self._draw(place, link) for place, link in enumerate(self.links)]

    def _draw(self, place: int, link: Any) -> DrawnLink:
        x, y = _get_point(place)
        pressed = None if link is self.without else link
        return DrawnLink(
            link,
            x,
            y,
            stem="" if link.beside or not place else _draw_stem(place),
            state=self._get_state(place, link),
            seen=getattr(link, self.lens) if self.lens else "",
            doubted=self.doubts_rest and self._is_after(place),
            doubt=self._get_doubt(place, link),
            query=self._get_query(pressed, self.lens),
        )

    def _get_state(self, place: int, link: Any) -> str:
        if link is self.without:
            return "away"
        return self.fade if self._is_after(place) and not link.beside else ""

    def _is_after(self, place: int) -> bool:
        """Whether a link comes after the one that is taken away."""
        return self.without is not None and place > self.links.index(self.without)

    def _get_doubt(self, place: int, link: Any) -> tuple[int, int] | None:
        x, y = _get_point(place)
        if link.beside:
            return x + 40, y - 26
        if place and self.doubts_rest and self.links[place - 1] is self.without:
            before, _ = _get_point(place - 1)
            return ((x + before) // 2, y - 12) if x != before else (x + 26, y - 46)
        return None

    def _get_query(self, without: Any, lens: str) -> str:
        return build_query_string(without=without.slug if without else "", lens=lens)


def _get_cell(link: Any, subject: str) -> tuple[str, str, list[Any]]:
    experiments = [one for one in link.experiments.all() if one.subject == subject]
    return subject, getattr(link, f"seen_in_{subject}"), experiments


def _get_point(place: int) -> tuple[int, int]:
    """Rows go to and fro, as a vine does."""
    row, column = divmod(place, COLUMNS)
    column = COLUMNS - 1 - column if row % 2 else column
    return LEFT + COLUMN * column, TOP + ROW * row


def _draw_stem(place: int) -> str:
    """The path from the link before: a wave along a row, a bow around the end of one."""
    (x1, y1), (x2, y2) = _get_point(place - 1), _get_point(place)
    out = 1 if x2 > x1 or (x1 == x2 and x1 > LEFT) else -1
    if y1 == y2:
        return f"M{x1 + 38 * out} {y1}c{12 * out}-9 {20 * out} 9 {32 * out} 0"
    return f"M{x1 + 34 * out} {y1 + 16}c{26 * out} 24 {26 * out} 62 {5 * out} 82"
