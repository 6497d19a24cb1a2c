"""Comments on a place of a text: begin, answer, resolve and reopen a thread.

Like the transitions, each is one transaction with an entry in the history. If it is not allowed it
raises WorkflowError.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.models import (
    MAX_QUOTE_LENGTH,
    Comment,
    HistoryEntry,
    Reviewer,
    ReviewLink,
    Revision,
)
from psychoplastogens.editorial.workflow.revision_storage import lock_link, lock_record

Verb = HistoryEntry.Verb
MAX_QUOTE_IN_NOTE = 120


@dataclass(frozen=True)
class Place:
    """A field of a row, its name for people, and a paragraph of it ('' for the whole field)."""

    row_id: uuid.UUID
    field: str
    label: str
    quote: str = ""


@transaction.atomic
def begin_thread(
    revision: Revision, place: Place, *, body: str, by=None, link: ReviewLink | None = None
) -> Comment:
    """Comment on a place of `revision`, as a colleague (`by`) or through a link."""
    _lock(revision)
    quote = place.quote[:MAX_QUOTE_LENGTH]
    where = {"row_id": place.row_id, "field": place.field, "label": place.label[:500]}
    thread = _write(revision, body, by, link, quote=quote, **where)
    _log(Verb.REMARKED, thread, revision, by=by, said_by=thread.reviewer, body=body)
    return thread


@transaction.atomic
def answer(
    thread: Comment, revision: Revision, *, body: str, by=None, link: ReviewLink | None = None
) -> Comment:
    """Answer in `thread` while reading `revision`. Whoever has a link answers in their own."""
    _lock(revision)
    thread = lock_thread(thread, revision)
    if link and thread.reviewer_id != link.reviewer_id:
        raise WorkflowError("This comment is not yours.")
    given = _write(revision, body, by, link, parent=thread)
    _log(Verb.ANSWERED, thread, revision, by=by, said_by=given.reviewer, body=body)
    return given


@transaction.atomic
def resolve(thread: Comment, revision: Revision, *, by, body: str = "") -> None:
    """Resolve a thread, with a last answer if there is a `body`."""
    _lock(revision)
    thread = lock_thread(thread, revision)
    if thread.resolved_at:
        raise WorkflowError(f"{thread.resolved_by} has resolved this comment already.")
    if body.strip():
        _write(revision, body, by, None, parent=thread)
    thread.resolved_at, thread.resolved_by = timezone.now(), by
    thread.save(update_fields=["resolved_at", "resolved_by"])
    _log(Verb.RESOLVED, thread, revision, by=by, body=body)


@transaction.atomic
def reopen(thread: Comment, revision: Revision, *, by, body: str = "") -> None:
    """Open a resolved thread again, with an answer if there is a `body`."""
    _lock(revision)
    thread = lock_thread(thread, revision)
    if not thread.resolved_at:
        raise WorkflowError("This comment is open already.")
    if body.strip():
        _write(revision, body, by, None, parent=thread)
    thread.resolved_at = thread.resolved_by = None
    thread.save(update_fields=["resolved_at", "resolved_by"])
    _log(Verb.REOPENED, thread, revision, by=by, body=body)


def lock_thread(thread: Comment, revision: Revision) -> Comment:
    """Fetch and lock `thread`. Raise WorkflowError if it is of another record, or an answer."""
    threads = Comment.objects.threads().about(revision.record).select_related("revision")
    locked = threads.select_for_update(of=("self",)).filter(pk=thread.pk).first()
    if locked is None:
        raise WorkflowError("There is no such comment on this text.")
    return locked


def _lock(revision: Revision) -> None:
    """Block other transitions on the record. Raise WorkflowError if it was deleted."""
    if revision.record is None:
        raise WorkflowError("The record was deleted. Bring it back from the history first.")
    lock_record(revision.record)


def _write(revision: Revision, body: str, by, link: ReviewLink | None, **fields) -> Comment:
    if (by is None) == (link is None):
        raise ValueError("A comment is by a user, or through a link.")
    if not body.strip():
        raise WorkflowError("The comment is empty.")
    reviewer: Reviewer | None = lock_link(link, revision).reviewer if link else None
    return Comment.objects.create(
        revision=revision, body=body.strip(), by=by, reviewer=reviewer, **fields
    )


def _log(verb, thread: Comment, revision: Revision, *, by, said_by=None, body: str) -> None:
    quote = thread.quote[:MAX_QUOTE_IN_NOTE]
    cut = "…" if len(thread.quote) > MAX_QUOTE_IN_NOTE else ""
    place = f"{thread.label}: “{quote}{cut}”" if quote else thread.label
    HistoryEntry.objects.log(
        *(verb, revision.record), by=by, outsider=said_by, revision=revision, thread=thread,
        note="\n".join(filter(None, (place, body.strip()))),
    )  # fmt: skip
