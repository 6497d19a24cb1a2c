"""A record with its parts as they stand at one moment, and rows made as a snapshot says.

A snapshot is a list of rows, the record first and each part after its owner, as Django's Python
serializer gives them: {"model", "pk", "fields"}. Keys, not slugs: a part keeps its identity when
it is renamed or moved.
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

# What is decided about a record, apart from what it says. Snapshots do not hold it.
DECIDED = (
    *("status", "published_at", "published_by", "withdrawn_because"),
    *("updated_on", "reviewed_at", "reviewed_by", "review_due"),
    *("reviewer_name", "reviewer_credentials"),
)


class CannotLay(ValueError):
    """A snapshot needs a record that is not there any more. Says which, and the way out."""


def snapshot_of(record: Publishable) -> Snapshot:
    """What `record` and its parts say now, as plain JSON data."""
    rows = serializers.serialize("python", rows_of(with_parts(record)))
    for name in DECIDED:
        rows[0]["fields"].pop(name)
    return json.loads(json.dumps(rows, cls=DjangoJSONEncoder))


def with_parts(record: models.Model) -> models.Model:
    """`record` read anew with its parts and lists, in the same few queries always."""
    return with_ways(type(record)._base_manager.all()).get(pk=record.pk)


def with_ways(records: models.QuerySet) -> models.QuerySet:
    """`records` with their parts and lists, for `rows_of`."""
    return records.prefetch_related(*_ways(records.model))


def rows_of(record: models.Model) -> Iterator[models.Model]:
    """`record` and its parts, each after its owner and in its order."""
    yield record
    for name in getattr(record, "parts", ()):
        for part in sorted(getattr(record, name).all(), key=lambda part: (part.order, part.pk)):
            yield from rows_of(part)


def lay(snapshot: Snapshot) -> Publishable:
    """Make the rows of a record what `snapshot` says, parts and all; return the record.

    What is decided about the record stays as it is; where the record is gone, it comes back as a
    draft. A related record that is gone is left out, or, where one is needed, CannotLay is raised.
    Run it in a transaction.
    """
    model = apps.get_model(snapshot[0]["model"])
    now = model._base_manager.filter(pk=snapshot[0]["pk"]).first()
    before = {row.pk: row for row in rows_of(now)} if now else {}
    kept = {_key(row) for row in snapshot}
    for row in reversed(before.values()):
        if row.pk not in kept and isinstance(row, models.Model):
            row.delete()
    _free_slugs([row for row in before.values() if row.pk in kept])
    whole = _with_decided(snapshot, now)
    for item in serializers.deserialize("python", whole, ignorenonexistent=True):
        _leave_out_what_is_gone(item)
        item.save()
    return model._base_manager.get(pk=snapshot[0]["pk"])


def lay_for_good(snapshot: Snapshot) -> Publishable:
    """As `lay`; the addresses that the record and its parts had until now keep leading there."""
    model = apps.get_model(snapshot[0]["model"])
    now = model._base_manager.filter(pk=snapshot[0]["pk"], published_at__isnull=False).first()
    slugs = {row.pk: row.slug for row in rows_of(now) if hasattr(row, "slug")} if now else {}
    record = lay(snapshot)
    for row in rows_of(record):
        if row.pk in slugs and slugs[row.pk] != row.slug:
            OldAddress.objects.remember(row, slugs[row.pk])
    return record


def say_the_same(one: Snapshot, other: Snapshot) -> bool:
    """Whether two snapshots of a record differ at most in the keys of parts that are new in each.

    One form that is sent twice gives such two: each time its new parts get new keys.
    """
    if len(one) != len(other):
        return False
    text = json.dumps(other)
    for row, twin in zip(one, other, strict=True):
        text = text.replace(twin["pk"], row["pk"])
    return json.loads(text) == one


def names_in(*snapshots: Snapshot) -> dict[tuple[str, str], str]:
    """What the records are called that snapshots point to, by (model, key): one query a model."""
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


def _ways(model: type[models.Model]) -> list[str]:
    """The relations to fetch ahead, so that a snapshot costs the same few queries always."""
    ways = [field.name for field in model._meta.many_to_many]
    for name in getattr(model, "parts", ()):
        part = model._meta.get_field(name).related_model
        ways += [name, *(f"{name}__{way}" for way in _ways(part))]
    return ways


def _key(row: dict[str, Any]) -> Any:
    return apps.get_model(row["model"])._meta.pk.to_python(row["pk"])


def _free_slugs(rows: list[models.Model]) -> None:
    """Let parts swap their slugs: while rows are saved one by one, no two may share one."""
    for model in {type(row) for row in rows if not isinstance(row, Publishable)}:
        if any(field.name == "slug" for field in model._meta.fields):
            keys = [row.pk for row in rows if type(row) is model]
            free = Concat(Value("laid-"), Cast(F("pk"), CharField()))
            model._base_manager.filter(pk__in=keys).update(slug=free)


def _with_decided(snapshot: Snapshot, now: Publishable | None) -> Snapshot:
    if not now:
        decided = {"status": Status.DRAFT}
    else:
        decided = {name: getattr(now, now._meta.get_field(name).attname) for name in DECIDED}
    first = {**snapshot[0], "fields": snapshot[0]["fields"] | decided}
    return [first, *snapshot[1:]]


def _leave_out_what_is_gone(item: serializers.base.DeserializedObject) -> None:
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
            raise CannotLay(f"“{record}” needs a {kind} that was deleted. Bring that back first.")
        setattr(record, field.attname, None)
