"""Locks what a transition works on until its transaction ends, and stores revisions."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from psychoplastogens.editorial.drafts.snapshots import Snapshot, take_snapshot
from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.models import (
    ContentVersion,
    HistoryEntry,
    Publishable,
    Reviewer,
    ReviewLink,
    Revision,
    ScheduledChange,
)
from psychoplastogens.editorial.workflow.restored_note import get_restored_note, is_read_now

# Why the time set for a publication ends when its revision gets this state.
ENDED_BY = {
    Revision.State.PUBLISHED: "It was published before.",
    Revision.State.SET_ASIDE: "The approved text was set aside: a newer one was saved, or none.",
    Revision.State.IN_REVIEW: "Its approval has ended.",
    Revision.State.DRAFT: "Its approval has ended.",
}


def lock_record(record: Publishable) -> Publishable:
    """Fetch `record` again, and block all other saves and transitions.

    So nothing that the text relies on can change between the check and the publication.
    """
    ContentVersion.objects.lock()
    return type(record)._base_manager.select_for_update().get(pk=record.pk)


def lock_revision(revision: Revision, *states: str) -> Revision:
    """Refresh and lock `revision`. Raise WorkflowError if it is in none of `states`."""
    record = Revision.objects.get(pk=revision.pk).record
    if record is None:
        raise WorkflowError("The record was deleted. Bring it back from the history first.")
    lock_record(record)  # Before its revision, as when a draft is saved.
    fresh = Revision.objects.select_for_update().get(pk=revision.pk)
    if fresh.state not in states:
        newest = Revision.objects.get_editing_base(fresh.record) or fresh
        later = f" {newest.author} saved a newer one." if newest.number > fresh.number else ""
        raise WorkflowError(f"This revision is “{fresh.get_state_display()}” now.{later}")
    revision.__dict__.update(fresh.__dict__)
    return revision


def mark_link_answered(link: ReviewLink | None, revision: Revision) -> Reviewer | None:
    """Close `link` after its answer about `revision`; return its reviewer. None without a link."""
    if link is None:
        return None
    link = lock_link(link, revision)
    link.answered_at = timezone.now()
    link.save(update_fields=["answered_at"])
    return link.reviewer


def lock_link(link: ReviewLink, revision: Revision) -> ReviewLink:
    """Lock `link`. Raise WorkflowError if it is closed or belongs to another revision."""
    link = ReviewLink.objects.select_for_update().get(pk=link.pk)
    if link.revision_id != revision.pk:
        raise WorkflowError("This link is for another text.")
    if link.closed_reason:
        raise WorkflowError(link.closed_reason)
    return link


def store_baseline(record: Publishable) -> Revision | None:
    """Save the current text as a revision before staff first edit a published record.

    Returns the revision, or None if there are some already.
    """
    if record.published_at is None or Revision.objects.about(record).exists():
        return None
    fields: dict[str, Any] = {
        "published_at": record.published_at,
        "published_by": record.published_by,
    }
    fields |= {"state": Revision.State.PUBLISHED, "origin": Revision.Origin.FOUND}
    return create_revision(record, take_snapshot(record), author=record.published_by, **fields)


def create_revision(
    record: Publishable, snapshot: Snapshot, *, newest: Revision | None = None, **fields
) -> Revision:
    """Create the revision of `record` after its `newest`, which is looked up if it is not given."""
    if snapshot[0]["pk"] != str(record.pk):
        raise ValueError(f"This text is of another record than “{record}”.")
    newest = newest or Revision.objects.about(record).newest()
    fields |= {"number": newest.number + 1 if newest else 1, "title": str(record)[:400]}
    return Revision.objects.create(record=record, snapshot=snapshot, **fields)


def settle_update_note(record: Publishable, snapshot: Snapshot, change: str) -> Snapshot:
    """Return `snapshot` with the note that readers have, where only its wording is new.

    Readers are told of a change of meaning, and of a withdrawn page that is back. `record` is as
    readers see it.
    """
    if change != Revision.Change.WORDING or not record.is_published:
        return snapshot
    first, *parts = snapshot
    return [first | {"fields": first["fields"] | {"update_note": record.update_note}}, *parts]


def get_restored_text(record: Publishable, revision: Revision) -> tuple[Snapshot, str]:
    """The text of an earlier revision, and what kind of change it is to what readers have.

    If readers had it, or one that differs in wording, the update note says that it is back; but
    not where only the name or the address of what they have differs.
    """
    later = Revision.objects.about(record).published().filter(number__gt=revision.number)
    is_reworded = revision.change == Revision.Change.WORDING
    if revision.state != Revision.State.PUBLISHED and not (is_reworded and later.exists()):
        return revision.snapshot, revision.change
    if is_read_now(record, revision.snapshot):
        return revision.snapshot, Revision.Change.WORDING
    first, *parts = revision.snapshot
    fields = first["fields"] | {"update_note": get_restored_note()}
    return [first | {"fields": fields}, *parts], Revision.Change.MEANING


def set_state(revision: Revision, state: str, *, by=None) -> None:
    """Save a new state, and mirror it in the status of a record that was never published.

    A time set for the publication of an approved revision ends, by whoever moves it on.
    """
    if revision.state == Revision.State.APPROVED:
        assert revision.record is not None  # It is locked.
        publish, note = ScheduledChange.Action.PUBLISH, ENDED_BY[Revision.State(state)]
        end_scheduled(revision.record, publish, by=by, note=note)
    revision.state = state
    revision.save()
    if state in Revision.OPEN:
        assert revision.record is not None  # Only a closed revision outlives its record.
        sync_status(revision.record, state)


def end_scheduled(record: Publishable, action: str, *, by, note: str) -> None:
    """End a waiting change of `record`, with those of its bundle. The history tells why."""
    for change in ScheduledChange.objects.about(record).waiting().filter(action=action):
        for other in ScheduledChange.objects.in_bundle_with(change):
            _end_scheduled_change(other, by=by, note=f"{change.revision.title}: {note}")
        _end_scheduled_change(change, by=by, note=note)


def _end_scheduled_change(change: ScheduledChange, *, by, note: str) -> None:
    change.ended_at, change.outcome = timezone.now(), ScheduledChange.Outcome.STOPPED
    change.note = note
    change.save(update_fields=["ended_at", "outcome", "note"])
    verb, revision = HistoryEntry.Verb.UNSCHEDULED, change.revision
    HistoryEntry.objects.log(verb, change.record, by=by, note=note, revision=revision)


def sync_status(record: Publishable, state: str) -> None:
    """Copy the state of the draft to the status of a record that was never published."""
    type(record)._base_manager.filter(pk=record.pk, published_at=None).update(status=state)
