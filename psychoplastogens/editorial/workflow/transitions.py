"""The editorial workflow, from draft to publication. Each step is a function with its actor.

Every transition locks the revision and fetches it again, so that two concurrent calls cannot both
succeed. It runs in one transaction and adds to the history. If it is not allowed it raises
WorkflowError; the message says why and what to do instead.
"""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from psychoplastogens.editorial.drafts.serialization import compute_digest
from psychoplastogens.editorial.drafts.snapshots import (
    Snapshot,
    SnapshotConflict,
    apply_snapshot,
    publish_snapshot,
    take_snapshot,
)
from psychoplastogens.editorial.exceptions import ReturnedToReview, StaleRevision, WorkflowError
from psychoplastogens.editorial.models import (
    HistoryEntry,
    Publishable,
    Replacement,
    Reviewer,
    ReviewLink,
    Revision,
    ScheduledChange,
)
from psychoplastogens.editorial.workflow.approval_checks import (
    get_warning_key,
    get_warnings_or_raise,
    reject_new_warnings,
    require_answer_to_request,
    require_reasons,
    validate_rows,
)
from psychoplastogens.editorial.workflow.authorship import (
    is_reviewer_an_author,
    reject_authors,
)
from psychoplastogens.editorial.workflow.check_rules import format_rule
from psychoplastogens.editorial.workflow.checks import ONE_YEAR
from psychoplastogens.editorial.workflow.references import (
    format_names,
    get_unavailable_references,
    reject_if_in_use,
)
from psychoplastogens.editorial.workflow.revision_storage import (
    create_revision,
    end_scheduled,
    get_restored_text,
    lock_link,
    lock_record,
    lock_revision,
    mark_link_answered,
    set_state,
    settle_update_note,
    store_baseline,
    sync_status,
)

State, Verb = Revision.State, HistoryEntry.Verb
ANY_REVISION = object()


@transaction.atomic
def save_draft(
    record: Publishable,
    snapshot: Snapshot,
    *,
    by,
    note: str = "",
    change: str = Revision.Change.MEANING,
    origin: str = Revision.Origin.EDITED,
    verb: str = Verb.SAVED,
    based_on: Revision | None = None,
    expected: Revision | None | object = ANY_REVISION,
) -> Revision:
    """Save `snapshot` as the newest draft of `record`. An open draft is set aside.

    Readers see no change. The row of a record that was never published takes the text of the
    draft, for the lists of the admin. `based_on` is the revision it was made from, by default the
    open draft or the published revision. Raises StaleRevision if `expected` is given and no longer
    the revision that a form of `record` opens on.
    """
    snapshot = settle_update_note(lock_record(record), snapshot, change)
    newest = Revision.objects.about(record).newest()
    is_draft = newest and newest.is_open
    base = newest if is_draft else Revision.objects.get_editing_base(record)
    if expected is not ANY_REVISION and expected != base:
        raise StaleRevision("Somebody saved a newer text meanwhile.")
    base = base or store_baseline(record)
    if base and base.is_open:
        set_state(base, State.SET_ASIDE, by=by)
    based_on = based_on or base
    fields = {"based_on": based_on, "note": note, "change": change, "origin": origin}
    revision = create_revision(record, snapshot, newest=newest, author=by, **fields)
    if record.published_at is None:
        apply_snapshot(snapshot)
        sync_status(record, State.DRAFT)
    HistoryEntry.objects.log(verb, record, by=by, note=note, revision=revision)
    return revision


@transaction.atomic
def store_conflicting_draft(
    record: Publishable,
    snapshot: Snapshot,
    *,
    by,
    based_on: Revision | None,
    change: str = Revision.Change.MEANING,
) -> Revision:
    """Store a text that conflicts with a newer one, as a revision that is set aside."""
    lock_record(record)
    store_baseline(record)
    revision = create_revision(
        record, snapshot, based_on=based_on, author=by, change=change, state=State.SET_ASIDE
    )
    HistoryEntry.objects.log(Verb.KEPT, record, by=by, revision=revision)
    return revision


@transaction.atomic
def submit(revision: Revision, *, by, note: str = "") -> None:
    """Send a draft for review."""
    revision = lock_revision(revision, State.DRAFT)
    set_state(revision, State.IN_REVIEW)
    HistoryEntry.objects.log(Verb.SUBMITTED, revision.record, by=by, note=note, revision=revision)


@transaction.atomic
def ask_for_changes(
    revision: Revision, *, comment: str, by=None, link: ReviewLink | None = None
) -> None:
    """Send a revision in review back to its author with a comment."""
    if not comment.strip():
        raise WorkflowError("Say what should change: the author needs it.")
    revision = lock_revision(revision, State.IN_REVIEW)
    outsider = mark_link_answered(link, revision)
    set_state(revision, State.DRAFT)
    HistoryEntry.objects.log(
        *(Verb.CHANGES_ASKED, revision.record), by=by, outsider=outsider, note=comment,
        revision=revision,
    )  # fmt: skip


@transaction.atomic
def comment(revision: Revision, *, text: str, by=None, link: ReviewLink | None = None) -> None:
    """Comment on a revision without a decision."""
    if not text.strip():
        raise WorkflowError("The comment is empty.")
    outsider = lock_link(link, revision).reviewer if link else None
    HistoryEntry.objects.log(
        Verb.COMMENTED, revision.record, by=by, outsider=outsider, note=text, revision=revision
    )


@transaction.atomic
def give_reasons(revision: Revision, *, by, reasons: dict[str, str]) -> None:
    """Save reasons for warnings of the checks, for whoever approves."""
    revision = lock_revision(revision, State.DRAFT, State.IN_REVIEW)
    given = {rule: reason.strip() for rule, reason in reasons.items() if reason.strip()}
    if not given:
        raise WorkflowError("No reason is written yet.")
    revision.reasons = revision.reasons | given
    revision.save(update_fields=["reasons"])
    note = "\n".join(f"{format_rule(rule)}: {reason}" for rule, reason in given.items())
    HistoryEntry.objects.log(Verb.COMMENTED, revision.record, by=by, note=note, revision=revision)


@transaction.atomic
def approve(
    revision: Revision,
    *,
    by=None,
    link: ReviewLink | None = None,
    reasons: dict[str, str] | None = None,
    note: str = "",
    reviewer: Reviewer | None = None,
    next_review: date | None = None,
) -> None:
    """Approve a revision in review, as a colleague (`by`) or through a link.

    `reasons` gives a reason for each rule with warnings that has none yet. `reviewer` is the
    approving clinician if they read the whole page: readers then see their name and the date.
    `next_review` is the day of the next review, at most a year ahead. Errors of the checks prevent
    the approval, and so does a request for changes that nothing answers: no change and no `note`.
    """
    revision = lock_revision(revision, State.IN_REVIEW)
    outsider = mark_link_answered(link, revision)
    reject_authors(revision, by, link)
    reasons = revision.reasons | (reasons or {})
    warnings = get_warnings_or_raise(revision)
    require_reasons(warnings, reasons)
    require_answer_to_request(revision, note, by=by, link=link)
    revision.warnings_seen = [get_warning_key(warning) for warning in warnings]
    _validate_review(reviewer, next_review)
    if reviewer and reviewer != (outsider or getattr(by, "reviewer", None)):
        raise WorkflowError("Readers are shown the name of who read the page, and of nobody else.")
    revision.approved_at, revision.approved_by, revision.approved_through = timezone.now(), by, link
    revision.vouched_by = link.made_by if link and not link.was_mailed else None
    revision.reasons, revision.reviewer, revision.next_review = reasons, reviewer, next_review
    revision.reviewer_name = reviewer.name if reviewer else ""
    revision.reviewer_credentials = reviewer.credentials if reviewer else ""
    set_state(revision, State.APPROVED)
    HistoryEntry.objects.log(
        Verb.APPROVED, revision.record, by=by, outsider=outsider, note=note, revision=revision
    )


def publish(revision: Revision, *, by) -> Publishable:
    """Publish an approved revision and return its record.

    The checks run again. If the text has become invalid since the approval, it returns to review
    and ReturnedToReview says why. Readers then keep the text that they have.
    """
    with transaction.atomic():
        revision = lock_revision(revision, State.APPROVED)
        if others := Revision.objects.in_bundle_with(revision):
            names = format_names([other.title for other in others])
            raise WorkflowError(f"It was sent together with {names}. Publish them as one.")
        try:
            reject_new_warnings(get_warnings_or_raise(revision), revision)
            return _publish_record(revision, by=by)
        except WorkflowError as error:
            lost = error.messages
            return_to_review(revision, by=by, why=lost)
    raise ReturnedToReview([*lost, "It is in review again: somebody must decide about it anew."])


@transaction.atomic
def publish_member(revision: Revision, *, by) -> Publishable:
    """Publish one revision of a bundle whose other revisions are published with it."""
    revision = lock_revision(revision, State.APPROVED)
    reject_new_warnings(get_warnings_or_raise(revision), revision)
    return _publish_record(revision, by=by)


def _publish_record(revision: Revision, *, by) -> Publishable:
    try:
        with transaction.atomic():
            record = publish_snapshot(revision.snapshot)
            validate_rows(record)
            _update_dates(record, revision)
            record.publish(by=by)
            Replacement.objects.about(record).delete()
    except (SnapshotConflict, models.ProtectedError) as error:
        raise WorkflowError(str(error)) from error
    except IntegrityError as error:
        raise WorkflowError(
            "Another record has this address, or lacks something it needs. Open the draft, "
            "save it again, and see what the form says."
        ) from error
    revision.published_at, revision.published_by = timezone.now(), by
    set_state(revision, State.PUBLISHED, by=by)
    HistoryEntry.objects.log(Verb.PUBLISHED, record, by=by, note=revision.note, revision=revision)
    return record


@transaction.atomic
def return_to_review(revision: Revision, *, by, why: list[str]) -> None:
    """End an approval that no longer stands, and a time set for the publication."""
    note = "\n".join(why)
    if not note.strip():
        raise WorkflowError("Say why the approval no longer stands: the others need it.")
    revision = lock_revision(revision, State.APPROVED)
    set_state(revision, State.IN_REVIEW, by=by)
    HistoryEntry.objects.log(Verb.SENT_BACK, revision.record, by=by, note=note, revision=revision)


@transaction.atomic
def withdraw(
    record: Publishable, *, by, reason: str, replacement=None, leave_uses: bool = False
) -> None:
    """Hide a record from readers, who see `reason` and the `replacement`.

    A record in use needs a replacement, or `leave_uses` to confirm that its uses may stay.
    """
    record = lock_record(record)
    if not record.is_published:
        raise WorkflowError("Readers do not see it now.")
    if not (replacement or leave_uses):
        reject_if_in_use(record)
    store_baseline(record)
    end_scheduled(record, ScheduledChange.Action.WITHDRAW, by=by, note="It was withdrawn before.")
    record.withdraw(by=by, reason=reason)
    approved = Revision.objects.get_open_draft(record)
    if approved and approved.state == State.APPROVED:  # The approver did not know the reason.
        return_to_review(approved, by=by, why=["What readers read was withdrawn:", reason])
    if replacement:
        Replacement.objects.set_replacement(record, replacement)
        reason = f"{reason}\nTo be read instead: {replacement}"
    HistoryEntry.objects.log(Verb.WITHDRAWN, record, by=by, note=reason)


@transaction.atomic
def discard(revision: Revision, *, by, note: str = "") -> None:
    """Set an open draft aside. Its text stays in the history."""
    revision = lock_revision(revision, *Revision.OPEN)
    assert revision.record is not None  # It is locked.
    if revision.record.published_at is None:
        raise WorkflowError("Readers never saw this record: delete it instead.")
    set_state(revision, State.SET_ASIDE, by=by)
    HistoryEntry.objects.log(Verb.DISCARDED, revision.record, by=by, note=note, revision=revision)


@transaction.atomic
def restore(revision: Revision, *, by, note: str = "") -> Revision:
    """Make a draft from an earlier revision. A deleted record comes back as a draft."""
    record, verb = revision.record, Verb.RESTORED
    if record is None:
        try:
            record, verb = apply_snapshot(revision.snapshot), Verb.BROUGHT_BACK
        except SnapshotConflict as error:
            raise WorkflowError(str(error)) from error
        except IntegrityError as error:
            raise WorkflowError(
                "Another record has its address now. Rename that one first."
            ) from error
    note = note or f"As in revision {revision.number}"
    snapshot, change = get_restored_text(record, revision)
    return save_draft(
        *(record, snapshot), by=by, note=note, change=change, verb=verb,
        origin=Revision.Origin.RESTORED, based_on=revision,
    )  # fmt: skip


@transaction.atomic
def delete(record: Publishable, *, by) -> None:
    """Delete a record that was never published. It can be restored from the history."""
    record = lock_record(record)
    if record.published_at is not None:
        raise WorkflowError(
            "Readers have links to it. Withdraw it instead: its address then says why."
        )
    last = Revision.objects.get_open_draft(record) or Revision.objects.about(record).newest()
    if not last:
        last = create_revision(record, take_snapshot(record), author=by, state=State.SET_ASIDE)
    if last.is_open:
        set_state(last, State.SET_ASIDE, by=by)
    HistoryEntry.objects.log(Verb.DELETED, record, by=by, revision=last)
    record.delete()


@transaction.atomic
def confirm_review(record: Publishable, *, by, next_review: date, read: str) -> None:
    """Record that `by`, a clinician, read the published page and approves it unchanged.

    `read` is the digest of the snapshot that they saw.
    """
    record, reviewer = lock_record(record), getattr(by, "reviewer", None)
    live = Revision.objects.get_editing_base(record)
    if not record.is_published or (live and live.is_open):
        raise WorkflowError("Readers do not see it now, or there is a draft: review that one.")
    if read != compute_digest(take_snapshot(record)):
        raise WorkflowError(
            "The page has changed since you opened it. Read it again, then confirm it."
        )
    if reviewer and live and is_reviewer_an_author(live, reviewer):
        raise WorkflowError("You wrote on this text. Another clinician must review it.")
    if lost := get_unavailable_references(record):
        raise WorkflowError(
            f"It rests on {format_names(lost)}, withdrawn or retracted. It needs a new text."
        )
    _validate_review(reviewer, next_review)
    assert reviewer is not None  # There is a day of the next review.
    record.reviewed_at, record.reviewed_by = timezone.localdate(), reviewer
    record.reviewer_name, record.reviewer_credentials = reviewer.name, reviewer.credentials
    record.review_due = next_review
    record.save()
    note = f"Next review by {next_review}"
    HistoryEntry.objects.log(Verb.REVIEWED, record, by=by, note=note, revision=live)


def _validate_review(reviewer: Reviewer | None, next_review: date | None) -> None:
    if (reviewer is None) != (next_review is None):
        raise WorkflowError(
            "A review of the whole page needs its clinician and the day of the next one."
        )
    today = timezone.localdate()
    if next_review and not today < next_review <= today + ONE_YEAR:
        raise WorkflowError("The next review must be within the coming 12 months.")


def _update_dates(record: Publishable, revision: Revision) -> None:
    """Move the dates that readers see, each only where its own act has taken place."""
    was_read = record.published_at is not None
    if record.is_withdrawn or (was_read and revision.change == Revision.Change.MEANING):
        record.updated_on = timezone.localdate()
    if revision.reviewer_id:
        record.reviewed_at = timezone.localtime(revision.approved_at).date()
        record.reviewed_by, record.review_due = revision.reviewer, revision.next_review
        record.reviewer_name = revision.reviewer_name
        record.reviewer_credentials = revision.reviewer_credentials
    record.review_due = record.review_due or timezone.localdate() + ONE_YEAR
