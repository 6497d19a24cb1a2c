"""A treatment by the clock: what one may feel, above what is thought to go on in the brain.

It works on any objects with the fields of VisitMoment, Step and ChainLink.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from typing import Any

from psychoplastogens.content.models import VisitMoment

# The time of the steps and links that are thought to go on at a time of the clock.
STEP_TIMES = {
    "0": "before",
    "10m": "during",
    "40m": "during",
    "90m": "during",
    "2h": "2h",
    "24h": "24h",
    "7d": "2w",
}

# The drawing: columns of one width, so it is not to scale.
WIDTH = 360
FIRST_BASELINE, LANE, UNIT = 84, 64, 10
FIRST_ROOT, ROOT = 36, 58


@dataclass(frozen=True)
class Moment:
    """A time of the clock, and the left edge and middle of its column."""

    at: str
    label: str
    left: int
    x: int
    is_now: bool


@dataclass(frozen=True)
class Lane:
    """A treatment, drawn: two hills on one line, as paths.

    `strange` and `lift` are whole hills. `edge` and `dotted` are the upper edge of the first:
    dotted from where the time differs between clinics.
    """

    treatment: str
    baseline: int
    strange: str
    edge: str
    dotted: str
    lift: str


@dataclass(frozen=True)
class Root:
    """A link of the chain below its time, and the way down to it."""

    link: Any
    x: int
    y: int
    way: str
    is_now: bool


class Clock:
    """The clock at one of its times. `at` that there is not is the first."""

    def __init__(
        self, visits: Iterable[Any], steps: Iterable[Any], links: Iterable[Any], at: str = ""
    ):
        self.visits = [visit for visit in visits if visit.at]
        self.steps = [step for step in steps if not step.side_path]
        self.links = [link for link in links if link.time]
        there = {visit.at for visit in self.visits}
        self.times = [(name, str(label)) for name, label in VisitMoment.At.choices if name in there]
        names = [name for name, _ in self.times]
        self.at = at if at in names else next(iter(names), "")

    @cached_property
    def column(self) -> int:
        return round(WIDTH / len(self.times))

    @cached_property
    def moments(self) -> list[Moment]:
        half = WIDTH / len(self.times) / 2
        return [
            Moment(
                name, label, round(2 * place * half), round((2 * place + 1) * half), name == self.at
            )
            for place, (name, label) in enumerate(self.times)
        ]

    @property
    def now(self) -> Moment:
        return next(moment for moment in self.moments if moment.is_now)

    @property
    def going_on_columns(self) -> list[Moment]:
        """The columns of the time in which links are thought to go on now."""
        return [m for m in self.moments if STEP_TIMES[m.at] == STEP_TIMES[self.at]]

    @property
    def going_on_width(self) -> int:
        return self.column * len(self.going_on_columns)

    @property
    def felt(self) -> list[Any]:
        """What one may feel now, by treatment."""
        return self.get_felt(self.at)

    @property
    def going_on(self) -> list[Any]:
        """The steps that are thought to go on now."""
        return self.get_going_on(self.at)

    @property
    def table(self) -> list[tuple[str, list[Any], list[Any]]]:
        """(label, what one may feel, steps) of each time."""
        return [(label, self.get_felt(name), self.get_going_on(name)) for name, label in self.times]

    def get_felt(self, at: str) -> list[Any]:
        return [visit for visit in self.visits if visit.at == at]

    def get_going_on(self, at: str) -> list[Any]:
        return [step for step in self.steps if step.time == STEP_TIMES[at]]

    @property
    def sky_height(self) -> int:
        return FIRST_BASELINE + LANE * (len(self.lanes) - 1) + 2

    @cached_property
    def lanes(self) -> list[Lane]:
        treatments = dict.fromkeys(visit.treatment for visit in self.visits)
        return [self._draw_lane(place, name) for place, name in enumerate(treatments)]

    def _draw_lane(self, place: int, treatment: str) -> Lane:
        baseline = FIRST_BASELINE + LANE * place
        visits = {visit.at: visit for visit in self.visits if visit.treatment == treatment}
        stops = [(moment.x, visits[moment.at]) for moment in self.moments if moment.at in visits]
        felt = [(x, baseline - UNIT * visit.strength) for x, visit in stops]
        lifted = [(x, baseline - UNIT * visit.lift) for x, visit in stops]
        parts = list(zip(pairwise(felt), stops, strict=False))
        lifted.append((WIDTH, baseline))
        return Lane(
            treatment,
            baseline,
            strange=_draw_hill(felt, baseline),
            edge="".join(_draw_slope(*ends) for ends, (_, visit) in parts if not visit.varies),
            dotted="".join(_draw_slope(*ends) for ends, (_, visit) in parts if visit.varies),
            lift=_draw_hill(lifted, baseline),
        )

    @property
    def soil_height(self) -> int:
        return max((root.y for root in self.roots), default=0) + ROOT // 2 + 8

    @cached_property
    def roots(self) -> list[Root]:
        """Links below the columns of their time."""
        roots: list[Root] = []
        for time, columns in groupby(self.moments, key=lambda moment: STEP_TIMES[moment.at]):
            links = [link for link in self.links if link.time == time]
            roots += self._draw_roots(list(columns), links) if links else []
        return roots

    def _draw_roots(self, columns: list[Moment], links: list[Any]) -> list[Root]:
        """A single one hangs lower: its name is wider than its column."""
        lower = ROOT // 4 if len(links) == 1 else 0
        rows = -(-len(links) // len(columns))
        in_row = -(-len(links) // rows)
        step = self.column * len(columns) // in_row
        is_now = any(moment.is_now for moment in columns)
        points = [
            (
                columns[0].left + step * (place % in_row) + step // 2,
                FIRST_ROOT + lower + ROOT * (place // in_row),
            )
            for place in range(len(links))
        ]
        return [
            Root(link, x, y, f"M{x} {y - 20}V{y - ROOT + 36 if place >= in_row else 0}", is_now)
            for place, (link, (x, y)) in enumerate(zip(links, points, strict=True))
        ]


def _draw_slope(start: tuple[int, int], end: tuple[int, int]) -> str:
    return f"M{start[0]} {start[1]}{_draw_curve(start, end)}"


def _draw_curve(start: tuple[int, int], end: tuple[int, int]) -> str:
    """A soft rise or fall, level at both ends."""
    middle = (start[0] + end[0]) // 2
    return f"C{middle} {start[1]} {middle} {end[1]} {end[0]} {end[1]}"


def _draw_hill(points: list[tuple[int, int]], baseline: int) -> str:
    """A closed shape above the baseline; '' where nothing rises."""
    if all(y == baseline for _, y in points):
        return ""
    curves = "".join(_draw_curve(*ends) for ends in pairwise(points))
    return f"M{points[0][0]} {baseline}V{points[0][1]}{curves}V{baseline}z"
