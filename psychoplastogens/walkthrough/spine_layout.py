"""Lay out the spines on the drawings of a branch of a brain cell.

Pure: it maps counts to positions. All drawings begin with START_SPINES, so that a step's picture
and the growth figure show the same counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from psychoplastogens.walkthrough.spine_positions import (
    NEWER_SITES,
    NEWER_SITES_SIDE_BY_SIDE,
    OLDER_SITES,
    OLDER_SITES_SIDE_BY_SIDE,
)

START_SPINES = len(OLDER_SITES)
"""Spines on a branch before a dose; later counts are drawn in proportion."""

MAX_NEW_SPINES = len(NEWER_SITES)
OLDER, LOST = "mush", "ghost"
LOST_BEFORE = (LOST,) * 3
"""Outlines on the branch of the scenes where stress took spines away. Nobody gave a number."""

QUARTER_TURN = 90

Site = tuple[float, float, float]


@dataclass(frozen=True)
class Spine:
    """One spine: where it stands, its angle in degrees, and what it looks like.

    `kind` is mush (there since the start), thin (new), kept (new, and stayed) or ghost (lost).
    """

    x: float
    y: float
    angle: float
    kind: str

    @property
    def ring(self) -> float:
        """The height of the middle of its head."""
        return round(self.y + (22 if abs(self.angle) > QUARTER_TURN else -22), 1)


def place_spines(sites: Sequence[Site], kinds: Sequence[str]) -> list[Spine]:
    """Spines of these kinds along the sites in order, as far as there are sites."""
    return [Spine(*site, kind) for site, kind in zip(sites, kinds, strict=False)]


def place_side_by_side(lost: int, new: int) -> list[Spine]:
    """A branch of the growth figure."""
    return [
        *place_spines(OLDER_SITES_SIDE_BY_SIDE, _get_older(lost)),
        *place_spines(NEWER_SITES_SIDE_BY_SIDE, ["thin"] * new),
    ]


def place_in_scene(lost: int, new: int, kind: str = "thin") -> list[Spine]:
    """The branch of the scenes: new spines stand where outlines of lost ones were."""
    newer = zip_longest([kind] * new, LOST_BEFORE)
    kinds = [new_kind or outline for new_kind, outline in newer]
    return [*place_spines(OLDER_SITES, _get_older(lost)), *place_spines(NEWER_SITES, kinds)]


def _get_older(lost: int) -> list[str]:
    return [OLDER] * (START_SPINES - lost) + [LOST] * lost
