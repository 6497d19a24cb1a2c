"""A clinician reads a page as readers do, finds nothing to change, and says so."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse

from psychoplastogens.editorial import reviewing
from psychoplastogens.editorial.drafting_admin import form_address
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
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"Review: {record}",
        "opts": model_admin.opts,
        "original": record,
        "form": form,
        "newest": newest,
        "pages": pages_of(record) if record.is_published else [],
        "dates": model_admin.dates(record),
        "profile": getattr(request.user, "reviewer", None),
    }
    return TemplateResponse(request, "admin/confirm.html", context)
