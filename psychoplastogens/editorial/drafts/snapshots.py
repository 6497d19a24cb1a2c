"""Snapshots of a record with its parts.

A snapshot is a list of rows, the record first and each part after its owner, in the format of
Django's Python serializer: {"model", "pk", "fields"}. It holds keys, not slugs, so that a part
stays the same when it is renamed or moved.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from psychoplastogens.editorial.models import OldAddress, Publishable, Status

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
    rows = serializers.serialize("python", iter_rows(fetch_with_parts(record)))
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
    """
    model = apps.get_model(snapshot[0]["model"])
    now = model._base_manager.filter(pk=snapshot[0]["pk"]).first()
    before = {row.pk: row for row in iter_rows(now)} if now else {}
    kept = {_get_row_key(row) for row in snapshot}
    for row in reversed(before.values()):
        if row.pk not in kept and isinstance(row, models.Model):
            row.delete()
    _free_slugs([row for row in before.values() if row.pk in kept])
    whole = _with_workflow_fields(snapshot, now)
    for item in serializers.deserialize("python", whole, ignorenonexistent=True):
        _drop_missing_relations(item)
        item.save()
    return model._base_manager.get(pk=snapshot[0]["pk"])


def publish_snapshot(snapshot: Snapshot) -> Publishable:
    """Like `apply_snapshot`, and redirect the old slugs of the record and its parts."""
    model = apps.get_model(snapshot[0]["model"])
    now = model._base_manager.filter(pk=snapshot[0]["pk"], published_at__isnull=False).first()
    slugs = {row.pk: row.slug for row in iter_rows(now) if hasattr(row, "slug")} if now else {}
    record = apply_snapshot(snapshot)
    for row in iter_rows(record):
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


def get_related_names(*snapshots: Snapshot) -> dict[tuple[str, str], str]:
    """Return names of the records that snapshots refer to, by (model, key). One query a model."""
    wanted: dict[type[models.Model], set[str]] = {}
    for row in (row for snapshot in snapshots for row in snapshot):
        model = apps.get_model(row["model"])
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
            value = row["fields"].get(field.name) if field.remote_field else None
            keys = value if isinstance(value, list) else [value]
            wanted.setdefault(field.related_model, set()).update(key for key in keys if key)
    return {
        (model._meta.label_lower, str(record.pk)): str(record)
        for model, keys in wanted.items()
        if model
        for record in model._base_manager.filter(pk__in=keys)
    }


def _get_prefetch_paths(model: type[models.Model]) -> list[str]:
    """The relations to fetch ahead, so that a snapshot costs the same few queries always."""
    ways = [field.name for field in model._meta.many_to_many]
    for name in getattr(model, "parts", ()):
        part = model._meta.get_field(name).related_model
        ways += [name, *(f"{name}__{way}" for way in _get_prefetch_paths(part))]
    return ways


def _get_row_key(row: dict[str, Any]) -> Any:
    return apps.get_model(row["model"])._meta.pk.to_python(row["pk"])


def _free_slugs(rows: list[models.Model]) -> None:
    """Let parts swap their slugs: while rows are saved one by one, no two may share one."""
    for model in {type(row) for row in rows if not isinstance(row, Publishable)}:
        if any(field.name == "slug" for field in model._meta.fields):
            keys = [row.pk for row in rows if type(row) is model]
            free = Concat(Value("laid-"), Cast(F("pk"), CharField()))
            model._base_manager.filter(pk__in=keys).update(slug=free)


def _with_workflow_fields(snapshot: Snapshot, now: Publishable | None) -> Snapshot:
    if not now:
        decided = {"status": Status.DRAFT}
    else:
        decided = {
            name: getattr(now, now._meta.get_field(name).attname) for name in WORKFLOW_FIELDS
        }
    first = {**snapshot[0], "fields": snapshot[0]["fields"] | decided}
    return [first, *snapshot[1:]]


def _drop_missing_relations(item: serializers.base.DeserializedObject) -> None:
    record = item.object
    for name, keys in (item.m2m_data or {}).items():
        there = record._meta.get_field(name).related_model._base_manager.filter(pk__in=keys)
        found = set(there.values_list("pk", flat=True))
        item.m2m_data[name] = [key for key in keys if key in found]
    for field in record._meta.concrete_fields:
        key = getattr(record, field.attname) if field.many_to_one else None
        if key is None or field.related_model._base_manager.filter(pk=key).exists():
            continue
        if not field.null:
            kind = field.related_model._meta.verbose_name
            raise SnapshotConflict(
                f"“{record}” needs a {kind} that was deleted. Bring that back first."
            )
        setattr(record, field.attname, None)
