"""The page on which a publisher sets a time for a publication or a withdrawal, or cancels one."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html

from psychoplastogens.editorial.admin.record_pages import get_record_admin_url, render_record_page
from psychoplastogens.editorial.admin.set_times import show_set_time
from psychoplastogens.editorial.admin.views.bundle import may_view_all
from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.models import (
    PUBLISH_PERMISSION,
    Comment,
    Publishable,
    Revision,
    ScheduledChange,
)
from psychoplastogens.editorial.workflow import schedules


class PublishAtForm(forms.Form):
    """When an approved revision is to be published: a time of the site's zone, or one with its own.

    static/editorial/local_time.js lets people type their own time and sends it in UTC.
    """

    at = forms.DateTimeField(
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "autocomplete": "off"}, format="%Y-%m-%dT%H:%M"
        ),
        help_text="It happens within a minute or so of this time, or later if the site was down.",
    )

    def __init__(self, data, **options):
        super().__init__(data, **options)
        zone = timezone.get_current_timezone_name()
        self.fields["at"].label = f"Day and hour ({zone}; it is {timezone.localtime():%H:%M} there)"
        self.fields["at"].widget.attrs["data-zone"] = zone


class WithdrawAtForm(PublishAtForm):
    """When a page is to be withdrawn, and why."""

    reason = forms.CharField(
        max_length=Publishable._meta.get_field("withdrawn_because").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Why is it withdrawn then?",
        help_text="One or two plain sentences. Whoever follows an old link reads exactly this.",
    )
    leave_uses = forms.BooleanField(
        required=False, label="Pages that use it may stay as they are: I have read the list"
    )


def schedule(model_admin, request, record):
    """Show what is scheduled. POST verb=publish|withdraw with its form, or verb=cancel with `key`.

    A publication is set for the approved `revision`, so that nobody sets one for a text that they
    have not seen.
    """
    if not request.user.has_perm(PUBLISH_PERMISSION):
        raise PermissionDenied
    verb = request.POST.get("verb") if request.method == "POST" else None
    publish_form = PublishAtForm(request.POST if verb == "publish" else None, auto_id="publish-%s")
    withdraw_form = WithdrawAtForm(
        request.POST if verb == "withdraw" else None, auto_id="withdraw-%s"
    )
    form = {"publish": publish_form, "withdraw": withdraw_form}.get(verb)
    if verb and (form is None or form.is_valid()):
        try:
            message = _run(verb, record, request, form)
        except WorkflowError as error:
            if form:
                form.add_error(None, error)
            else:
                model_admin.message_user(request, " ".join(error.messages), messages.ERROR)
        else:
            model_admin.message_user(request, message, messages.SUCCESS)
            return HttpResponseRedirect(get_record_admin_url(record, "schedule"))
    draft = Revision.objects.get_open_draft(record)
    along = list(Revision.objects.in_bundle_with(draft)) if draft else []
    open_comments = Comment.objects.about(record).open().count() if draft else 0
    waiting = list(ScheduledChange.objects.about(record).waiting())
    return render_record_page(
        *(model_admin, request, record, "Set a time", "admin/schedule.html"),
        draft=draft if draft and draft.state == Revision.State.APPROVED else None,
        along=along if may_view_all(request.user, along) else [],
        open_comments=open_comments,
        waiting=waiting,
        actions={change.action for change in waiting},
        publish_form=publish_form,
        withdraw_form=withdraw_form,
    )


def _run(verb: str, record: Publishable, request, form) -> str:
    """Run a verb, and return what is told then, words or HTML. Raises WorkflowError."""
    if verb == "publish":
        revision = Revision.objects.about(record).get_by_key_or_none(request.POST.get("revision"))
        if revision is None:
            raise WorkflowError("There is no such revision of this record.")
        if not may_view_all(request.user, Revision.objects.in_bundle_with(revision)):
            raise PermissionDenied
        at = form.cleaned_data["at"]
        schedules.schedule_publication(revision, by=request.user, at=at)
        return format_html("It will be published: {}.", show_set_time(at))
    if verb == "withdraw":
        schedules.schedule_withdrawal(record, by=request.user, **form.cleaned_data)
        return format_html("It will be withdrawn: {}.", show_set_time(form.cleaned_data["at"]))
    key = request.POST.get("key", "")
    waiting = ScheduledChange.objects.about(record).waiting()
    change = next((change for change in waiting if str(change.pk) == key), None)
    if verb != "cancel" or change is None:
        raise WorkflowError("It has run or was ended already: see the history.")
    schedules.cancel(change, by=request.user)
    return "Cancelled: it will not happen at that time."
