"""Shows a conflicting text beside the newest one."""

from __future__ import annotations

from django.http import Http404

from psychoplastogens.editorial.admin.record_pages import render_record_page
from psychoplastogens.editorial.drafts.diff import diff_snapshots
from psychoplastogens.editorial.drafts.snapshots import get_referenced_names, take_snapshot
from psychoplastogens.editorial.models import Revision


def editing_conflict(model_admin, request, record):
    """`?typed=<key>`: the stored conflicting revision and its differences from the newest text."""
    typed = Revision.objects.about(record).get_by_key_or_none(request.GET.get("typed", ""))
    if typed is None:
        raise Http404("There is no such text. Every text that was saved is in the history.")
    newest = Revision.objects.get_editing_base(record)
    theirs = newest.snapshot if newest else take_snapshot(record)
    mine = typed.snapshot
    return render_record_page(
        model_admin,
        request,
        record,
        "Somebody saved before you",
        "admin/editing_conflict.html",
        typed=typed,
        newest=newest,
        differences=diff_snapshots(theirs, mine, get_referenced_names(theirs, mine)),
    )
