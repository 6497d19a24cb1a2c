"""A clinician confirms a published page without changes."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect

from psychoplastogens.editorial.admin.record_pages import get_record_admin_url, render_record_page
from psychoplastogens.editorial.drafts.preview_rendering import get_public_pages
from psychoplastogens.editorial.models import APPROVE_PERMISSION, Revision
from psychoplastogens.editorial.review import forms
from psychoplastogens.editorial.review.decisions import confirm_whole_page, run_decision

CONFIRMED_MESSAGE = "Kept: readers see your name and today as the day of the review."


def confirm_review(model_admin, request, record):
    """Show the public pages of a record without a draft, and the form that confirms them."""
    if not request.user.has_perm(APPROVE_PERMISSION):
        raise PermissionDenied
    newest = Revision.objects.get_editing_base(record)
    if newest and newest.is_open and request.method != "POST":
        return HttpResponseRedirect(get_record_admin_url(record, "review"))
    form = forms.ConfirmReviewForm(request.POST or None, record)
    if form.is_bound and run_decision(form, {"confirm": confirm_whole_page}, by=request.user):
        model_admin.message_user(request, CONFIRMED_MESSAGE, messages.SUCCESS)
        return HttpResponseRedirect(get_record_admin_url(record, "confirm"))
    return render_record_page(
        model_admin,
        request,
        record,
        "Review",
        "admin/confirm_review.html",
        form=form,
        newest=newest,
        pages=get_public_pages(record) if record.is_published else [],
        dates=model_admin.dates(record),
        profile=getattr(request.user, "reviewer", None),
    )
