"""The differences between two texts, for people who read the new one.

Texts are compared line by line, and changed lines word by word, each by their longest common
subsequence. Texts too long for that are shown as changed whole: equal text may be shown as
changed, but never the reverse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from rapidfuzz.distance import LCSseq

MAX_LENGTH = 10_000
"""Lines, or characters of changed lines, that are compared: 0.1 s and 13 MB at the worst."""
# Below this share of equal words, changed lines are shown whole.
MIN_SIMILARITY = 0.5

MARK_PATTERN = (
    r"(?P<citation>\[\^[^\]\n]{1,160}\])|(?P<finding>\{\{[^{}\n]{1,160}\}\})"
    r"|(?P<term>\[\[[^\]\n]{1,160}\]\])|(?P<number>\d+(?:[.,]\d+)*%?)"
)
MARK_REGEX = re.compile(MARK_PATTERN)
TOKEN_REGEX = re.compile(rf"{MARK_PATTERN}|[^\W\d]+|\s+|.", re.DOTALL)


class SegmentKind(StrEnum):
    EQUAL = "equal"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Segment:
    """A piece of text that is in both texts, only in the old one, or only in the new one."""

    kind: SegmentKind
    text: str

    @property
    def is_blank(self) -> bool:
        return self.text.isspace()

    @property
    def pieces(self) -> list[tuple[str, str]]:
        """(text, mark) pairs in order; the mark is citation, finding, term, number or ''."""
        found, end = [], 0
        for match in MARK_REGEX.finditer(self.text):
            found += [(self.text[end : match.start()], ""), (match[0], match.lastgroup or "")]
            end = match.end()
        return [piece for piece in [*found, (self.text[end:], "")] if piece[0]]


@dataclass(frozen=True)
class Hunk:
    """Consecutive lines of a text: all equal, or with differences."""

    segments: tuple[Segment, ...]

    @property
    def is_equal(self) -> bool:
        return all(segment.kind is SegmentKind.EQUAL for segment in self.segments)

    @property
    def is_blank(self) -> bool:
        """Whether it is only the space between paragraphs, the same on both sides."""
        return self.is_equal and all(segment.is_blank for segment in self.segments)

    @property
    def word_count(self) -> int:
        return sum(len(segment.text.split()) for segment in self.segments)

    @property
    def old(self) -> list[Segment]:
        """The segments of the old side, without surrounding newlines."""
        return _trim_newlines([s for s in self.segments if s.kind is not SegmentKind.ADDED])

    @property
    def new(self) -> list[Segment]:
        """The segments of the new side, without surrounding newlines."""
        return _trim_newlines([s for s in self.segments if s.kind is not SegmentKind.REMOVED])


class Change(NamedTuple):
    """Where a part of an old sequence stands, and the part of a new one in its place."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def diff_texts(old: str, new: str) -> tuple[Hunk, ...]:
    """Return two texts as hunks.

    The equal and removed segments join to `old`, the equal and added ones to `new`.
    """
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    hunks, end = [], 0
    for i, j, k, m in find_changes(before, after):
        hunks += [
            _build_equal_hunk(before[end:i]),
            _build_changed_hunk("".join(before[i:j]), "".join(after[k:m])),
        ]
        end = j
    hunks.append(_build_equal_hunk(before[end:]))
    return tuple(hunk for hunk in hunks if hunk.segments)


def find_changes(
    old: Sequence[Hashable],
    new: Sequence[Hashable],
    is_filler: Callable[[Any], bool] = lambda item: False,
) -> list[Change]:
    """The changes between equal items, in order. Equal fillers alone do not part two changes.

    Of sequences too long to compare, it is one change: all but what is equal at both ends.
    """
    start = _count_common_prefix(old, new)
    end = _count_common_prefix(old[start:][::-1], new[start:][::-1])
    left, right = len(old) - end, len(new) - end
    if not _are_comparable(old[start:left], new[start:right]):
        return [Change(start, left, start, right)]
    found, i, k = [], 0, 0
    for a, b, size in LCSseq.editops(old, new).as_matching_blocks():  # the last one is empty
        if size and all(map(is_filler, old[a : a + size])):
            continue
        if (i, k) != (a, b):
            found.append(Change(i, a, k, b))
        i, k = a + size, b + size
    return _settle_changes(found, old, new)


def _are_comparable(old: Sequence, new: Sequence) -> bool:
    return max(len(old), len(new)) <= MAX_LENGTH


def _count_common_prefix(old: Sequence[Hashable], new: Sequence[Hashable]) -> int:
    """How many items at the beginning are the same."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((n for n, (one, other) in pairs if one != other), min(len(old), len(new)))


def _settle_changes(
    changes: list[Change], old: Sequence[Hashable], new: Sequence[Hashable]
) -> list[Change]:
    """The same changes without equal ends, each as late as it can stand.

    Of "A. B. C.", where "B. " is new, it is that and not ". B" which is marked.
    """
    settled, end = [], len(old)
    for i, j, k, m in reversed(changes):
        while i < j and k < m and old[i] == new[k]:
            i, k = i + 1, k + 1
        while i < j and k < m and old[j - 1] == new[m - 1]:
            j, m = j - 1, m - 1
        while j < end and ((i == j and new[k] == new[m]) or (k == m and old[i] == old[j])):
            i, j, k, m = i + 1, j + 1, k + 1, m + 1
        settled.append(Change(i, j, k, m))
        end = i
    return settled[::-1]


def _build_equal_hunk(lines: list[str]) -> Hunk:
    return Hunk(_build_segments((SegmentKind.EQUAL, "".join(lines))))


def _build_changed_hunk(old: str, new: str) -> Hunk:
    """Lines that differ, compared by words."""
    if old and new and _are_comparable(old, new):
        before, after = ([match[0] for match in TOKEN_REGEX.finditer(text)] for text in (old, new))
        changes = find_changes(before, after, str.isspace)
        if _get_similarity(changes, before, after) >= MIN_SIMILARITY:
            return Hunk(_build_segments(*_iter_words(changes, before, after)))
    return Hunk(_build_segments((SegmentKind.REMOVED, old), (SegmentKind.ADDED, new)))


def _iter_words(
    changes: list[Change], before: list[str], after: list[str]
) -> Iterator[tuple[SegmentKind, str]]:
    end = 0
    for i, j, k, m in changes:
        yield SegmentKind.EQUAL, "".join(before[end:i])
        yield SegmentKind.REMOVED, "".join(before[i:j])
        yield SegmentKind.ADDED, "".join(after[k:m])
        end = j
    yield SegmentKind.EQUAL, "".join(before[end:])


def _get_similarity(changes: list[Change], before: list[str], after: list[str]) -> float:
    """How much of the shorter text's words is in both: points and spaces are no likeness."""
    letters = _count_letters(before)
    both = letters - sum(_count_letters(before[i:j]) for i, j, _, _ in changes)
    shorter = min(letters, _count_letters(after))
    return both / shorter if shorter else 1


def _count_letters(tokens: list[str]) -> int:
    return sum(len(token) for token in tokens if token[0].isalnum())


def _build_segments(*pairs: tuple[SegmentKind, str]) -> tuple[Segment, ...]:
    return tuple(Segment(kind, text) for kind, text in pairs if text)


def _trim_newlines(segments: list[Segment]) -> list[Segment]:
    """Without line ends at both ends; where nothing else was changed, they are what counts."""
    for end, strip in ((0, str.lstrip), (-1, str.rstrip)):
        while segments and not (
            segments[end].is_blank and segments[end].kind is not SegmentKind.EQUAL
        ):
            text = strip(segments[end].text, "\n")
            if text:
                segments[end] = Segment(segments[end].kind, text)
                break
            del segments[end]
    return segments
