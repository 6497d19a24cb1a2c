"""The history of a record: every text with what happened to it, and any two texts compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import Http404

from psychoplastogens.editorial.admin.record_pages import render_record_page
from psychoplastogens.editorial.admin.views.preview import get_number_parameter
from psychoplastogens.editorial.drafts.diff import diff_snapshots
from psychoplastogens.editorial.drafts.snapshots import get_referenced_names
from psychoplastogens.editorial.models import HistoryEntry, Revision

REVISIONS_PER_PAGE = 50


@dataclass(frozen=True)
class HistoryRow:
    """A revision with its entries, oldest first, or one entry that is about no revision."""

    revision: Revision | None
    entries: list[HistoryEntry]


def record_history(model_admin, request, record):
    """List the revisions of `record`, newest first, each with what happened to it."""
    revisions = Revision.objects.about(record).with_history()
    page = Paginator(revisions, REVISIONS_PER_PAGE).get_page(get_number_parameter(request, "p"))
    rows = list(_iter_rows(record, page))
    numbers = [row.revision.number for row in rows if row.revision]
    return render_record_page(
        *(model_admin, request, record, "History", "admin/record_history.html"),
        page_of_revisions=page,
        rows=rows,
        newest_numbers=numbers[:2],
        newest=Revision.objects.get_editing_base(record),
        live=Revision.objects.get_live(record),
        may_restore=model_admin.has_change_permission(request, record),
    )


def compare_revisions(model_admin, request, record):
    """Compare the revisions numbered `?a=` and `?b=`, the lower one first."""
    revisions = Revision.objects.about(record)
    numbers = sorted(get_number_parameter(request, name) for name in ("a", "b"))
    found = [revisions.get_by_number_or_none(number) for number in numbers]
    if None in found:
        raise Http404("Choose two revisions of this record in its history.")
    before, after = found
    names = get_referenced_names(before.snapshot, after.snapshot)
    return render_record_page(
        *(model_admin, request, record, "Compare", "admin/compare_revisions.html"),
        before=before,
        after=after,
        differences=diff_snapshots(before.snapshot, after.snapshot, names),
        newest=Revision.objects.get_editing_base(record),
        live=Revision.objects.get_live(record),
        may_restore=model_admin.has_change_permission(request, record),
        is_nav_sidebar_enabled=False,
    )


def _iter_rows(record, page: Page) -> Iterator[HistoryRow]:
    """The revisions of a page, and among them what happened to the record between them."""
    revisions = list(page.object_list)
    since = revisions[-1].created_at if revisions and page.has_next() else None
    later = page.paginator.object_list[page.start_index() - 2] if page.has_previous() else None
    until = later.created_at if later else None
    others = list(HistoryEntry.objects.about(record).without_revision(since, until))
    for revision in revisions:
        while others and others[0].at > revision.created_at:
            yield HistoryRow(None, [others.pop(0)])
        yield HistoryRow(revision, list(reversed(revision.history_entries.all())))
    yield from (HistoryRow(None, [entry]) for entry in others)
