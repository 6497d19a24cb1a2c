"""The history of a record, with every text."""

from __future__ import annotations

from django.core.paginator import Paginator

from psychoplastogens.editorial.admin.record_pages import render_record_page
from psychoplastogens.editorial.admin.views.preview import get_number_parameter
from psychoplastogens.editorial.models import HistoryEntry, Revision

ENTRIES_PER_PAGE = 100


def record_history(model_admin, request, record):
    """List who did what to `record`, when and why, newest first, with links to restore."""
    entries = HistoryEntry.objects.about(record).select_related("by", "revision")
    paginator = Paginator(entries.defer("revision__snapshot"), ENTRIES_PER_PAGE)
    return render_record_page(
        model_admin,
        request,
        record,
        "History",
        "admin/record_history.html",
        entries=paginator.get_page(get_number_parameter(request, "p") or 1),
        found=Revision.objects.about(record).baselines().defer("snapshot").first(),
        newest=Revision.objects.get_editing_base(record),
        may_restore=model_admin.has_change_permission(request, record),
    )
