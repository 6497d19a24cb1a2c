"""Applies a draft to the rows of a published record in a transaction that is rolled back."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils import timezone

from psychoplastogens.editorial.drafts.snapshots import (
    Snapshot,
    SnapshotConflict,
    apply_snapshot,
)
from psychoplastogens.editorial.models import ContentVersion, Publishable, Revision, Status

# Far above any version that `bump` reaches.
FIRST_DRAFT_VERSION = 2**62


@contextmanager
def draft_applied(
    snapshot: Snapshot | None, *, for_readers: bool = False
) -> Iterator[Publishable | None]:
    """Context manager: the rows equal `snapshot` inside the block; every change is rolled back.

    With `for_readers` the record counts as published inside the block, so that its public page can
    be rendered. Without a snapshot the rows stay unchanged. Raises SnapshotConflict.
    """
    with transaction.atomic():
        # Anything cached meanwhile gets a version that no request of a reader has.
        number = FIRST_DRAFT_VERSION + secrets.randbelow(2**61)
        ContentVersion.objects.update(number=number) or ContentVersion.objects.create(number=number)
        try:
            record = apply_snapshot(snapshot) if snapshot else None
        except IntegrityError as error:
            raise SnapshotConflict(
                "Another record has its address now. Rename one of them."
            ) from error
        if record and for_readers:
            _mark_as_published(record)
        yield record
        transaction.set_rollback(True)


def _mark_as_published(record: Publishable) -> None:
    newest = Revision.objects.about(record).newest()
    # A constraint requires a publisher, and a record from a file has no author.
    by = record.published_by or (newest.author if newest else get_user_model().objects.first())
    now = record.published_at or timezone.now()
    fields = {"status": Status.PUBLISHED, "published_at": now, "published_by": by}
    type(record)._base_manager.filter(pk=record.pk).update(**fields)
    record.refresh_from_db()
