"""The page on which an author sends a draft for review with the new texts that it needs."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect

from psychoplastogens.editorial.admin.record_pages import get_record_admin_url, render_record_page
from psychoplastogens.editorial.admin.sending import find_sendable_drafts, has_perm_on
from psychoplastogens.editorial.admin.shown_stops import show_stops_elsewhere
from psychoplastogens.editorial.exceptions import UnfinishedDrafts, WorkflowError
from psychoplastogens.editorial.models import Revision
from psychoplastogens.editorial.workflow.bundles import list_stops_together, send_together


def bundle(model_admin, request, record):
    """List the drafts that the draft of `record` needs, and what stops their sending.

    POST `along` keys: send them with it.
    """
    if not model_admin.has_change_permission(request, record):
        raise PermissionDenied
    draft = Revision.objects.get_open_draft(record)
    if draft is None or draft.state != Revision.State.DRAFT:
        message = "There is no draft to send: it is in review already, or nobody changed the text."
        model_admin.message_user(request, message, messages.WARNING)
        return HttpResponseRedirect(get_record_admin_url(record))
    needed = find_sendable_drafts(draft, request.user)
    chosen = set(request.POST.getlist("along"))
    errors: list[str] = []
    if request.method != "POST":
        stops = list_stops_together([draft, *needed])
    else:
        stops = []
        along = [other for other in needed if str(other.pk) in chosen]
        try:
            send_together([draft, *along], by=request.user)
        except UnfinishedDrafts as error:
            errors, stops = error.messages[:1], error.stops
        except WorkflowError as error:
            errors = ["Nothing was sent for review.", *error.messages]
        else:
            message = f"Sent for review together: {len(along) + 1} texts."
            model_admin.message_user(request, message, messages.SUCCESS)
            return HttpResponseRedirect(get_record_admin_url(record, "review"))
    return render_record_page(
        *(model_admin, request, record, "Send together", "admin/bundle.html"),
        rows=[
            (other, request.method != "POST" or str(other.pk) in chosen, other.record)
            for other in needed
        ],
        errors=errors,
        stops=list(show_stops_elsewhere(stops)),
    )


def may_view_all(user, revisions: Iterable[Revision]) -> bool:
    """Whether a user may view the records of all these revisions."""
    return all(
        has_perm_on(user, revision, "view") or has_perm_on(user, revision, "change")
        for revision in revisions
    )


def list_bundled(revision: Revision, user) -> list[Revision]:
    """The other open revisions of a bundle, with their records; [] where it is in none.

    Titles of drafts are confidential: who may not view one of them is shown none.
    """
    others = Revision.objects.in_bundle_with(revision).prefetch_related("record")
    return list(others) if revision.bundle_id and may_view_all(user, others) else []
