"""The differences between two snapshots of a record, in reading order.

Names of related records are passed in, see drafts.snapshots.get_referenced_names.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import models
from django.utils.text import capfirst

from psychoplastogens.editorial.drafts.snapshots import Snapshot, get_page_reference
from psychoplastogens.editorial.drafts.text_diff import (
    Hunk,
    SegmentKind,
    diff_texts,
    find_changes,
)
from psychoplastogens.editorial.models import (
    PagePointer,
    Part,
    Publishable,
    get_owner_field_name,
    get_related_model,
)

Names = Mapping[tuple[str, str], str]
Key = tuple[str, str]

# Fields that every model has. They come last.
COMMON_FIELDS = {field.name for model in (Publishable, Part) for field in model._meta.fields}
DETAILS = COMMON_FIELDS - {"update_note"}


class ChangeType(StrEnum):
    """How a record or a part changed."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class FieldDifference:
    """A changed field, with the label that forms use. `attribute` is its name in a snapshot."""

    attribute: str
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

    @property
    def texts(self) -> list[FieldDifference]:
        """What a reviewer reads: of a new row, all but its details."""
        return [field for field in self.fields if field not in self.details]

    @property
    def details(self) -> list[FieldDifference]:
        """Of a new row, its address, language, place and dates: nothing that readers go by."""
        if self.how is not ChangeType.ADDED:
            return []
        return [field for field in self.fields if field.attribute in DETAILS]


def diff_snapshots(old: Snapshot, new: Snapshot, names: Names) -> list[RowDifference]:
    """Return the differences from `old` to `new`. With an empty `old` everything is added.

    The list is empty if both say the same. The order of many-to-many relations is ignored.
    """
    before, after = _index_by_key(old), _index_by_key(new)
    moved, steady = _find_moves(old, new)
    found = []
    for key in _iter_in_reading_order(list(before), list(after)):
        was, is_now = before.get(key), after.get(key)
        model = apps.get_model(key[0])
        fields = tuple(_diff_fields(model, was, is_now, names, key in steady))
        how = (
            ChangeType.CHANGED
            if was and is_now
            else ChangeType.ADDED
            if is_now
            else ChangeType.REMOVED
        )
        if fields or key in moved or how is not ChangeType.CHANGED:
            kind = capfirst(str(model._meta.verbose_name))
            title = _get_title(is_now or before[key])
            found.append(RowDifference(*key, kind, title, how, key in moved, fields))
    return found


def count_changed_marks(rows: list[RowDifference]) -> Counter[str]:
    """Count the numbers, citations, findings and terms in what was added or removed.

    Days and the places of parts are no numbers that a reader goes by.
    """
    segments = (
        segment
        for row in rows
        for field in row.fields
        if not _is_day_or_place(row.model, field.attribute)
        for hunk in field.hunks
        for segment in hunk.segments
        if segment.kind is not SegmentKind.EQUAL
    )
    return Counter(mark for segment in segments for _, mark in segment.pieces if mark)


def _is_day_or_place(model: str, attribute: str) -> bool:
    field = apps.get_model(model)._meta.get_field(attribute)
    return isinstance(field, models.DateField) or attribute == "order"


def _index_by_key(snapshot: Snapshot) -> dict[Key, dict[str, Any]]:
    return {(row["model"], str(row["pk"])): row for row in snapshot}


def _iter_in_reading_order(old: list[Key], new: list[Key]) -> Iterator[Key]:
    """The rows as they stand in the new text, and what was removed after what it stood after."""
    there = set(new)
    removed: dict[Key | None, list[Key]] = {}
    last: Key | None = None
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
        for change in find_changes(was, now):
            moved.update(was[change.old_start : change.old_end])
    return moved, steady


def _group_siblings(snapshot: Snapshot) -> dict[Hashable, list[Key]]:
    """The parts by their model and owner; a record is its own only sibling."""
    found: dict[Hashable, list[Key]] = {}
    for key, row in _index_by_key(snapshot).items():
        owner = get_owner_field_name(apps.get_model(row["model"]))
        found.setdefault((key[0], str(row["fields"].get(owner))), []).append(key)
    return found


def _diff_fields(
    model: type[models.Model],
    was: dict | None,
    is_now: dict | None,
    names: Names,
    numbered: bool,
) -> Iterator[FieldDifference]:
    old, new = _get_fields(model, was), _get_fields(model, is_now)
    known = {field.name: field for field in (*model._meta.fields, *model._meta.many_to_many)}
    known |= {field.name: field for field in model._meta.private_fields}
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
        label = capfirst(str(field.verbose_name)) if field else name
        yield FieldDifference(name, label, diff_texts(*texts))


def _get_fields(model: type[models.Model], row: dict | None) -> dict[str, Any]:
    """The fields of a row, with the page of a pointer as one field: [model, key]."""
    fields = dict(row["fields"]) if row else {}
    if fields and issubclass(model, PagePointer):
        page_model, key = get_page_reference(fields)
        del fields["page_type"], fields["page_id"]
        fields["page"] = [page_model._meta.label_lower, key]
    return fields


def _same(field: models.Field | None, old: Any, new: Any) -> bool:
    if field and field.many_to_many and old is not None and new is not None:
        return sorted(map(str, old)) == sorted(map(str, new))
    return type(old) is type(new) and old == new


def _as_text(field: models.Field | None, value: Any, names: Names) -> str:
    """A value as an editor reads it in the form: names, labels, one line for each of a list."""
    if value is None or value == "":
        return ""
    if isinstance(field, GenericForeignKey):
        return names.get(tuple(value), value[1])
    if field and field.remote_field:
        kind = get_related_model(field)._meta.label_lower
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
