"""The differences between two snapshots of a record, in reading order.

Names of related records are passed in, see drafts.snapshots.get_related_names. Texts are compared
line by line, and changed lines word by word. Where that would take too long, changed lines are
shown whole, then the whole text: equal text may be shown as changed, but never the reverse.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.text import capfirst

from psychoplastogens.editorial.drafts.snapshots import Snapshot
from psychoplastogens.editorial.models import Part, Publishable
from psychoplastogens.editorial.workflow.references import get_owner_field_name

Names = Mapping[tuple[str, str], str]
Key = tuple[str, str]

# Worst-case steps of difflib, for one hunk and for a whole record. Real texts need 1 % of it.
MAX_STEPS_PER_HUNK = 60_000_000
MAX_STEPS_IN_ALL = 150_000_000
MIN_STEPS_PER_HUNK = 3_000
# From this length on difflib ignores frequent tokens and takes 1 % of the steps.
AUTOJUNK_LENGTH = 200
MAX_DIFF_LENGTH = 200_000
# Below this share of equal words the whole text is shown as changed.
MIN_SIMILARITY = 0.5

MARK_PATTERN = (
    r"(?P<citation>\[\^[^\]\n]{1,160}\])|(?P<finding>\{\{[^{}\n]{1,160}\}\})"
    r"|(?P<term>\[\[[^\]\n]{1,160}\]\])|(?P<number>\d+(?:[.,]\d+)*%?)"
)
MARK_REGEX = re.compile(MARK_PATTERN)
TOKEN_REGEX = re.compile(rf"{MARK_PATTERN}|[^\W\d]+|\s+|.", re.DOTALL)
# Fields that every model has. They come last.
COMMON_FIELDS = {field.name for model in (Publishable, Part) for field in model._meta.fields}


class SegmentKind(StrEnum):
    EQUAL = "equal"
    REMOVED = "removed"
    ADDED = "added"


class ChangeType(StrEnum):
    """How a record or a part changed."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


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
            found += [(self.text[end : match.start()], ""), (match[0], match.lastgroup)]
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


@dataclass(frozen=True)
class FieldDifference:
    """A changed field, with the label that forms use."""

    name: str
    hunks: tuple[Hunk, ...]


@dataclass(frozen=True)
class RowDifference:
    """A record or part that was added, removed, moved or changed."""

    model: str
    key: str
    kind: str
    title: str
    how: ChangeType
    moved: bool
    fields: tuple[FieldDifference, ...]


@dataclass
class ComparisonBudget:
    """How many more steps the comparison may take."""

    left: int = MAX_STEPS_IN_ALL

    def spend(self, old: list, new: list) -> bool:
        """Return whether comparing these is affordable, and if so deduct the cost."""
        per_item = len(new) if len(new) < AUTOJUNK_LENGTH else len(new) // 100 + 1
        price = MIN_STEPS_PER_HUNK + len(old) * per_item * min(len(old), len(new))
        if price > min(MAX_STEPS_PER_HUNK, self.left):
            return False
        self.left -= price
        return True


def diff_snapshots(old: Snapshot, new: Snapshot, names: Names) -> list[RowDifference]:
    """Return the differences from `old` to `new`. With an empty `old` everything is added.

    The list is empty if both say the same. The order of many-to-many relations is ignored.
    """
    before, after = _index_by_key(old), _index_by_key(new)
    moved, steady = _find_moves(old, new)
    budget, found = ComparisonBudget(), []
    for key in _iter_in_reading_order(list(before), list(after)):
        was, is_now = before.get(key), after.get(key)
        numbered = key in steady
        fields = tuple(_diff_fields(was, is_now, names, numbered, budget))
        how = (
            ChangeType.CHANGED
            if was and is_now
            else ChangeType.ADDED
            if is_now
            else ChangeType.REMOVED
        )
        if fields or key in moved or how is not ChangeType.CHANGED:
            kind = capfirst(apps.get_model(key[0])._meta.verbose_name)
            title = _get_title(is_now or was)
            found.append(RowDifference(*key, kind, title, how, key in moved, fields))
    return found


def count_changed_marks(rows: list[RowDifference]) -> Counter[str]:
    """Count the numbers, citations, findings and terms in what was added or removed."""
    segments = (
        segment
        for row in rows
        for field in row.fields
        for hunk in field.hunks
        for segment in hunk.segments
        if segment.kind is not SegmentKind.EQUAL
    )
    return Counter(mark for segment in segments for _, mark in segment.pieces if mark)


def diff_texts(old: str, new: str, budget: ComparisonBudget | None = None) -> tuple[Hunk, ...]:
    """Return two texts as hunks.

    The equal and removed segments join to `old`, the equal and added ones to `new`.
    """
    budget = budget or ComparisonBudget()
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    start = _count_common_prefix(before, after)
    end = _count_common_prefix(before[start:][::-1], after[start:][::-1])
    was, is_now = before[start : len(before) - end], after[start : len(after) - end]
    middle = [_build_changed_hunk(was, is_now, budget)]
    if was and is_now and budget.spend(was, is_now):
        steps = SequenceMatcher(None, was, is_now).get_opcodes()
        middle = [
            _build_equal_hunk(was[i:j])
            if tag == "equal"
            else _build_changed_hunk(was[i:j], is_now[k:m], budget)
            for tag, i, j, k, m in steps
        ]
    every = [
        _build_equal_hunk(before[:start]),
        *middle,
        _build_equal_hunk(before[len(before) - end :]),
    ]
    return tuple(hunk for hunk in every if hunk.segments)


def _index_by_key(snapshot: Snapshot) -> dict[Key, dict[str, Any]]:
    return {(row["model"], str(row["pk"])): row for row in snapshot}


def _iter_in_reading_order(old: list[Key], new: list[Key]) -> Iterator[Key]:
    """The rows as they stand in the new text, and what was removed after what it stood after."""
    there, removed, last = set(new), {}, None
    for key in old:
        if key in there:
            last = key
        else:
            removed.setdefault(last, []).append(key)
    yield from removed.get(None, ())
    for key in new:
        yield key
        yield from removed.get(key, ())


def _find_moves(old: Snapshot, new: Snapshot) -> tuple[set[Key], set[Key]]:
    """(parts that changed places, parts whose siblings are the same and in the same places).

    The number in `order` says nothing where parts were added, removed or moved around it.
    """
    before, after = _group_siblings(old), _group_siblings(new)
    moved, steady = set(), set()
    for owner, now in after.items():
        was = before.get(owner, [])
        if was == now:
            steady.update(now)
            continue
        both = set(was) & set(now)
        was, now = [key for key in was if key in both], [key for key in now if key in both]
        blocks = SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks()
        stayed = {key for block in blocks for key in now[block.b : block.b + block.size]}
        moved |= both - stayed
    return moved, steady


def _group_siblings(snapshot: Snapshot) -> dict[Hashable, list[Key]]:
    """The parts by their model and owner; a record is its own only sibling."""
    found = {}
    for key, row in _index_by_key(snapshot).items():
        owner = get_owner_field_name(apps.get_model(row["model"]))
        found.setdefault((key[0], str(row["fields"].get(owner))), []).append(key)
    return found


def _diff_fields(
    was: dict | None, is_now: dict | None, names: Names, numbered: bool, budget: ComparisonBudget
) -> Iterator[FieldDifference]:
    model = apps.get_model((is_now or was)["model"])
    old, new = (was or {}).get("fields", {}), (is_now or {}).get("fields", {})
    known = {field.name: field for field in (*model._meta.fields, *model._meta.many_to_many)}
    left_out = set() if was and is_now else {get_owner_field_name(model)}
    if issubclass(model, Part) and not numbered:
        left_out.add("order")
    for name in sorted({**old, **new}, key=lambda name: name in COMMON_FIELDS):
        field = known.get(name)
        if name in left_out or _same(field, old.get(name), new.get(name)):
            continue
        texts = [_as_text(field, side.get(name), names) for side in (old, new)]
        if texts[0] == texts[1]:
            if not (name in old and name in new):
                continue  # the field did not exist then, and is empty now
            texts = [json.dumps(side[name], ensure_ascii=False) for side in (old, new)]
        label = capfirst(field.verbose_name) if field else name
        yield FieldDifference(label, diff_texts(*texts, budget))


def _same(field: models.Field | None, old: Any, new: Any) -> bool:
    if field and field.many_to_many and old is not None and new is not None:
        return sorted(map(str, old)) == sorted(map(str, new))
    return type(old) is type(new) and old == new


def _as_text(field: models.Field | None, value: Any, names: Names) -> str:
    """A value as an editor reads it in the form: names, labels, one line for each of a list."""
    if value is None or value == "":
        return ""
    if field and field.remote_field:
        kind = field.related_model._meta.label_lower
        keys = value if isinstance(value, list) else [value]
        return "\n".join(sorted(names.get((kind, str(key)), str(key)) for key in keys))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if field and field.flatchoices and isinstance(value, Hashable):
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)


def _get_title(row: dict[str, Any]) -> str:
    """What a record or a part calls itself."""
    model = apps.get_model(row["model"])
    names = {field.name: field.attname for field in model._meta.concrete_fields}
    values = {names[name]: value for name, value in row["fields"].items() if name in names}
    return str(model(**values))


def _count_common_prefix(old: list[str], new: list[str]) -> int:
    """How many lines at the beginning are the same."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((n for n, (one, other) in pairs if one != other), min(len(old), len(new)))


def _build_equal_hunk(lines: list[str]) -> Hunk:
    return Hunk(_build_segments((SegmentKind.EQUAL, "".join(lines))))


def _build_changed_hunk(was: list[str], is_now: list[str], budget: ComparisonBudget) -> Hunk:
    """Lines that differ, compared by words; many of them each with its own counterpart."""
    old, new = "".join(was), "".join(is_now)
    whole = ((SegmentKind.REMOVED, old), (SegmentKind.ADDED, new))
    if not old or not new:
        return Hunk(_build_segments(*whole))
    if len(old) + len(new) <= MAX_DIFF_LENGTH:
        before, after = ([match[0] for match in TOKEN_REGEX.finditer(text)] for text in (old, new))
        if budget.spend(before, after):
            return Hunk(_build_segments(*_diff_words(before, after)))
    if len(was) == len(is_now) > 1 and len(was) * MIN_STEPS_PER_HUNK <= budget.left:
        pairs = [
            _build_changed_hunk([one], [other], budget)
            for one, other in zip(was, is_now, strict=True)
        ]
        return Hunk(tuple(segment for pair in pairs for segment in pair.segments))
    return Hunk(_build_segments(*whole))


def _diff_words(before: list[str], after: list[str]) -> Iterator[tuple[SegmentKind, str]]:
    matcher = SequenceMatcher(str.isspace, before, after)
    steps = matcher.get_opcodes()
    if _get_similarity(steps, before, after) < MIN_SIMILARITY:
        steps = [("replace", 0, len(before), 0, len(after))]
    for tag, i, j, k, m in steps:
        if tag == "equal":
            yield SegmentKind.EQUAL, "".join(before[i:j])
        else:
            yield SegmentKind.REMOVED, "".join(before[i:j])
            yield SegmentKind.ADDED, "".join(after[k:m])


def _get_similarity(steps: list, before: list[str], after: list[str]) -> float:
    """How much of the shorter text's words is in both: points and spaces are no likeness."""
    both = sum(_count_letters(before[i:j]) for tag, i, j, _, _ in steps if tag == "equal")
    shorter = min(_count_letters(before), _count_letters(after))
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
