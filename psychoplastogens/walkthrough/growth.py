"""The growth figure: which studies counted spines at a moment, and how many to draw.

Pure. What was measured is drawn as the mean of the measured changes; a moment between two that
were measured is drawn between them and says so; beyond what was measured nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from psychoplastogens.evidence.models import SpineChange
from psychoplastogens.walkthrough import branch


@dataclass(frozen=True)
class Moment:
    """A time that readers can choose, in hours after a dose; studies from `low` to `high` count."""

    slug: str
    label: str | Promise
    hours: float
    low: float
    high: float


MOMENTS = (
    Moment("before", _("Before"), 0, 0, 0),
    Moment("2h", _("2 hours"), 2, 0.5, 4),
    Moment("24h", _("24 hours"), 24, 5, 36),
    Moment("72h", _("72 hours"), 72, 48, 132),
    Moment("2w", _("2 weeks"), 336, 240, 400),
)
BEFORE = MOMENTS[0]
HOURS_IN = {"h": 1, "d": 24, "w": 168}
_TIME = re.compile(r"(\d{1,6})\s*([hdw])")


@dataclass(frozen=True)
class Figure:
    """What a moment shows: `state` is before, measured, direction, between or unknown.

    `percent` is the change that is drawn; None where nothing is drawn beyond the branch before.
    """

    moment: Moment
    state: str
    percent: float | None
    studies: Sequence[SpineChange]

    @property
    def count(self) -> int:
        """How many spines to draw, from none to as many as there is room for."""
        drawn = round(branch.BASELINE * (1 + (self.percent or 0) / 100))
        return min(max(drawn, 0), branch.room())

    @property
    def spines(self) -> list[branch.Spine]:
        return branch.compared(self.count)

    @property
    def baseline(self) -> int:
        return branch.BASELINE

    @property
    def place(self) -> int:
        return MOMENTS.index(self.moment)


def moment_named(text: str, otherwise: str = "") -> Moment:
    """The moment with this slug; for another time (“3h”, “5d”, “1w”) the nearest one.

    For anything else the moment named `otherwise`, or the one before a dose.
    """
    by_slug = {moment.slug: moment for moment in MOMENTS}
    if text in by_slug:
        return by_slug[text]
    if time := _TIME.fullmatch(text):
        hours = int(time[1]) * HOURS_IN[time[2]]
        return min(MOMENTS, key=lambda moment: abs(moment.hours - hours))
    return by_slug.get(otherwise, BEFORE)


def studies_at(moment: Moment, changes: Iterable[SpineChange]) -> list[SpineChange]:
    return [change for change in changes if moment.low <= change.hours <= moment.high]


def measured(moment: Moment, changes: Iterable[SpineChange]) -> float | None:
    """The mean of the changes in percent that were measured at a moment; none where none was."""
    percents = [c.percent for c in studies_at(moment, changes) if c.percent is not None]
    return mean(percents) if percents else None


def figure_at(moment: Moment, changes: Sequence[SpineChange]) -> Figure:
    studies = studies_at(moment, changes)
    if moment is BEFORE:
        return Figure(moment, "before", 0, studies)
    percent = measured(moment, changes)
    if percent is not None:
        return Figure(moment, "measured", percent, studies)
    between = drawn_between(moment, changes)
    if studies:
        return Figure(moment, "direction", between, studies)
    return Figure(moment, "unknown" if between is None else "between", between, studies)


def drawn_between(moment: Moment, changes: Sequence[SpineChange]) -> float | None:
    """On the straight line from the measured moment before to the one after, if there are both."""
    known = [(0.0, 0.0)] + [
        (other.hours, percent)
        for other in MOMENTS[1:]
        if (percent := measured(other, changes)) is not None
    ]
    earlier = [point for point in known if point[0] < moment.hours]
    later = [point for point in known if point[0] > moment.hours]
    if not earlier or not later:
        return None
    (start, low), (end, high) = earlier[-1], later[0]
    return low + (high - low) * (moment.hours - start) / (end - start)
