"""The line on which a guess is set beside the number of a study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

LINE_START, LINE_LENGTH, LINE_HEIGHT = 44, 272, 44
"""Of the drawn line, in a view box 360 wide."""


@dataclass(frozen=True)
class GuessLine:
    """A line with the answer, its range or comparison, and what somebody said, as places on it.

    `guess` is a Guess that has an answer.
    """

    guess: Any
    said: int | None = None

    @property
    def ends(self) -> tuple[int, int]:
        """The numbers at both ends, in whole tens: all that is drawn is between them."""
        if self.guess.finding:
            return 0, 100
        change = self.guess.spine_change
        spread = [change.percent_low, change.percent_high] if change else []
        drawn = [self.guess.answer, *spread, *self.guess.numbers, 0]
        known = [number for number in drawn if number is not None]
        return min(known) // 10 * 10, -(-max(known) // 10) * 10

    def get_place(self, number: int) -> float:
        low, high = self.ends
        return round(LINE_START + LINE_LENGTH * (number - low) / max(high - low, 1), 1)

    @property
    def axis(self) -> str:
        return f"M{LINE_START} {LINE_HEIGHT}H{LINE_START + LINE_LENGTH}"

    @property
    def answer(self) -> float:
        assert self.guess.answer is not None
        return self.get_place(self.guess.answer)

    @property
    def compared(self) -> tuple[int, float] | None:
        """The count in the comparison, and its place."""
        finding = self.guess.finding
        return (n := finding.comparator_per100, self.get_place(n)) if finding else None

    @property
    def span(self) -> tuple[float, float] | None:
        """The start and width of the range of a count of spines."""
        change = self.guess.spine_change
        if not change or change.percent_low is None or change.percent_high is None:
            return None
        start = self.get_place(change.percent_low)
        return start, round(self.get_place(change.percent_high) - start, 1)

    @property
    def said_place(self) -> float:
        """The middle of the words over what was said: within the drawing."""
        return min(max(self.get_place(self.said or 0), 48), 312)

    @property
    def said_mark(self) -> str:
        """A pointer down to what was said."""
        return f"M{self.get_place(self.said or 0) - 7} {LINE_HEIGHT - 20}h14l-7 11z"
