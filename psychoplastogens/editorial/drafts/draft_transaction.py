"""Applies a draft to private copies of the tables that hold it: nobody sees it or waits for it.

In the block, temporary tables stand before the permanent ones of the same name, on this connection
alone. Queries, forms and public views work as ever, but what they write stays in the copies, and
is gone when the transaction is rolled back. The permanent tables are only read, so no lock is
taken: readers, editors and publications go on meanwhile.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from psychoplastogens.editorial.drafts.snapshots import (
    Snapshot,
    SnapshotConflict,
    apply_snapshot,
)
from psychoplastogens.editorial.models import (
    ContentVersion,
    OldAddress,
    PointerRelation,
    Publishable,
    Revision,
    Status,
    get_related_model,
)

# Far above any version that `bump` reaches.
FIRST_DRAFT_VERSION = 2**62


@contextmanager
def draft_applied(
    snapshot: Snapshot, published_along: Iterable[Snapshot] = ()
) -> Iterator[Publishable]:
    """Context manager: the rows equal `snapshot` inside the block. Yields the record.

    The drafts `published_along` are applied before it, and count as published. Raises
    SnapshotConflict.
    """
    others = list(published_along)
    models_written = dict.fromkeys(apps.get_model(s[0]["model"]) for s in (snapshot, *others))
    with private_tables(*models_written):
        for other in others:
            count_as_published(apply_draft(other))
        yield apply_draft(snapshot)


@contextmanager
def private_tables(*written: type[Publishable]) -> Iterator[None]:
    """Context manager: what is written to records of these models inside the block stays private.

    It is gone after the block. These blocks cannot be nested.
    """
    with _reading_transaction(), connection.cursor() as cursor:
        tables = dict.fromkeys(name for model in written for name in get_draft_tables(model))
        for table in map(connection.ops.quote_name, tables):
            cursor.execute(f"CREATE TEMPORARY TABLE {table} AS SELECT * FROM {table}")
        # Anything cached meanwhile gets a version that no request of a reader has.
        number = FIRST_DRAFT_VERSION + secrets.randbelow(2**61)
        ContentVersion.objects.update(number=number) or ContentVersion.objects.create(number=number)
        yield
        transaction.set_rollback(True)


def apply_draft(snapshot: Snapshot) -> Publishable:
    """Apply `snapshot` inside `private_tables` and return the record.

    Raises SnapshotConflict, also if another record has the address: the tables have no constraints.
    """
    try:
        record = apply_snapshot(snapshot)
        for constraint in record._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint):
                # The stubs lack it.
                constraint.validate(type(record), record)  # type: ignore[attr-defined]
    except (ValidationError, IntegrityError) as error:  # The latter: a part that is needed.
        raise SnapshotConflict("Another record has its address now. Rename one of them.") from error
    return record


def count_as_published(record: Publishable) -> None:
    """Let readers' views find `record`, inside `private_tables`."""
    newest = Revision.objects.about(record).newest()
    # A constraint requires a publisher, and a record from a file has no author.
    by = record.published_by or (newest.author if newest else get_user_model().objects.first())
    now = record.published_at or timezone.now()
    fields = {"status": Status.PUBLISHED, "published_at": now, "published_by": by}
    type(record)._base_manager.filter(pk=record.pk).update(**fields)


@cache
def get_draft_tables(model: type[Publishable]) -> list[str]:
    """Return the tables to which a save of a record of `model`, or of its parts, writes."""
    written: list[type[models.Model]] = [model]
    written += filter(None, (field.remote_field.through for field in model._meta.many_to_many))
    written += [*_iter_written_with_parts(model), ContentVersion, OldAddress]
    return list(dict.fromkeys(model._meta.db_table for model in written))


def _iter_written_with_parts(model: type[models.Model]) -> Iterator[type[models.Model]]:
    """The models of the parts of `model`, and of all rows that go or change with a deleted part."""
    for name in getattr(model, "parts", ()):
        part = get_related_model(model._meta.get_field(name))
        yield part
        fields = part._meta.get_fields(include_hidden=True)
        relations = (f for f in fields if isinstance(f, models.ForeignObjectRel | PointerRelation))
        for relation in relations:
            if relation.one_to_many and relation.on_delete is not models.PROTECT:
                yield get_related_model(relation)
        yield from _iter_written_with_parts(part)


@contextmanager
def _reading_transaction() -> Iterator[None]:
    """Like atomic(), but SQLite takes its write lock only when a permanent table is written to."""
    connection.ensure_connection()
    with ExitStack() as stack:
        sqlite: Any = connection  # The stubs do not know what SQLite alone has.
        usual = getattr(sqlite, "transaction_mode", None)
        try:
            sqlite.transaction_mode = "DEFERRED"
            stack.enter_context(transaction.atomic())
        finally:
            sqlite.transaction_mode = usual
        yield
