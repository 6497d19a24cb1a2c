"""Two people wrote on one page: the text that was refused, beside the newest one."""

from __future__ import annotations

from django.http import Http404

from psychoplastogens.editorial.admin_pages import page_about
from psychoplastogens.editorial.differences import differences
from psychoplastogens.editorial.revision import Revision
from psychoplastogens.editorial.snapshots import names_in, snapshot_of


def conflict(model_admin, request, record):
    """`?typed=<key>`: the revision that was kept aside, its differences from what is newest now."""
    typed = Revision.objects.about(record).with_key(request.GET.get("typed", ""))
    if typed is None:
        raise Http404("There is no such text. Every text that was saved is in the history.")
    newest = Revision.objects.base_of(record)
    theirs = newest.snapshot if newest else snapshot_of(record)
    mine = typed.snapshot
    return page_about(
        model_admin,
        request,
        record,
        "Somebody saved before you",
        "admin/conflict.html",
        typed=typed,
        newest=newest,
        differences=differences(theirs, mine, names_in(theirs, mine)),
    )
