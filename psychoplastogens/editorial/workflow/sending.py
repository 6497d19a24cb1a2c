"""What must be mended before a draft can be sent for review: what would stop it later anyway."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models

from psychoplastogens.editorial.drafts.draft_transaction import draft_applied
from psychoplastogens.editorial.drafts.snapshots import Snapshot, fetch_with_parts, iter_rows
from psychoplastogens.editorial.exceptions import UnfinishedDraft
from psychoplastogens.editorial.models import Publishable, Revision
from psychoplastogens.editorial.workflow import transitions
from psychoplastogens.editorial.workflow.approval_checks import iter_row_errors
from psychoplastogens.editorial.workflow.checks import Severity, find_problems
from psychoplastogens.editorial.workflow.places import find_place, get_place_label

MAX_TOLD = 20
"""Of the things that stop a sending, those that its error names."""


class Stop(NamedTuple):
    """One thing that stops the sending: the row, its field ('' for the row as a whole), and why."""

    row: models.Model
    field: str
    message: str

    @property
    def label(self) -> str:
        """The name of the field, after that of the part that it belongs to."""
        return get_place_label(self.row, self.field)


def send_for_review(revision: Revision, *, by, note: str = "") -> None:
    """Submit a draft. Raises UnfinishedDraft with all that must be mended first."""
    if told := list_stop_lines(revision):
        raise UnfinishedDraft(["It was not sent for review.", *told])
    transitions.submit(revision, by=by, note=note)


def list_stop_lines(revision: Revision, published_along: Iterable[Snapshot] = ()) -> list[str]:
    """What stops the sending of a draft, a line each, where some others go along with it."""
    with draft_applied(revision.snapshot, published_along) as record:
        stops = find_stops(record)[:MAX_TOLD]
        return list(dict.fromkeys(f"{stop.label}: {stop.message}" for stop in stops))


def find_stops(record: Publishable) -> list[Stop]:
    """All that stops the sending of a saved record: mistakes, and errors that the checks find."""
    mistakes = list(find_mistakes(record))
    mistaken = {(stop.row.pk, stop.field) for stop in mistakes}
    errors = (p for p in find_problems(record) if p.severity == Severity.ERROR)
    found = (Stop(*find_place(record, problem.field), problem.message) for problem in errors)
    return mistakes + [stop for stop in found if (stop.row.pk, stop.field) not in mistaken]


def find_mistakes(record: Publishable, draft: Revision | None = None) -> Iterator[Stop]:
    """What is invalid in the rows of a saved record: the same stops its publication.

    With the `draft` that the rows are of, those that it has as they were published are left out:
    they were valid then, and to look at all takes long.
    """
    rows: Iterable[models.Model] = iter_rows(fetch_with_parts(record))
    if draft:
        changed = _find_changed_keys(draft)
        rows = (row for row in rows if str(row.pk) in changed)
    for row, name, message in iter_row_errors(rows):
        yield Stop(row, "" if name == NON_FIELD_ERRORS else name, message)


def _find_changed_keys(draft: Revision) -> set[str]:
    """The keys of the rows that a draft adds or has otherwise than the published text."""
    published = Revision.objects.about(draft.record).published_before(draft)
    before = {row["pk"]: row for row in published.snapshot} if published else {}
    return {row["pk"] for row in draft.snapshot if row != before.get(row["pk"])}
