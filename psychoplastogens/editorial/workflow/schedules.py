"""Publish or withdraw at a set time: schedule, cancel, and run what is due.

What runs is the transition itself, by whoever scheduled it: the approval must still stand and the
checks pass. A change runs once, however many processes look, and late rather than never.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format

from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.models import (
    PUBLISH_PERMISSION,
    ContentVersion,
    HistoryEntry,
    Publishable,
    Revision,
    ScheduledChange,
)
from psychoplastogens.editorial.workflow import transitions
from psychoplastogens.editorial.workflow.references import format_names, reject_if_in_use
from psychoplastogens.editorial.workflow.revision_storage import (
    lock_record,
    lock_revision,
    store_baseline,
)

MAX_DAYS_AHEAD = 730
Action, Outcome, Verb = ScheduledChange.Action, ScheduledChange.Outcome, HistoryEntry.Verb

log = logging.getLogger(__name__)


@transaction.atomic
def schedule_publication(revision: Revision, *, by, at: datetime) -> ScheduledChange:
    """Have an approved revision published at a time to come."""
    revision = lock_revision(revision, Revision.State.APPROVED)
    if others := Revision.objects.in_bundle_with(revision):
        names = format_names([other.title for other in others])
        raise WorkflowError(f"It was sent together with {names}. Publish them as one, by hand.")
    return _schedule(revision, Action.PUBLISH, by=by, at=at)


@transaction.atomic
def schedule_withdrawal(
    record: Publishable, *, by, at: datetime, reason: str, leave_uses: bool = False
) -> ScheduledChange:
    """Have a published record withdrawn at a time to come, with the `reason` that readers get.

    A record in use needs `leave_uses` to confirm that its uses may stay.
    """
    record = lock_record(record)
    if not record.is_published:
        raise WorkflowError("Readers do not see it now.")
    if not reason.strip():
        raise WorkflowError("Say why it will be withdrawn: readers get these words.")
    if not leave_uses:
        reject_if_in_use(record)
    store_baseline(record)
    read = Revision.objects.about(record).published().first()
    assert read is not None  # Its baseline at least.
    fields = {"reason": reason.strip(), "leave_uses": leave_uses}
    return _schedule(read, Action.WITHDRAW, by=by, at=at, **fields)


@transaction.atomic
def cancel(change: ScheduledChange, *, by) -> None:
    """Cancel a waiting change."""
    ContentVersion.objects.lock()
    ended = {"ended_at": timezone.now(), "outcome": Outcome.CANCELLED}
    if not ScheduledChange.objects.waiting().filter(pk=change.pk).update(**ended):
        raise WorkflowError("It has run or was ended already: see the history.")
    _log(Verb.UNSCHEDULED, change, by, f"{change.get_action_display()}: {format_time(change.at)}")


def run_due(now: datetime | None = None) -> list[ScheduledChange]:
    """Run what is due, oldest first, each in its own transaction. Return those that were tried.

    An error that is no WorkflowError is logged, and that change is tried again at the next run.
    """
    tried = []
    for change in ScheduledChange.objects.due(now or timezone.now()):
        try:
            if _run(change):
                tried.append(change)
        except Exception:  # Whatever one raises, the others run all the same.
            log.exception("A scheduled change could not be run")
    return tried


@transaction.atomic
def _run(change: ScheduledChange) -> bool:
    """Run one change. False if another process has taken it."""
    ContentVersion.objects.lock()
    if not ScheduledChange.objects.claim(change):
        return False
    change.refresh_from_db()
    try:
        if not change.made_by.has_perm(PUBLISH_PERMISSION):
            raise WorkflowError(f"{change.made_by} may no longer publish or withdraw.")
        if change.action == Action.PUBLISH:
            transitions.publish(change.revision, by=change.made_by)
        elif change.record is None:
            raise WorkflowError("The record was deleted.")
        else:
            reason, leave_uses = change.reason, change.leave_uses
            transitions.withdraw(
                change.record, by=change.made_by, reason=reason, leave_uses=leave_uses
            )
    except WorkflowError as error:
        change.outcome, change.note = Outcome.STOPPED, "\n".join(error.messages)[:2000]
        change.save(update_fields=["outcome", "note"])
        _log(Verb.NOT_RUN, change, change.made_by, change.note)
    return True


def format_time(moment: datetime) -> str:
    """“1 December 2026, 09:00 CET”, in the time zone of the site."""
    return date_format(timezone.localtime(moment), "j F Y, H:i T")


def _schedule(revision: Revision, action: str, *, by, at: datetime, **fields) -> ScheduledChange:
    now = timezone.now()
    if not now < at <= now + timedelta(days=MAX_DAYS_AHEAD):
        raise WorkflowError("Choose a time to come, within two years.")
    same = {"content_type": revision.content_type, "object_id": revision.object_id}
    try:
        with transaction.atomic():
            change = ScheduledChange.objects.create(
                revision=revision, action=action, made_by=by, at=at, **same, **fields
            )
    except IntegrityError as error:
        raise WorkflowError("This is scheduled already. Cancel that first.") from error
    note = "\n".join(
        filter(None, (f"{change.get_action_display()}: {format_time(at)}", change.reason))
    )
    _log(Verb.SCHEDULED, change, by, note)
    return change


def _log(verb, change: ScheduledChange, by, note: str) -> None:
    revision = change.revision
    record = change.record or revision.record
    if record is not None:
        HistoryEntry.objects.log(verb, record, by=by, note=note, revision=revision)
