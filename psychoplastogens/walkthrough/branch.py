"""A branch of a brain cell: which spines stand on it, and where.

Pure: from counts to places. The places themselves, SITES, are drawn by hand; they are listed in
the order in which they fill, so that few spines already spread over the whole branch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from psychoplastogens.walkthrough.sites import SITES

BASELINE = 10
"""Spines on the branch before a dose. What follows is drawn in proportion to them."""

# What the branch of a scene carries at a time of the story, as (kind, how many).
STORY = {
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


def spines(*counts: tuple[str, int], sites: Sequence[tuple] = SITES) -> list[Spine]:
    """Spines of each (kind, how many), along the sites in order, as far as there are sites."""
    kinds = [kind for kind, count in counts for _ in range(max(count, 0))]
    return [Spine(*site, kind) for site, kind in zip(sites, kinds, strict=False)]


def in_story(time: str) -> list[Spine]:
    """The branch as the pictures show it at a time of the story. It stands for no one study."""
    return spines(*STORY.get(time, STORY[""]))


def compared(count: int, before: int = BASELINE) -> list[Spine]:
    """A branch that had `before` spines and has `count`: young ones, or the outlines of lost."""
    kept = min(count, before)
    return spines(("mush", kept), ("ghost", before - kept), ("thin", count - before))


def room() -> int:
    """How many spines can be drawn."""
    return len(SITES)
