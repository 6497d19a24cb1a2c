"""Two people wrote on one page: the text that was refused, beside the newest one."""

from __future__ import annotations

from django.http import Http404
from django.template.response import TemplateResponse

from psychoplastogens.editorial.revision import Revision
from psychoplastogens.editorial.snapshots import snapshot_of


def conflict(model_admin, request, record):
    """`?typed=<key>`: the revision that was kept aside, its differences from what is newest now."""
    typed = Revision.objects.about(record).with_key(request.GET.get("typed", ""))
    if typed is None:
        raise Http404("There is no such text. Every text that was saved is in the history.")
    newest = Revision.objects.base_of(record)
    theirs = newest.snapshot if newest else snapshot_of(record)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"Somebody saved before you: {record}",
        "opts": model_admin.opts,
        "original": record,
        "typed": typed,
        "newest": newest,
        "rows": list(side_by_side(theirs, typed.snapshot)),
    }
    return TemplateResponse(request, "admin/conflict.html", context)


def side_by_side(theirs, mine):
    """(what, their text, my text) of every field in which two snapshots differ."""
    fields = {}
    for side, snapshot in enumerate((theirs, mine)):
        for row in snapshot:
            title = row["fields"].get("title") or row["fields"].get("name") or row["model"]
            for name, value in row["fields"].items():
                key = (row["pk"], name)
                fields.setdefault(key, [f"{title}: {name}", None, None])[side + 1] = value
    return (tuple(texts) for texts in fields.values() if texts[1] != texts[2])
