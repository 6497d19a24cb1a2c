"""Snapshots of a record with its parts.

A snapshot is a list of rows, the record first and each part after its owner, in the format of
Django's Python serializer: {"model", "pk", "fields"}. It holds keys, not slugs, so that a part
stays the same when it is renamed or moved.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from psychoplastogens.editorial.models import (
    ContentVersion,
    OldAddress,
    PagePointer,
    Publishable,
    SluggedModel,
    get_related_model,
)

Snapshot = list[dict[str, Any]]

# Fields that the workflow sets. Snapshots leave them out.
WORKFLOW_FIELDS = (
    *("status", "published_at", "published_by", "withdrawn_because"),
    *("updated_on", "reviewed_at", "reviewed_by", "review_due"),
    *("reviewer_name", "reviewer_credentials"),
)


class SnapshotConflict(ValueError):
    """The snapshot needs a record that was deleted, or an address that is taken."""


def take_snapshot(record: Publishable) -> Snapshot:
    """Return `record` and its parts as plain JSON data."""
    return _serialize_rows(fetch_with_parts(record))


def take_snapshots(records: Iterable[Publishable]) -> dict[Any, Snapshot]:
    """The snapshots of records by their keys, in a constant number of queries for each model."""
    keys: dict[type[models.Model], list[Any]] = {}
    for record in records:
        keys.setdefault(type(record), []).append(record.pk)
    return {
        record.pk: _serialize_rows(record)
        for model, found in keys.items()
        for record in prefetch_parts(model._base_manager.filter(pk__in=found))
    }


def _serialize_rows(record: models.Model) -> Snapshot:
    """A record that was fetched with its parts, as plain JSON data."""
    rows = serializers.serialize("python", iter_rows(record))
    for name in WORKFLOW_FIELDS:
        rows[0]["fields"].pop(name)
    return json.loads(json.dumps(rows, cls=DjangoJSONEncoder))


def fetch_with_parts(record: models.Model) -> models.Model:
    """Fetch `record` again with its parts and relations, in a constant number of queries."""
    return prefetch_parts(type(record)._base_manager.all()).get(pk=record.pk)


def prefetch_parts(records: models.QuerySet) -> models.QuerySet:
    """Prefetch parts and relations of `records`, for `iter_rows`."""
    return records.prefetch_related(*_get_prefetch_paths(records.model))


def iter_rows(record: models.Model) -> Iterator[models.Model]:
    """Yield `record` and its parts, each after its owner and in order."""
    yield record
    for name in getattr(record, "parts", ()):
        for part in sorted(getattr(record, name).all(), key=lambda part: (part.order, part.pk)):
            yield from iter_rows(part)


def apply_snapshot(snapshot: Snapshot) -> Publishable:
    """Make the rows of a record and its parts equal `snapshot`; return the record.

    Workflow fields stay as they are. A deleted record comes back as a draft. Deleted related
    records are left out, or raise SnapshotConflict where one is required. Run it in a transaction.
    The number of queries does not grow with the number of parts.
    """
    model = apps.get_model(snapshot[0]["model"])
    now = prefetch_parts(model._base_manager.filter(pk=snapshot[0]["pk"])).first()
    before = {row.pk: row for row in iter_rows(now)} if now else {}
    items = list(serializers.deserialize("python", snapshot, ignorenonexistent=True))
    _drop_missing_relations(items)
    for name in WORKFLOW_FIELDS if now else ():
        attribute = model._meta.get_field(name).attname
        setattr(items[0].object, attribute, getattr(now, attribute))
    rows = {item.object.pk: item.object for item in items}
    for row in reversed([row for key, row in before.items() if key not in rows]):
        row.delete()
    _free_slugs([row for key, row in before.items() if key in rows], rows)
    for kind in dict.fromkeys(type(row) for row in rows.values()):  # Owners before their parts.
        _write_rows(kind, [row for row in rows.values() if type(row) is kind], before)
        _write_many_to_many(kind, [item for item in items if type(item.object) is kind])
    ContentVersion.objects.bump()
    return model._base_manager.get(pk=snapshot[0]["pk"])


def publish_snapshot(snapshot: Snapshot) -> Publishable:
    """Like `apply_snapshot`, and redirect the old slugs of the record and its parts."""
    model = apps.get_model(snapshot[0]["model"])
    rows = model._base_manager.filter(pk=snapshot[0]["pk"], published_at__isnull=False)
    now = prefetch_parts(rows).first()
    slugs = {row.pk: row.slug for row in _iter_slugged_rows(now)} if now else {}
    record = apply_snapshot(snapshot)
    for row in _iter_slugged_rows(fetch_with_parts(record)) if slugs else ():
        if row.pk in slugs and slugs[row.pk] != row.slug:
            OldAddress.objects.add(row, slugs[row.pk])
    return record


def are_equivalent(one: Snapshot, other: Snapshot) -> bool:
    """Return whether two snapshots differ at most in the keys of new parts.

    A form that is submitted twice gives such a pair: its new parts get new keys each time.
    """
    if len(one) != len(other):
        return False
    text = json.dumps(other)
    for row, twin in zip(one, other, strict=True):
        text = text.replace(twin["pk"], row["pk"])
    return json.loads(text) == one


def get_referenced_names(*snapshots: Snapshot) -> dict[tuple[str, str], str]:
    """Return names of the records that snapshots refer to, by (model, key). One query a model."""
    wanted: dict[type[models.Model], set[str]] = {}
    for row in (row for snapshot in snapshots for row in snapshot):
        model = apps.get_model(row["model"])
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
            value = row["fields"].get(field.name) if field.remote_field else None
            keys = value if isinstance(value, list) else [value]
            if found := {key for key in keys if key}:
                wanted.setdefault(get_related_model(field), set()).update(found)
        if issubclass(model, PagePointer):
            page_model, key = get_page_reference(row["fields"])
            wanted.setdefault(page_model, set()).add(key)
    return {
        (model._meta.label_lower, str(record.pk)): str(record)
        for model, keys in wanted.items()
        for record in model._base_manager.filter(pk__in=keys)
    }


def get_page_reference(fields: dict[str, Any]) -> tuple[type[models.Model], str]:
    """The model and the key of the page that a row of a pointer points at."""
    model = ContentType.objects.get_for_id(fields["page_type"]).model_class()
    assert model is not None
    return model, fields["page_id"]


def _get_prefetch_paths(model: type[models.Model]) -> list[str]:
    """The relations to fetch ahead, so that a snapshot costs the same few queries always."""
    ways = [field.name for field in model._meta.many_to_many]
    for name in getattr(model, "parts", ()):
        part = get_related_model(model._meta.get_field(name))
        ways += [name, *(f"{name}__{way}" for way in _get_prefetch_paths(part))]
    return ways


def _iter_slugged_rows(record: models.Model) -> Iterator[SluggedModel]:
    return (row for row in iter_rows(record) if isinstance(row, SluggedModel))


def _write_rows(model: type[models.Model], rows: list[models.Model], before: dict) -> None:
    """Create the rows that are not in `before`; of the others, update what differs from it."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    different = {
        row: names
        for row in rows
        if row.pk in before
        and (names := {f.name for f in fields if _differs(f, row, before[row.pk])})
    }
    if different:
        model._base_manager.bulk_update(list(different), sorted(set().union(*different.values())))
    model._base_manager.bulk_create([row for row in rows if row.pk not in before])


def _differs(field: models.Field, row: models.Model, other: models.Model) -> bool:
    return field.value_from_object(row) != field.value_from_object(other)


def _write_many_to_many(
    model: type[models.Model], items: list[serializers.base.DeserializedObject]
) -> None:
    """Make the many-to-many relations of these rows, all of `model`, what the snapshot says."""
    for field in model._meta.many_to_many:
        related = {item.object.pk: _get_many_to_many(item) for item in items}
        lists = {key: data[field.name] for key, data in related.items() if field.name in data}
        wanted = dict.fromkeys((key, other) for key, others in lists.items() for other in others)
        near, far = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
        through = field.remote_field.through
        assert through is not None  # Django makes one where a model names none.
        links = through._base_manager
        stored = links.filter(**{f"{near}__in": list(lists)}).values_list("pk", near, far)
        found = {(one, other): key for key, one, other in stored}
        if gone := [key for pair, key in found.items() if pair not in wanted]:
            links.filter(pk__in=gone).delete()
        links.bulk_create(
            links.model(**{near: key, far: other})
            for key, other in wanted
            if (key, other) not in found
        )


def _free_slugs(before: list[models.Model], rows: dict[Any, models.Model]) -> None:
    """Let parts swap their slugs: while rows are saved one by one, no two may share one."""
    renamed: dict[type[models.Model], list] = {}
    for row in before:
        is_part = not isinstance(row, Publishable)
        if is_part and getattr(row, "slug", "") != getattr(rows[row.pk], "slug", ""):
            renamed.setdefault(type(row), []).append(row.pk)
    for model, keys in renamed.items():
        free = Concat(Value("laid-"), Cast(F("pk"), CharField()))
        model._base_manager.filter(pk__in=keys).update(slug=free)


def _drop_missing_relations(items: list[serializers.base.DeserializedObject]) -> None:
    """Leave out related records that were deleted; raise SnapshotConflict where one is required."""
    existing = _get_existing_keys(items)
    for item in items:
        record = item.object
        related = _get_many_to_many(item)
        for name, keys in related.items():
            there = existing[get_related_model(record._meta.get_field(name))]
            related[name] = [key for key in keys if key in there]
        for field in _get_foreign_keys(type(record)):
            key = getattr(record, field.attname)
            if key is None or key in existing[get_related_model(field)]:
                continue
            if not (field.null and field.blank):
                kind = get_related_model(field)._meta.verbose_name
                raise SnapshotConflict(
                    f"“{record}” needs a {kind} that was deleted. Bring that back first."
                )
            setattr(record, field.attname, None)
        if not isinstance(record, PagePointer) or (page_model := record.page_model) is None:
            continue
        if record.page_id not in existing[page_model]:
            kind = page_model._meta.verbose_name
            raise SnapshotConflict(
                f"“{record}” needs a {kind} that was deleted. Bring that back first."
            )


def _get_existing_keys(items: list[serializers.base.DeserializedObject]) -> dict[type, set]:
    """Return the keys of the related records of `items` that exist or are among them, by model."""
    existing: dict[type[models.Model], set] = {}
    wanted: dict[type[models.Model], set] = {}
    for item in items:
        existing.setdefault(type(item.object), set()).add(item.object.pk)
        for field in _get_foreign_keys(type(item.object)):
            key = getattr(item.object, field.attname)
            wanted.setdefault(get_related_model(field), set()).add(key)
        if isinstance(item.object, PagePointer) and (page_model := item.object.page_model):
            wanted.setdefault(page_model, set()).add(item.object.page_id)
        for name, others in _get_many_to_many(item).items():
            related = get_related_model(item.object._meta.get_field(name))
            wanted.setdefault(related, set()).update(others)
    for model, keys in wanted.items():
        found = existing.setdefault(model, set())
        if keys := keys - found - {None}:
            found.update(model._base_manager.filter(pk__in=keys).values_list("pk", flat=True))
    return existing


def _get_many_to_many(
    item: serializers.base.DeserializedObject,
) -> dict[str, Sequence[Any]]:
    assert item.m2m_data is not None  # It is None once the item has been saved.
    return item.m2m_data


def _get_foreign_keys(model: type[models.Model]) -> list[models.Field]:
    """The foreign keys to records; content types are never deleted."""
    keys = (field for field in model._meta.concrete_fields if field.many_to_one)
    return [field for field in keys if field.related_model is not ContentType]
