"""Lay out the spines on the drawing of a branch of a brain cell.

Pure: it maps counts to positions. SPINE_POSITIONS was drawn by hand, in an order in which few
spines already spread over the whole branch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from psychoplastogens.walkthrough.spine_positions import SPINE_POSITIONS

BASELINE_SPINES = 10
"""Spines on the branch before a dose; later counts are drawn in proportion."""

# Spines on the branch in a scene at each time of the walkthrough, as (kind, count).
SPINES_BY_TIME = {
    **dict.fromkeys(("before", "during", "2h"), (("mush", 6), ("ghost", 10))),
    "24h": (("mush", 6), ("thin", 6), ("ghost", 4)),
    "72h": (("mush", 6), ("thin", 3), ("kept", 3), ("ghost", 4)),
    "2w": (("mush", 6), ("kept", 2), ("ghost", 2), ("kept", 1), ("stub", 1), ("ghost", 4)),
    "": (("mush", 8), ("ghost", 2)),
}


@dataclass(frozen=True)
class Spine:
    """One spine: where it stands, its angle in degrees, and what it looks like.

    `kind` is ghost (lost), thin (young), mush (working), kept or stub.
    """

    x: float
    y: float
    angle: float
    kind: str


def place_spines(
    *counts: tuple[str, int], sites: Sequence[tuple[float, float, float]] = SPINE_POSITIONS
) -> list[Spine]:
    """Spines of each (kind, how many), along the sites in order, as far as there are sites."""
    kinds = [kind for kind, count in counts for _ in range(max(count, 0))]
    return [Spine(*site, kind) for site, kind in zip(sites, kinds, strict=False)]


def get_spines_at_time(time: str) -> list[Spine]:
    """The branch as the pictures show it at a time of the story. It stands for no one study."""
    return place_spines(*SPINES_BY_TIME.get(time, SPINES_BY_TIME[""]))


def get_spines_for_count(count: int, before: int = BASELINE_SPINES) -> list[Spine]:
    """A branch that had `before` spines and has `count`: young ones, or the outlines of lost."""
    kept = min(count, before)
    return place_spines(("mush", kept), ("ghost", before - kept), ("thin", count - before))


def get_max_spines() -> int:
    """How many spines can be drawn."""
    return len(SPINE_POSITIONS)
