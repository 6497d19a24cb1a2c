"""What differs between two snapshots of a record, in the order in which readers meet it.

Pure: names of related records are handed in (psychoplastogens.editorial.snapshots.names_in).
Texts are compared by lines, and lines that differ by words. Where that would take too long, lines
that differ are shown whole, and in the end the whole text: what is equal is then shown as changed,
and never the other way round.
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

from psychoplastogens.editorial.models import Part, Publishable
from psychoplastogens.editorial.snapshots import Snapshot
from psychoplastogens.editorial.uses import owner_of

Names = Mapping[tuple[str, str], str]
Key = tuple[str, str]

# Steps of difflib at worst, for one stretch and for all of a record; real texts need a hundredth.
MOST_FOR_ONE = 60_000_000
MOST_FOR_ALL = 150_000_000
LEAST_FOR_ONE = 3_000
# difflib ignores what is frequent from this length on, and so takes a hundredth of the steps.
LONG = 200
LONGEST = 200_000
# Below this share, words that happen to be the same only confuse: all is shown as changed.
LEAST_ALIKE = 0.5

MARKED = (
    r"(?P<citation>\[\^[^\]\n]{1,160}\])|(?P<finding>\{\{[^{}\n]{1,160}\}\})"
    r"|(?P<term>\[\[[^\]\n]{1,160}\]\])|(?P<number>\d+(?:[.,]\d+)*%?)"
)
MARKS = re.compile(MARKED)
TOKENS = re.compile(rf"{MARKED}|[^\W\d]+|\s+|.", re.DOTALL)
# What every page has beside its own text: it comes last.
HOUSEKEEPING = {field.name for model in (Publishable, Part) for field in model._meta.fields}


class Kind(StrEnum):
    EQUAL = "equal"
    REMOVED = "removed"
    ADDED = "added"


class How(StrEnum):
    """What became of a record or of a part."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Segment:
    """A piece of text that is in both texts, in the old one only, or in the new one only."""

    kind: Kind
    text: str

    @property
    def is_blank(self) -> bool:
        return self.text.isspace()

    @property
    def pieces(self) -> list[tuple[str, str]]:
        """(text, mark) in order; the mark is citation, finding, term, number or ''."""
        found, end = [], 0
        for match in MARKS.finditer(self.text):
            found += [(self.text[end : match.start()], ""), (match[0], match.lastgroup)]
            end = match.end()
        return [piece for piece in [*found, (self.text[end:], "")] if piece[0]]


@dataclass(frozen=True)
class Stretch:
    """Some lines of a text: all equal, or with differences."""

    segments: tuple[Segment, ...]

    @property
    def is_equal(self) -> bool:
        return all(segment.kind is Kind.EQUAL for segment in self.segments)

    @property
    def is_blank(self) -> bool:
        """Only the space between paragraphs, the same on both sides."""
        return self.is_equal and all(segment.is_blank for segment in self.segments)

    @property
    def words(self) -> int:
        return sum(len(segment.text.split()) for segment in self.segments)

    @property
    def old(self) -> list[Segment]:
        """What stands on the old side, without the line ends around it."""
        return _trimmed([s for s in self.segments if s.kind is not Kind.ADDED])

    @property
    def new(self) -> list[Segment]:
        """What stands on the new side, without the line ends around it."""
        return _trimmed([s for s in self.segments if s.kind is not Kind.REMOVED])


@dataclass(frozen=True)
class FieldDifference:
    """A field whose value differs, by the name that forms give it."""

    name: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True)
class RowDifference:
    """A record or a part of it that was added, removed, moved among its siblings, or changed."""

    model: str
    key: str
    kind: str
    title: str
    how: How
    moved: bool
    fields: tuple[FieldDifference, ...]


@dataclass
class Purse:
    """How much comparing may still be done."""

    left: int = MOST_FOR_ALL

    def pay(self, old: list, new: list) -> bool:
        """Whether comparing these can be afforded; if so it is paid for."""
        per_item = len(new) if len(new) < LONG else len(new) // 100 + 1
        price = LEAST_FOR_ONE + len(old) * per_item * min(len(old), len(new))
        if price > min(MOST_FOR_ONE, self.left):
            return False
        self.left -= price
        return True


def differences(old: Snapshot, new: Snapshot, names: Names) -> list[RowDifference]:
    """What of `old` became what in `new`. With an empty `old` everything is added.

    Empty where both say the same; the order of a many-to-many relation says nothing.
    """
    before, after = _by_key(old), _by_key(new)
    moved, steady = _moves(old, new)
    purse, found = Purse(), []
    for key in _in_reading_order(list(before), list(after)):
        was, is_now = before.get(key), after.get(key)
        numbered = key in steady
        fields = tuple(_field_differences(was, is_now, names, numbered, purse))
        how = How.CHANGED if was and is_now else How.ADDED if is_now else How.REMOVED
        if fields or key in moved or how is not How.CHANGED:
            kind = capfirst(apps.get_model(key[0])._meta.verbose_name)
            title = _title(is_now or was)
            found.append(RowDifference(*key, kind, title, how, key in moved, fields))
    return found


def marks_changed(rows: list[RowDifference]) -> Counter[str]:
    """How many numbers, citations, findings and terms stand in what was added or removed."""
    segments = (
        segment
        for row in rows
        for field in row.fields
        for stretch in field.stretches
        for segment in stretch.segments
        if segment.kind is not Kind.EQUAL
    )
    return Counter(mark for segment in segments for _, mark in segment.pieces if mark)


def compare(old: str, new: str, purse: Purse | None = None) -> tuple[Stretch, ...]:
    """Two texts as stretches. What is equal and what was removed is `old`, letter by letter; what
    is equal and what was added is `new`."""
    purse = purse or Purse()
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    was, is_now = before[start : len(before) - end], after[start : len(after) - end]
    middle = [_changed(was, is_now, purse)]
    if was and is_now and purse.pay(was, is_now):
        steps = SequenceMatcher(None, was, is_now).get_opcodes()
        middle = [
            _equal(was[i:j]) if tag == "equal" else _changed(was[i:j], is_now[k:m], purse)
            for tag, i, j, k, m in steps
        ]
    every = [_equal(before[:start]), *middle, _equal(before[len(before) - end :])]
    return tuple(stretch for stretch in every if stretch.segments)


def _by_key(snapshot: Snapshot) -> dict[Key, dict[str, Any]]:
    return {(row["model"], str(row["pk"])): row for row in snapshot}


def _in_reading_order(old: list[Key], new: list[Key]) -> Iterator[Key]:
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


def _moves(old: Snapshot, new: Snapshot) -> tuple[set[Key], set[Key]]:
    """(parts that changed places, parts whose siblings are the same and in the same places).

    The number in `order` says nothing where parts were added, removed or moved around it.
    """
    before, after = _siblings(old), _siblings(new)
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


def _siblings(snapshot: Snapshot) -> dict[Hashable, list[Key]]:
    """The parts by their model and owner; a record is its own only sibling."""
    found = {}
    for key, row in _by_key(snapshot).items():
        owner = owner_of(apps.get_model(row["model"]))
        found.setdefault((key[0], str(row["fields"].get(owner))), []).append(key)
    return found


def _field_differences(
    was: dict | None, is_now: dict | None, names: Names, numbered: bool, purse: Purse
) -> Iterator[FieldDifference]:
    model = apps.get_model((is_now or was)["model"])
    old, new = (was or {}).get("fields", {}), (is_now or {}).get("fields", {})
    known = {field.name: field for field in (*model._meta.fields, *model._meta.many_to_many)}
    left_out = set() if was and is_now else {owner_of(model)}
    if issubclass(model, Part) and not numbered:
        left_out.add("order")
    for name in sorted({**old, **new}, key=lambda name: name in HOUSEKEEPING):
        field = known.get(name)
        if name in left_out or _same(field, old.get(name), new.get(name)):
            continue
        texts = [_as_text(field, side.get(name), names) for side in (old, new)]
        if texts[0] == texts[1]:
            if not (name in old and name in new):
                continue  # the field did not exist then, and is empty now
            texts = [json.dumps(side[name], ensure_ascii=False) for side in (old, new)]
        label = capfirst(field.verbose_name) if field else name
        yield FieldDifference(label, compare(*texts, purse))


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


def _title(row: dict[str, Any]) -> str:
    """What a record or a part calls itself."""
    model = apps.get_model(row["model"])
    names = {field.name: field.attname for field in model._meta.concrete_fields}
    values = {names[name]: value for name, value in row["fields"].items() if name in names}
    return str(model(**values))


def _alike(old: list[str], new: list[str]) -> int:
    """How many lines at the beginning are the same."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((n for n, (one, other) in pairs if one != other), min(len(old), len(new)))


def _equal(lines: list[str]) -> Stretch:
    return Stretch(_segments((Kind.EQUAL, "".join(lines))))


def _changed(was: list[str], is_now: list[str], purse: Purse) -> Stretch:
    """Lines that differ, compared by words; many of them each with its own counterpart."""
    old, new = "".join(was), "".join(is_now)
    whole = ((Kind.REMOVED, old), (Kind.ADDED, new))
    if not old or not new:
        return Stretch(_segments(*whole))
    if len(old) + len(new) <= LONGEST:
        before, after = ([match[0] for match in TOKENS.finditer(text)] for text in (old, new))
        if purse.pay(before, after):
            return Stretch(_segments(*_by_words(before, after)))
    if len(was) == len(is_now) > 1 and len(was) * LEAST_FOR_ONE <= purse.left:
        pairs = [_changed([one], [other], purse) for one, other in zip(was, is_now, strict=True)]
        return Stretch(tuple(segment for pair in pairs for segment in pair.segments))
    return Stretch(_segments(*whole))


def _by_words(before: list[str], after: list[str]) -> Iterator[tuple[Kind, str]]:
    matcher = SequenceMatcher(str.isspace, before, after)
    steps = matcher.get_opcodes()
    if _share_of_words(steps, before, after) < LEAST_ALIKE:
        steps = [("replace", 0, len(before), 0, len(after))]
    for tag, i, j, k, m in steps:
        if tag == "equal":
            yield Kind.EQUAL, "".join(before[i:j])
        else:
            yield Kind.REMOVED, "".join(before[i:j])
            yield Kind.ADDED, "".join(after[k:m])


def _share_of_words(steps: list, before: list[str], after: list[str]) -> float:
    """How much of the shorter text's words is in both: points and spaces are no likeness."""
    both = sum(_letters(before[i:j]) for tag, i, j, _, _ in steps if tag == "equal")
    shorter = min(_letters(before), _letters(after))
    return both / shorter if shorter else 1


def _letters(tokens: list[str]) -> int:
    return sum(len(token) for token in tokens if token[0].isalnum())


def _segments(*pairs: tuple[Kind, str]) -> tuple[Segment, ...]:
    return tuple(Segment(kind, text) for kind, text in pairs if text)


def _trimmed(segments: list[Segment]) -> list[Segment]:
    """Without line ends at both ends; where nothing else was changed, they are what counts."""
    for end, strip in ((0, str.lstrip), (-1, str.rstrip)):
        while segments and not (segments[end].is_blank and segments[end].kind is not Kind.EQUAL):
            text = strip(segments[end].text, "\n")
            if text:
                segments[end] = Segment(segments[end].kind, text)
                break
            del segments[end]
    return segments
