"""The growth figure: which studies counted spines at a moment, and how many to draw.

Pure. A measured moment shows the mean of what was measured; nothing is drawn for another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import mean
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from psychoplastogens.evidence.models import SpineChange
from psychoplastogens.walkthrough import spine_layout

if TYPE_CHECKING:
    from psychoplastogens.walkthrough.models import Step


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
KEPT_FROM_HOURS = 100
"""From here on a new spine is drawn as one that stayed."""

HOURS_IN = {"h": 1, "d": 24, "w": 168}
_TIME = re.compile(r"(\d{1,6})\s*([hdw])")


@dataclass(frozen=True)
class Range:
    """A study's count and range on a line of spines for every ten, as places in a drawing."""

    study: SpineChange

    @property
    def best(self) -> float:
        return get_place_on_line(self.study.percent)

    @property
    def low(self) -> float:
        return get_place_on_line(self.study.percent_low)

    @property
    def width(self) -> float:
        return round(get_place_on_line(self.study.percent_high) - self.low, 1)

    @property
    def axis(self) -> str:
        return f"M{get_place_on_line(0)} 38H{get_place_on_line(100)}"

    @property
    def numbers(self) -> list[tuple[int, float]]:
        return [(number, get_place_on_line(number * 10)) for number in (0, 5, 10)]


def get_place_on_line(percent: float | None) -> float:
    """Where a change stands on the line from 10 fewer to 110 more for every 100."""
    return round(40 + 2.9 * min(max(percent or 0, -10), 108), 1)


@dataclass(frozen=True)
class Branch:
    """One of the two branches: how many of its first spines are lost, and how many are new."""

    slug: str
    words: str
    lost: int = 0
    new: int = 0

    @property
    def count(self) -> int:
        return spine_layout.START_SPINES - self.lost + self.new

    @property
    def spines(self) -> list[spine_layout.Spine]:
        return spine_layout.place_side_by_side(self.lost, self.new)


@dataclass(frozen=True)
class GrowthFigure:
    """What a moment shows: `state` is before, measured, direction or unknown.

    `studies` looked at this moment. `reference` is the study whose groups are named on the picture.
    """

    moment: Moment
    state: str
    compared: Branch
    treated: Branch
    studies: Sequence[SpineChange]
    reference: SpineChange | None

    @property
    def branches(self) -> tuple[Branch, Branch]:
        return self.compared, self.treated

    @property
    def is_counted(self) -> bool:
        return self.state in ("before", "measured")

    @property
    def counted_studies(self) -> list[SpineChange]:
        """Those of which a number is drawn."""
        counted = self.state == "measured"
        return [study for study in self.studies if counted and study.percent is not None]

    @property
    def ranges(self) -> list[Range]:
        studies = self.counted_studies
        return [Range(s) for s in studies if None not in (s.percent_low, s.percent_high)]

    @property
    def may_be_chance(self) -> bool:
        return any(study.may_be_chance for study in self.counted_studies)

    @property
    def start(self) -> int:
        return spine_layout.START_SPINES

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


def get_mean(numbers: Iterable[float | None]) -> float:
    """The mean of the numbers that there are; 0 without any."""
    known = [number for number in numbers if number is not None]
    return mean(known) if known else 0


def build_growth_figure(moment: Moment, changes: Sequence[SpineChange]) -> GrowthFigure:
    studies = filter_studies(moment, changes)
    counted = [change for change in changes if change.hours and change.percent is not None]
    here = [study for study in counted if study in studies]
    reference = next(iter(here or counted), None)
    compared = Branch("compared", reference.compared_with if reference else "")
    treated = Branch("treated", reference.dose if reference else "")
    if moment is BEFORE:
        state = "before"
    elif here:
        state = "measured"
        compared, treated = count_spines(compared, treated, here)
    else:
        state = "direction" if studies else "unknown"
    return GrowthFigure(moment, state, compared, treated, studies, reference)


def count_spines(
    compared: Branch, treated: Branch, studies: Sequence[SpineChange]
) -> tuple[Branch, Branch]:
    """Both branches with the mean counts of the studies, in whole spines.

    Both lose what the comparison lost; what the treated branch has beyond it is drawn as new.
    """
    start, most = spine_layout.START_SPINES, spine_layout.MAX_NEW_SPINES
    left = start * (1 + get_mean(study.compared_change for study in studies) / 100)
    with_dose = left * (1 + get_mean(study.percent for study in studies) / 100)
    change = round(left) - start
    compared = replace(compared, lost=max(-change, 0), new=min(max(change, 0), most))
    more = round(with_dose) - compared.count
    lost = min(compared.lost + max(-more - compared.new, 0), start)
    new = min(max(compared.new + more, 0), most)
    return compared, replace(treated, lost=lost, new=new)


def get_scene_branch(step: Step) -> list[spine_layout.Spine]:
    """The branch in a step's picture: what was counted at its time, in any step of its story."""
    steps = step.walkthrough.steps.all()
    studies = {s.pk: s for other in steps for s in getattr(other, "studies", ())}
    figure = build_growth_figure(get_moment(step.time), list(studies.values()))
    kind = "kept" if figure.moment.hours > KEPT_FROM_HOURS else "thin"
    return spine_layout.place_in_scene(figure.treated.lost, figure.treated.new, kind)
