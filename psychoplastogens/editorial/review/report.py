"""What a reviewer sees of a revision: differences, pages, and what the checks say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.apps import apps
from django.utils import timezone
from django.utils.functional import cached_property

from psychoplastogens.editorial.drafts.diff import (
    RowDifference,
    count_changed_marks,
    diff_snapshots,
)
from psychoplastogens.editorial.drafts.draft_transaction import draft_applied
from psychoplastogens.editorial.drafts.preview_rendering import get_public_pages
from psychoplastogens.editorial.drafts.snapshots import (
    Snapshot,
    SnapshotConflict,
    get_referenced_names,
    take_snapshot,
)
from psychoplastogens.editorial.models import HistoryEntry, Publishable, Reviewer, Revision
from psychoplastogens.editorial.review.cited_sources import CitedSource, find_cited_sources
from psychoplastogens.editorial.workflow.checks import Problem, Severity, find_problems
from psychoplastogens.editorial.workflow.twins import find_twins


@dataclass(frozen=True)
class DraftPage:
    """A public page of a draft and its position."""

    number: int
    title: str
    is_changed: bool
    is_first_changed: bool


@dataclass(frozen=True)
class EarlierReading:
    """What the reader of a report did about an earlier revision, and what changed since then."""

    entry: HistoryEntry
    differences: list[RowDifference]


@dataclass(frozen=True)
class ReviewReport:
    """A revision as the reviewer sees it: differences, pages, and results of the checks."""

    revision: Revision
    compared_with: str
    differences: list[RowDifference]
    pages: list[DraftPage]
    errors: list[Problem]
    warnings: dict[str, list[Problem]]
    """By the rule that each comes from."""
    twins: list[Publishable] = field(default_factory=list)
    """What may say the same already."""
    cannot_be_shown: str = ""
    since: EarlierReading | None = None
    kept_checked_day: date | None = None
    """When facts were checked, as readers are told before and after."""

    @cached_property
    def cited(self) -> dict[str, CitedSource]:
        """The sources of what changed, by slug."""
        return find_cited_sources(self.differences, self.revision.snapshot)

    @cached_property
    def changed(self) -> dict[str, int]:
        return count_changed_marks(self.differences)

    @property
    def is_wording_with_numbers(self) -> bool:
        """Whether numbers differ in what its author calls a change of wording."""
        return self.revision.change == Revision.Change.WORDING and bool(self.changed["number"])

    @property
    def unchecked_since(self) -> date | None:
        """When facts were checked, if numbers or citations changed their meaning after that day."""
        day, changed = self.kept_checked_day, self.changed
        is_told = self.revision.change == Revision.Change.MEANING and any(
            changed[kind] for kind in ("number", "citation", "finding")
        )
        is_older = day and day < timezone.localdate(self.revision.created_at)
        return day if is_told and is_older else None


def build_review_report(
    revision: Revision, *, by=None, reviewer: Reviewer | None = None
) -> ReviewReport:
    """Apply the draft, check it, list its pages, and roll back. Query count is constant.

    Who reads it, a user (`by`) or a clinician with a link, is shown what changed since they read
    an earlier revision of the same draft.
    """
    compared_with, before = _get_comparison(revision)
    since = _build_earlier_reading(revision, by, reviewer)
    names = get_referenced_names(before, revision.snapshot)
    told = diff_snapshots(before, revision.snapshot, names)
    try:
        along = [other.snapshot for other in Revision.objects.in_bundle_with(revision)]
        with draft_applied(revision.snapshot, along) as record:
            problems, twins = find_problems(record), find_twins(record)
            titles = [title for title, _ in get_public_pages(record)]
    except SnapshotConflict as error:
        return ReviewReport(
            revision, compared_with, told, [], [], {}, cannot_be_shown=str(error), since=since
        )
    warnings: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.severity == Severity.WARNING:
            warnings.setdefault(str(problem.rule), []).append(problem)
    errors = [problem for problem in problems if problem.severity == Severity.ERROR]
    pages = list(_iter_draft_pages(revision.snapshot, titles, told))
    return ReviewReport(
        *(revision, compared_with, told, pages, errors, warnings, twins),
        since=since,
        kept_checked_day=_get_kept_checked_day(before, revision.snapshot),
    )


def _get_kept_checked_day(before: Snapshot, after: Snapshot) -> date | None:
    """When facts were checked, if both say the same day."""
    days = {rows[0]["fields"].get("evidence_checked_on") for rows in (before, after) if rows}
    day = days.pop() if before and len(days) == 1 else None
    return date.fromisoformat(day) if day else None


def _build_earlier_reading(revision: Revision, by, reviewer) -> EarlierReading | None:
    if not revision.is_open or not (by or reviewer):
        return None
    entry = HistoryEntry.objects.get_last_reading(revision, by=by, reviewer=reviewer)
    if entry is None or entry.revision is None:
        return None
    before, after = entry.revision.snapshot, revision.snapshot
    names = get_referenced_names(before, after)
    return EarlierReading(entry, diff_snapshots(before, after, names))


def _iter_draft_pages(
    snapshot: Snapshot, titles: list[str], told: list[RowDifference]
) -> Iterator[DraftPage]:
    """Yield the pages, and whether they changed. Parts without a page count to the one before."""
    number, stands_on = -1, {}
    for row in snapshot:
        number += hasattr(apps.get_model(row["model"]), "get_absolute_url")
        stands_on[row["model"], str(row["pk"])] = number
    changed = {stands_on.get((row.model, row.key)) for row in told}
    first = next((n for n in range(len(titles)) if n in changed), 0)
    for n, title in enumerate(titles):
        yield DraftPage(n, title, n in changed, n == first)


def _get_comparison(revision: Revision) -> tuple[str, Snapshot]:
    """Return (description, snapshot) of the text that a revision is compared with."""
    record = revision.record
    if revision.state == Revision.State.PUBLISHED:
        earlier = Revision.objects.about(record).published_before(revision)
        if earlier:
            return f"what readers read before, revision {earlier.number}", earlier.snapshot
    elif record and record.published_at:
        words = "read now" if record.is_published else "read before it was withdrawn"
        return f"what readers {words}", take_snapshot(record)
    return "", []
