"""What must be mended before a draft can be sent for review: what would stop it later anyway."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models

from psychoplastogens.editorial.drafts.draft_transaction import draft_applied
from psychoplastogens.editorial.drafts.snapshots import Snapshot, fetch_with_parts, iter_rows
from psychoplastogens.editorial.exceptions import UnfinishedDraft, WorkflowError
from psychoplastogens.editorial.models import HistoryEntry, Publishable, Revision
from psychoplastogens.editorial.workflow import transitions
from psychoplastogens.editorial.workflow.approval_checks import iter_row_errors
from psychoplastogens.editorial.workflow.checks import Severity, find_problems
from psychoplastogens.editorial.workflow.places import find_place, get_place_label

CHANGE_KIND, WHAT_CHANGED = "change_kind", "what_changed"
CHANGE_LABELS = {
    CHANGE_KIND: "What kind of change is it?",
    WHAT_CHANGED: "What changed, for readers",
}
"""Fields about a change that belong to its revision, and to no row."""
NO_KIND = "Choose one: it decides which dates readers see."
NO_SENTENCE = "Tell readers in one sentence what changed."
NOT_BACK = "Tell readers in one sentence why it is back."
NOTHING_CHANGED = (
    "It was not sent: nothing in this text has changed since changes were asked for. Mend it in "
    "its form, or send the same text again."
)
MAX_TOLD = 20
"""Of the things that stop a sending, those that its error names."""


class Stop(NamedTuple):
    """One thing that stops the sending: the row, its field ('' for the row as a whole), and why.

    `excerpt` is the text in question, as it was typed; it may be empty.
    """

    row: models.Model
    field: str
    message: str
    excerpt: str = ""

    @property
    def label(self) -> str:
        """The name of the field, after that of the part that it belongs to."""
        return CHANGE_LABELS.get(self.field) or get_place_label(self.row, self.field)

    def __str__(self) -> str:
        return f"{self.label}: {self.message}"


def send_for_review(revision: Revision, *, by, note: str = "", is_same_text: bool = False) -> None:
    """Submit a draft. Raises UnfinishedDraft with all that must be mended first.

    Raises WorkflowError if changes were asked for and none was made, unless `is_same_text` says
    that this is meant.
    """
    if not is_same_text and HistoryEntry.objects.get_request_for_changes(revision):
        raise WorkflowError(NOTHING_CHANGED)
    if stops := list_stops(revision):
        raise UnfinishedDraft(["It was not sent for review.", *map(str, stops)])
    transitions.submit(revision, by=by, note=note)


def list_stops(revision: Revision, published_along: Iterable[Snapshot] = ()) -> list[Stop]:
    """What stops the sending of a draft, where some others go along with it.

    These are the first MAX_TOLD things, without those that read the same.
    """
    with draft_applied(revision.snapshot, published_along) as record:
        stops = find_stops(record, revision)[:MAX_TOLD]
        return list({str(stop): stop for stop in stops}.values())


def find_stops(record: Publishable, draft: Revision) -> list[Stop]:
    """All that stops the sending of `draft`, which `record` was saved from.

    These are mistakes, errors that the checks find, and what is not said about the change.
    """
    mistakes = [*find_mistakes(record, draft), *find_change_stops(record, draft)]
    mistaken = {(stop.row.pk, stop.field) for stop in mistakes}
    errors = (p for p in find_problems(record) if p.severity == Severity.ERROR)
    found = (Stop(*find_place(record, p.field), p.message, p.excerpt) for p in errors)
    return mistakes + [stop for stop in found if (stop.row.pk, stop.field) not in mistaken]


def find_change_stops(record: Publishable, draft: Revision) -> Iterator[Stop]:
    """What the author of a new text of a page that readers know has not said about the change.

    Each publication has a sentence of its own; a restored or imported text came with one.
    """
    if not record.was_published:
        return
    if not draft.change:
        yield Stop(record, CHANGE_KIND, NO_KIND)
    needs_sentence = record.is_withdrawn or draft.change == Revision.Change.MEANING
    if needs_sentence and draft.origin == Revision.Origin.EDITED and not get_new_note(draft):
        yield Stop(record, WHAT_CHANGED, NOT_BACK if record.is_withdrawn else NO_SENTENCE)


def get_last_note(record: Publishable) -> str:
    """What readers were told about the last change of a saved record."""
    published = Revision.objects.about(record).published().first()
    fields = published.snapshot[0]["fields"] if published else {}
    return fields.get("update_note", record.update_note)


def get_new_note(draft: Revision) -> str:
    """What readers are told about the change, '' if it is what they were told the last time."""
    note = draft.snapshot[0]["fields"].get("update_note", "")
    before = Revision.objects.about(draft.record).published_before(draft) if note else None
    is_old = before and note == before.snapshot[0]["fields"].get("update_note", "")
    return "" if is_old else note


def find_mistakes(record: Publishable, draft: Revision) -> Iterator[Stop]:
    """What is invalid in the rows of `record`, saved from `draft`: the same stops its publication.

    Rows that it has as they were published are left out: they were valid then, and to look at all
    takes long.
    """
    changed = _find_changed_keys(draft)
    rows = (row for row in iter_rows(fetch_with_parts(record)) if str(row.pk) in changed)
    for row, name, message in iter_row_errors(rows):
        yield Stop(row, "" if name == NON_FIELD_ERRORS else name, message)


def _find_changed_keys(draft: Revision) -> set[str]:
    """The keys of the rows that a draft adds or has otherwise than the published text."""
    published = Revision.objects.about(draft.record).published_before(draft)
    before = {row["pk"]: row for row in published.snapshot} if published else {}
    return {row["pk"] for row in draft.snapshot if row != before.get(row["pk"])}
