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
from psychoplastogens.editorial.workflow import bundles, transitions
from psychoplastogens.editorial.workflow.references import reject_if_in_use
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
    """Have an approved revision published at a time to come, with all that it was sent with."""
    revision = lock_revision(revision, Revision.State.APPROVED)
    others = list(Revision.objects.in_bundle_with(revision))
    bundles.reject_unapproved(others)
    change = _schedule(revision, Action.PUBLISH, by=by, at=at)
    for other in others:
        _schedule(lock_revision(other, Revision.State.APPROVED), Action.PUBLISH, by=by, at=at)
    return change


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
    """Cancel a waiting change, and those of its bundle."""
    ContentVersion.objects.lock()
    cancelled = _claim(change)
    if not cancelled:
        raise WorkflowError("It has run or was ended already: see the history.")
    for one in cancelled:
        one.outcome = Outcome.CANCELLED
        one.save(update_fields=["outcome"])
        _log(Verb.UNSCHEDULED, one, by, f"{one.get_action_display()}: {format_time(one.at)}")


def run_due(now: datetime | None = None) -> list[ScheduledChange]:
    """Run what is due, oldest first, each in its own transaction. Return those that were tried.

    An error that is no WorkflowError is logged, and that change is tried again at the next run.
    """
    tried = []
    for change in ScheduledChange.objects.due(now or timezone.now()):
        try:
            tried += _run(change)
        except Exception:  # Whatever one raises, the others run all the same.
            log.exception("A scheduled change could not be run")
    return tried


@transaction.atomic
def _run(change: ScheduledChange) -> list[ScheduledChange]:
    """Run one change, with those of its bundle. Return them; none if they were taken before."""
    ContentVersion.objects.lock()
    claimed = _claim(change)
    if not claimed:
        return []
    try:
        if not change.made_by.has_perm(PUBLISH_PERMISSION):
            raise WorkflowError(f"{change.made_by} may no longer publish or withdraw.")
        if change.action == Action.WITHDRAW:
            _withdraw(change)
        elif len(claimed) > 1:
            bundles.publish_together(change.revision, by=change.made_by)
        else:
            transitions.publish(change.revision, by=change.made_by)
    except WorkflowError as error:
        note = "\n".join(error.messages)[:2000]
        for one in claimed:
            one.outcome, one.note = Outcome.STOPPED, note
            one.save(update_fields=["outcome", "note"])
            _log(Verb.NOT_RUN, one, one.made_by, note)
    return claimed


def _claim(change: ScheduledChange) -> list[ScheduledChange]:
    """Mark a waiting change and those of its bundle as done. None where they were taken before."""
    if not ScheduledChange.objects.claim(change):
        return []
    change.refresh_from_db()
    others = list(ScheduledChange.objects.in_bundle_with(change))
    claimed = [change, *(other for other in others if ScheduledChange.objects.claim(other))]
    for one in claimed:
        one.refresh_from_db()
    return claimed


def _withdraw(change: ScheduledChange) -> None:
    if change.record is None:
        raise WorkflowError("The record was deleted.")
    transitions.withdraw(
        change.record, by=change.made_by, reason=change.reason, leave_uses=change.leave_uses
    )


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
