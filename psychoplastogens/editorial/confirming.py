"""A clinician reads a page as readers do, finds nothing to change, and says so."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect

from psychoplastogens.editorial import reviewing
from psychoplastogens.editorial.admin_pages import form_address, page_about
from psychoplastogens.editorial.previews import pages_of
from psychoplastogens.editorial.revision import APPROVING, Revision

SAID = "Kept: readers see your name and today as the day of the review."


def confirm(model_admin, request, record):
    """The public pages of a record without a draft, and the form that says they may stay."""
    if not request.user.has_perm(APPROVING):
        raise PermissionDenied
    newest = Revision.objects.base_of(record)
    if newest and newest.is_open and request.method != "POST":
        return HttpResponseRedirect(form_address(record, "review"))
    form = reviewing.ConfirmForm(request.POST or None, record)
    if form.is_bound and reviewing.decide(form, {"confirm": reviewing.confirm}, by=request.user):
        model_admin.message_user(request, SAID, messages.SUCCESS)
        return HttpResponseRedirect(form_address(record, "confirm"))
    return page_about(
        model_admin,
        request,
        record,
        "Review",
        "admin/confirm.html",
        form=form,
        newest=newest,
        pages=pages_of(record) if record.is_published else [],
        dates=model_admin.dates(record),
        profile=getattr(request.user, "reviewer", None),
    )
