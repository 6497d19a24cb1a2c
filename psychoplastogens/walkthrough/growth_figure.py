"""The growth figure: which studies counted spines at a moment, and how many to draw.

Pure. A measured moment shows the mean of the measured changes; a moment between two measured ones
is interpolated and labelled so; nothing is extrapolated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from psychoplastogens.evidence.models import SpineChange
from psychoplastogens.walkthrough import spine_layout


@dataclass(frozen=True)
class Moment:
    """A time that readers can choose, in hours after a dose, with studies from `low` to `high`."""

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
class GrowthFigure:
    """What a moment shows: `state` is before, measured, direction, between or unknown.

    `percent` is the change that is drawn; None where nothing is drawn beyond the branch before.
    """

    moment: Moment
    state: str
    percent: float | None
    studies: Sequence[SpineChange]

    @property
    def count(self) -> int:
        """How many spines to draw, from 0 to get_max_spines()."""
        drawn = round(spine_layout.BASELINE_SPINES * (1 + (self.percent or 0) / 100))
        return min(max(drawn, 0), spine_layout.get_max_spines())

    @property
    def spines(self) -> list[spine_layout.Spine]:
        return spine_layout.get_spines_for_count(self.count)

    @property
    def baseline(self) -> int:
        return spine_layout.BASELINE_SPINES

    @property
    def place(self) -> int:
        return MOMENTS.index(self.moment)


def get_moment(text: str, otherwise: str = "") -> Moment:
    """The moment with this slug; for another time (“3h”, “5d”, “1w”) the nearest one.

    For anything else the moment with the slug `otherwise`, or BEFORE.
    """
    by_slug = {moment.slug: moment for moment in MOMENTS}
    if text in by_slug:
        return by_slug[text]
    if time := _TIME.fullmatch(text):
        hours = int(time[1]) * HOURS_IN[time[2]]
        return min(MOMENTS, key=lambda moment: abs(moment.hours - hours))
    return by_slug.get(otherwise, BEFORE)


def filter_studies(moment: Moment, changes: Iterable[SpineChange]) -> list[SpineChange]:
    return [change for change in changes if moment.low <= change.hours <= moment.high]


def get_mean_change(moment: Moment, changes: Iterable[SpineChange]) -> float | None:
    """The mean of the changes in percent measured at a moment, or None."""
    percents = [c.percent for c in filter_studies(moment, changes) if c.percent is not None]
    return mean(percents) if percents else None


def build_growth_figure(moment: Moment, changes: Sequence[SpineChange]) -> GrowthFigure:
    studies = filter_studies(moment, changes)
    if moment is BEFORE:
        return GrowthFigure(moment, "before", 0, studies)
    percent = get_mean_change(moment, changes)
    if percent is not None:
        return GrowthFigure(moment, "measured", percent, studies)
    between = interpolate_change(moment, changes)
    if studies:
        return GrowthFigure(moment, "direction", between, studies)
    return GrowthFigure(moment, "unknown" if between is None else "between", between, studies)


def interpolate_change(moment: Moment, changes: Sequence[SpineChange]) -> float | None:
    """Interpolate linearly between the measured moments before and after; None without both."""
    known = [(0.0, 0.0)] + [
        (other.hours, percent)
        for other in MOMENTS[1:]
        if (percent := get_mean_change(other, changes)) is not None
    ]
    earlier = [point for point in known if point[0] < moment.hours]
    later = [point for point in known if point[0] > moment.hours]
    if not earlier or not later:
        return None
    (start, low), (end, high) = earlier[-1], later[0]
    return low + (high - low) * (moment.hours - start) / (end - start)
