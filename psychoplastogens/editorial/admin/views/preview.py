"""Preview of a draft in several frames."""

from __future__ import annotations

from django.http import Http404

from psychoplastogens.editorial.admin.record_pages import render_record_page
from psychoplastogens.editorial.drafts.preview_rendering import (
    SHAPES,
    DraftMark,
    get_snapshot_pages,
    render_snapshot,
)
from psychoplastogens.editorial.drafts.snapshots import (
    Snapshot,
    take_snapshot,
)
from psychoplastogens.editorial.models import Publishable, Revision


def get_requested_snapshot(record: Publishable, key: str = "") -> Snapshot:
    """Return the snapshot of this revision, or of the open draft, or of the current rows."""
    revisions = Revision.objects.about(record)
    if key:
        revision = revisions.get_by_key_or_none(key)
        if revision is None:
            raise Http404("There is no such revision of this record.")
        return revision.snapshot
    draft = Revision.objects.get_open_draft(record)
    return draft.snapshot if draft else take_snapshot(record)


def get_number_parameter(request, name: str) -> int:
    """Return the integer in a query parameter, or 0."""
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 6 else 0


def get_requested_shape(request) -> str:
    """Return the name of the shape that is asked for, or that of a phone."""
    shape = request.GET.get("shape")
    return shape if shape in SHAPES else "phone"


def build_mark(record: Publishable, revision: Revision | None, shape: str) -> DraftMark:
    """What a preview of `revision` says it is; without one, the record has no text but its own."""
    state = revision.state if revision else ""
    if state == Revision.State.PUBLISHED or (not revision and record.published_at):
        return DraftMark("Published text, in a preview", shape, is_draft=False)
    if state == Revision.State.APPROVED:
        return DraftMark("Approved, not published", shape)
    return DraftMark("Draft, not approved", shape)


def preview(model_admin, request, record):
    """Show the draft in a page of frames, one for each shape."""
    key = request.GET.get("revision", "")
    return render_record_page(
        model_admin,
        request,
        record,
        "Preview",
        "admin/preview.html",
        pages=get_snapshot_pages(get_requested_snapshot(record, key)),
        revision=key,
        number=get_number_parameter(request, "number"),
        shapes=SHAPES.items(),
        is_nav_sidebar_enabled=False,
    )


def preview_frame(model_admin, request, record):
    """Render one frame: `?revision=<key>&number=<page>&shape=<one of SHAPES>`."""
    key = request.GET.get("revision", "")
    snapshot, number = get_requested_snapshot(record, key), get_number_parameter(request, "number")
    revisions = Revision.objects.about(record)
    asked = revisions.get_by_key_or_none(key) if key else None
    revision = asked or Revision.objects.get_editing_base(record)
    mark = build_mark(record, revision, get_requested_shape(request))
    bundle = Revision.objects.in_bundle_with(asked) if asked else ()
    return render_snapshot(request, snapshot, number, mark, [other.snapshot for other in bundle])
