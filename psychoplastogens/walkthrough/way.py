"""The way through a walkthrough: which step is where, what comes before and after it.

Pure: it works on any objects that know whether they are a side path.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


class Way:
    """The steps of the main way, in order, and the side paths, which are not counted."""

    def __init__(self, steps: Iterable[Any]):
        self.steps = list(steps)
        self.main = [step for step in self.steps if not step.side_path]
        self.side = [step for step in self.steps if step.side_path]

    def at(self, step: Any) -> Place:
        if step.side_path:
            others = [other for other in self.side if other is not step]
            return Place(0, len(self.main), self.main[-1] if self.main else None, None, others)
        place = self.main.index(step)
        is_last = place + 1 == len(self.main)
        return Place(
            number=place + 1,
            total=len(self.main),
            previous=self.main[place - 1] if place else None,
            next=None if is_last else self.main[place + 1],
            side=self.side if is_last else [],
        )

    def numbered(self, text: str) -> Any | None:
        """The step whose number is `text`, or None."""
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
        return self.main[number - 1] if 0 < number <= len(self.main) else None


@dataclass(frozen=True)
class Place:
    """Where a step stands. `number` counts from 1, and is 0 for a side path.

    `side` are the side paths that may be taken from here.
    """

    number: int
    total: int
    previous: Any | None
    next: Any | None
    side: list
