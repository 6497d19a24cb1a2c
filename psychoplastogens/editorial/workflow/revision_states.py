"""Creates revisions and changes their state. Callers hold the lock of the record."""

from __future__ import annotations

from psychoplastogens.editorial.drafts.snapshots import (
    Snapshot,
    take_snapshot,
)
from psychoplastogens.editorial.models import (
    Publishable,
    Revision,
)


def store_baseline(record: Publishable) -> Revision | None:
    """Save the current text as a revision before staff first edit a published record.

    Returns the revision, or None if there are some already.
    """
    if record.published_at is None or Revision.objects.about(record).exists():
        return None
    fields = {"published_at": record.published_at, "published_by": record.published_by}
    fields |= {"state": Revision.State.PUBLISHED, "origin": Revision.Origin.FOUND}
    return create_revision(record, take_snapshot(record), author=record.published_by, **fields)


def create_revision(record: Publishable, snapshot: Snapshot, **fields) -> Revision:
    """Create the next revision of `record`."""
    if snapshot[0]["pk"] != str(record.pk):
        raise ValueError(f"This text is of another record than “{record}”.")
    newest = Revision.objects.about(record).newest()
    fields |= {"number": newest.number + 1 if newest else 1, "title": str(record)[:400]}
    return Revision.objects.create(record=record, snapshot=snapshot, **fields)


def set_state(revision: Revision, state: str) -> None:
    """Save a new state, and mirror it in the status of a record that was never published."""
    revision.state = state
    revision.save()
    if state in Revision.OPEN:
        sync_status(revision.record, state)


def sync_status(record: Publishable, state: str) -> None:
    """Copy the state of the draft to the status of a record that was never published."""
    type(record)._base_manager.filter(pk=record.pk, published_at=None).update(status=state)
