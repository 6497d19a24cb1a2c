"""Navigation through a walkthrough: the position of a step, and its neighbours.

Pure: it works on any objects with a `side_path` flag.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


class StepSequence:
    """The steps of the main path in order, and the side paths, which are not numbered."""

    def __init__(self, steps: Iterable[Any]):
        self.steps = list(steps)
        self.main = [step for step in self.steps if not step.side_path]
        self.side = [step for step in self.steps if step.side_path]

    def get_position(self, step: Any) -> StepPosition:
        if step.side_path:
            others = [other for other in self.side if other is not step]
            return StepPosition(
                0, len(self.main), self.main[-1] if self.main else None, None, others
            )
        place = self.main.index(step)
        is_last = place + 1 == len(self.main)
        return StepPosition(
            number=place + 1,
            total=len(self.main),
            previous=self.main[place - 1] if place else None,
            next=None if is_last else self.main[place + 1],
            side=self.side if is_last else [],
        )

    def get_step_by_number(self, text: str) -> Any | None:
        """The step whose number is `text`, or None."""
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
        return self.main[number - 1] if 0 < number <= len(self.main) else None


@dataclass(frozen=True)
class StepPosition:
    """The position of a step. `number` counts from 1, and is 0 for a side path.

    `side` are the side paths that branch off here.
    """

    number: int
    total: int
    previous: Any | None
    next: Any | None
    side: list
