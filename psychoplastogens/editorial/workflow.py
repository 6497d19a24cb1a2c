"""From a draft to readers: each step a verb with its actor, in one transaction, written down.

Every verb reads the revision anew under a lock, so that two people at once cannot both succeed,
and raises NotNow where it may not be done: the message says why and what can be done instead.
"""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext

from psychoplastogens.editorial.authorship import (
    refuse_authors,
    since_publication,
    wrote_on,
)
from psychoplastogens.editorial.checks import A_YEAR
from psychoplastogens.editorial.drafts import (
    key_of,
    refuse_new_warnings,
    refuse_unexplained,
    refuse_unsound,
    warnings_in,
)
from psychoplastogens.editorial.locks import answer_link, lock_link, lock_record, lock_revision
from psychoplastogens.editorial.models import Publishable, Replacement, Reviewer
from psychoplastogens.editorial.records import digest
from psychoplastogens.editorial.revision import (
    Act,
    NotNow,
    Overtaken,
    ReviewLink,
    Revision,
    SentBack,
)
from psychoplastogens.editorial.snapshots import (
    CannotLay,
    Snapshot,
    lay,
    lay_for_good,
    snapshot_of,
)
from psychoplastogens.editorial.uses import in_a_row, lost_by, refuse_what_is_used

State, Verb = Revision.State, Act.Verb
ANY = object()


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
    expected: Revision | None | object = ANY,
) -> Revision:
    """Keep `snapshot` as the newest draft of `record`. An open one before it is set aside.

    Readers see nothing of it. The row of a record that readers never saw takes the draft's text,
    so that lists of staff show it. `based_on` is the earlier text that it was made from, where
    that is not the open draft or what readers read. Raises Overtaken where `expected` is given
    and is not what a form of `record` opens on any more.
    """
    lock_record(record)
    if expected is not ANY and expected != Revision.objects.base_of(record):
        raise Overtaken("Somebody saved a newer text meanwhile.")
    _found(record)
    before = Revision.objects.open_for(record)
    if before:
        before.state = State.SET_ASIDE
        before.save(update_fields=["state"])
    based_on = based_on or before or Revision.objects.about(record).published().first()
    fields = {"based_on": based_on, "note": note, "change": change, "origin": origin}
    revision = _add(record, snapshot, author=by, **fields)
    if record.published_at is None:
        lay(snapshot)
        _mirror(record, State.DRAFT)
    Act.objects.record_that(verb, record, by=by, note=note, revision=revision)
    return revision


@transaction.atomic
def keep_aside(
    record: Publishable, snapshot: Snapshot, *, by, based_on: Revision | None
) -> Revision:
    """Keep a text that met a newer one: it is no draft, and nothing of it is lost."""
    lock_record(record)
    _found(record)
    revision = _add(record, snapshot, based_on=based_on, author=by, state=State.SET_ASIDE)
    Act.objects.record_that(Verb.KEPT, record, by=by, revision=revision)
    return revision


@transaction.atomic
def submit(revision: Revision, *, by, note: str = "") -> None:
    """Send a draft for review."""
    revision = lock_revision(revision, State.DRAFT)
    _move(revision, State.IN_REVIEW)
    Act.objects.record_that(Verb.SUBMITTED, revision.record, by=by, note=note, revision=revision)


@transaction.atomic
def ask_for_changes(revision: Revision, *, comment: str, by=None, link: ReviewLink = None) -> None:
    """Send a revision in review back to its author, with what should change."""
    if not comment.strip():
        raise NotNow("Say what should change: the author needs it.")
    revision = lock_revision(revision, State.IN_REVIEW)
    outsider = answer_link(link, revision)
    _move(revision, State.DRAFT)
    Act.objects.record_that(
        *(Verb.CHANGES_ASKED, revision.record), by=by, outsider=outsider, note=comment,
        revision=revision,
    )  # fmt: skip


@transaction.atomic
def comment(revision: Revision, *, text: str, by=None, link: ReviewLink = None) -> None:
    """Say something about a revision and decide nothing."""
    if not text.strip():
        raise NotNow("The comment is empty.")
    outsider = lock_link(link, revision).reviewer if link else None
    Act.objects.record_that(
        Verb.COMMENTED, revision.record, by=by, outsider=outsider, note=text, revision=revision
    )


@transaction.atomic
def explain(revision: Revision, *, by, reasons: dict[str, str]) -> None:
    """Say why warnings of the checks may stand, so that who approves need not ask."""
    revision = lock_revision(revision, State.DRAFT, State.IN_REVIEW)
    given = {rule: reason.strip() for rule, reason in reasons.items() if reason.strip()}
    if not given:
        raise NotNow("No reason is written yet.")
    revision.reasons = revision.reasons | given
    revision.save(update_fields=["reasons"])
    note = "\n".join(f"{rule}: {reason}" for rule, reason in given.items())
    Act.objects.record_that(Verb.COMMENTED, revision.record, by=by, note=note, revision=revision)


@transaction.atomic
def approve(
    revision: Revision,
    *,
    by=None,
    link: ReviewLink = None,
    reasons: dict[str, str] | None = None,
    note: str = "",
    reviewer: Reviewer | None = None,
    next_review: date | None = None,
) -> None:
    """Say that a revision in review may go to readers: `by` a colleague, or through a link.

    `reasons` gives, for each rule with warnings that `explain` left open, why they may stand.
    `reviewer` is who approves, where they are a clinician who read the whole page: readers will
    see their name and the date; and `next_review` the day, at most a year ahead, by which it is
    to be read again. Errors of the checks stop it.
    """
    revision = lock_revision(revision, State.IN_REVIEW)
    outsider = answer_link(link, revision)
    refuse_authors(revision, by, link)
    reasons = revision.reasons | (reasons or {})
    warnings = warnings_in(revision)
    refuse_unexplained(warnings, reasons)
    revision.warnings_seen = [key_of(warning) for warning in warnings]
    _fits(reviewer, next_review)
    if reviewer and reviewer != (outsider or getattr(by, "reviewer", None)):
        raise NotNow("Readers are shown the name of who read the page, and of nobody else.")
    revision.approved_at, revision.approved_by, revision.approved_through = timezone.now(), by, link
    revision.vouched_by = link.made_by if link and not link.was_mailed else None
    revision.reasons, revision.reviewer, revision.next_review = reasons, reviewer, next_review
    revision.reviewer_name = reviewer.name if reviewer else ""
    revision.reviewer_credentials = reviewer.credentials if reviewer else ""
    _move(revision, State.APPROVED)
    Act.objects.record_that(
        Verb.APPROVED, revision.record, by=by, outsider=outsider, note=note, revision=revision
    )


def publish(revision: Revision, *, by) -> Publishable:
    """Put an approved revision before readers, and return its record.

    The checks are passed again. Where the text lost something since it was approved, or became
    wrong otherwise, it goes back to review, and SentBack says why. Readers keep what they read.
    """
    with transaction.atomic():
        revision = lock_revision(revision, State.APPROVED)
        try:
            refuse_new_warnings(warnings_in(revision), revision)
            return _put_before_readers(revision, by=by)
        except NotNow as error:
            lost = error.messages
            _send_back(revision, by=by, why=lost)
    raise SentBack([*lost, "It is in review again: somebody must decide about it anew."])


def _put_before_readers(revision: Revision, *, by) -> Publishable:
    try:
        with transaction.atomic():
            record = lay_for_good(revision.snapshot)
            refuse_unsound(record)
            _decide_dates(record, revision)
            record.publish(by=by)
            Replacement.objects.about(record).delete()
    except (CannotLay, models.ProtectedError) as error:
        raise NotNow(str(error)) from error
    except IntegrityError as error:
        raise NotNow(
            "Another record has this address, or lacks something it needs. Open the draft, "
            "save it again, and see what the form says."
        ) from error
    revision.published_at, revision.published_by = timezone.now(), by
    _move(revision, State.PUBLISHED)
    Act.objects.record_that(Verb.PUBLISHED, record, by=by, note=revision.note, revision=revision)
    return record


def _send_back(revision: Revision, *, by, why: list[str]) -> None:
    """An approval ends that rested on what is no longer so."""
    _move(revision, State.IN_REVIEW)
    note = "\n".join(why)
    Act.objects.record_that(Verb.SENT_BACK, revision.record, by=by, note=note, revision=revision)


@transaction.atomic
def withdraw(
    record: Publishable, *, by, reason: str, replacement=None, leave_uses: bool = False
) -> None:
    """Take a record from readers, who are told `reason`, and to read `replacement` instead.

    What is in use needs that, or the word of somebody who read the list that all may stay so.
    """
    record = lock_record(record)
    if not record.is_published:
        raise NotNow("Readers do not see it now.")
    if not (replacement or leave_uses):
        refuse_what_is_used(record)
    _found(record)
    record.withdraw(by=by, reason=reason)
    approved = Revision.objects.open_for(record)
    if approved and approved.state == State.APPROVED:  # By somebody who did not know the reason.
        _send_back(approved, by=by, why=["What readers read was withdrawn:", reason])
    if replacement:
        Replacement.objects.put(record, replacement)
        reason = f"{reason}\nTo be read instead: {replacement}"
    Act.objects.record_that(Verb.WITHDRAWN, record, by=by, note=reason)


@transaction.atomic
def discard(revision: Revision, *, by, note: str = "") -> None:
    """Set an open draft aside. Its text stays in the history."""
    revision = lock_revision(revision, *Revision.OPEN)
    if revision.record.published_at is None:
        raise NotNow("Readers never saw this record: delete it instead.")
    _move(revision, State.SET_ASIDE)
    Act.objects.record_that(Verb.DISCARDED, revision.record, by=by, note=note, revision=revision)


@transaction.atomic
def restore(revision: Revision, *, by, note: str = "") -> Revision:
    """A new draft with the text of an earlier revision; a deleted record comes back as a draft."""
    record, verb = revision.record, Verb.RESTORED
    if record is None:
        try:
            record, verb = lay(revision.snapshot), Verb.BROUGHT_BACK
        except CannotLay as error:
            raise NotNow(str(error)) from error
        except IntegrityError as error:
            raise NotNow("Another record has its address now. Rename that one first.") from error
    note = note or f"As in revision {revision.number}"
    return save_draft(
        *(record, _told_as_earlier(revision)), by=by, note=note, verb=verb,
        origin=Revision.Origin.RESTORED, based_on=revision,
    )  # fmt: skip


@transaction.atomic
def delete(record: Publishable, *, by) -> None:
    """Delete a record that readers never saw. It can be brought back from the history."""
    record = lock_record(record)
    if record.published_at is not None:
        raise NotNow("Readers have links to it. Withdraw it instead: its address then says why.")
    last = Revision.objects.open_for(record) or Revision.objects.about(record).newest()
    if not last:
        last = _add(record, snapshot_of(record), author=by, state=State.SET_ASIDE)
    if last.is_open:
        last.state = State.SET_ASIDE
        last.save(update_fields=["state"])
    Act.objects.record_that(Verb.DELETED, record, by=by, revision=last)
    record.delete()


@transaction.atomic
def confirm_review(record: Publishable, *, by, next_review: date, read: str) -> None:
    """`by`, a clinician, has read the published page and found nothing to change.

    `read` is the digest of the snapshot that they were shown.
    """
    record, reviewer = lock_record(record), getattr(by, "reviewer", None)
    live = Revision.objects.base_of(record)
    if not record.is_published or (live and live.is_open):
        raise NotNow("Readers do not see it now, or there is a draft: review that one.")
    if read != digest(snapshot_of(record)):
        raise NotNow("The page has changed since you opened it. Read it again, then confirm it.")
    if reviewer and live and wrote_on(live, reviewer):
        raise NotNow("You wrote on this text. Another clinician must review it.")
    if lost := lost_by(record):
        raise NotNow(f"It rests on {in_a_row(lost)}, withdrawn or retracted. It needs a new text.")
    _fits(reviewer, next_review)
    record.reviewed_at, record.reviewed_by = timezone.localdate(), reviewer
    record.reviewer_name, record.reviewer_credentials = reviewer.name, reviewer.credentials
    record.review_due = next_review
    record.save()
    note = f"Next review by {next_review}"
    Act.objects.record_that(Verb.REVIEWED, record, by=by, note=note, revision=live)


def _told_as_earlier(revision: Revision) -> Snapshot:
    """Its text. Readers who read it once are told that it is back, not what was new in it then."""
    first, *parts = revision.snapshot
    if revision.state != State.PUBLISHED:
        return revision.snapshot
    fields = first["fields"] | {"update_note": gettext("An earlier text of this page is back.")}
    return [first | {"fields": fields}, *parts]


def _found(record: Publishable) -> None:
    """Before staff change a record that readers got from elsewhere: keep what stands there."""
    if record.published_at is None or Revision.objects.about(record).exists():
        return
    fields = {"published_at": record.published_at, "published_by": record.published_by}
    fields |= {"state": State.PUBLISHED, "origin": Revision.Origin.FOUND}
    _add(record, snapshot_of(record), author=record.published_by, **fields)


def _add(record: Publishable, snapshot: Snapshot, **fields) -> Revision:
    if snapshot[0]["pk"] != str(record.pk):
        raise ValueError(f"This text is of another record than “{record}”.")
    newest = Revision.objects.about(record).newest()
    fields |= {"number": newest.number + 1 if newest else 1, "title": str(record)[:400]}
    return Revision.objects.create(record=record, snapshot=snapshot, **fields)


def _move(revision: Revision, state: str) -> None:
    revision.state = state
    revision.save()
    if state in Revision.OPEN:
        _mirror(revision.record, state)


def _mirror(record: Publishable, state: str) -> None:
    """The status of a record that readers never saw is that of its draft."""
    type(record)._base_manager.filter(pk=record.pk, published_at=None).update(status=state)


def _fits(reviewer: Reviewer | None, next_review: date | None) -> None:
    if (reviewer is None) != (next_review is None):
        raise NotNow("A review of the whole page needs its clinician and the day of the next one.")
    today = timezone.localdate()
    if next_review and not today < next_review <= today + A_YEAR:
        raise NotNow("The next review must be within the coming 12 months.")


def _decide_dates(record: Publishable, revision: Revision) -> None:
    """Move the dates that readers see, each only where its own act has taken place."""
    was_read = record.published_at is not None
    changes = {step.change for step in since_publication(revision)}
    if record.is_withdrawn or (was_read and Revision.Change.MEANING in changes):
        record.updated_on = timezone.localdate()
    if revision.reviewer_id:
        record.reviewed_at = timezone.localtime(revision.approved_at).date()
        record.reviewed_by, record.review_due = revision.reviewer, revision.next_review
        record.reviewer_name = revision.reviewer_name
        record.reviewer_credentials = revision.reviewer_credentials
    record.review_due = record.review_due or timezone.localdate() + A_YEAR
