"""Change forms that save drafts and never touch the published rows."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.contrib.admin.checks import ModelAdminChecks
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.core.checks import Error
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils import timezone

from psychoplastogens.editorial.admin.autosave import AutosaveAdmin
from psychoplastogens.editorial.admin.forms import DraftForm
from psychoplastogens.editorial.admin.record_pages import get_record_admin_url
from psychoplastogens.editorial.admin.views.live_preview import live_preview
from psychoplastogens.editorial.admin.views.presence import update_presence
from psychoplastogens.editorial.admin.views.where_used import get_uses_summary
from psychoplastogens.editorial.drafts.draft_transaction import draft_applied
from psychoplastogens.editorial.drafts.snapshots import (
    Snapshot,
    SnapshotConflict,
    are_equivalent,
    take_snapshot,
)
from psychoplastogens.editorial.models import Publishable, Revision
from psychoplastogens.editorial.workflow import transitions
from psychoplastogens.editorial.workflow.references import get_owner_field_name, get_page

BASED_ON = "based_on"
LINKED_PAGES = ("do", "confirm", "preview", "review", "history", "uses")
CHANGE_FIELDS = ("change_kind", "what_changed", "evidence_checked_today", "change_reason")
# Endpoints that an open form calls, each at `<pk>/<name>/`.
FORM_ENDPOINTS = {"typed": live_preview, "presence": update_presence}


@dataclass
class Submission:
    """What a valid form would save: the snapshot of the whole page, and why it changed."""

    snapshot: Snapshot
    change: str
    note: str
    message: str


@dataclass
class DryRun:
    """The result of a form that was processed and rolled back.

    `submission` is None if the form is invalid. `base` is the newest revision, `opened_on` the one
    that the form was opened on.
    """

    response: HttpResponse
    submission: Submission | None
    base: Revision | None
    opened_on: Revision | None
    is_stale: bool


class DraftingAdminChecks(ModelAdminChecks):
    def check(self, admin_obj, **kwargs):
        return [*super().check(admin_obj, **kwargs), *self.find_field_clashes(admin_obj)]

    def find_field_clashes(self, admin_obj):
        """Yield fields of the model that share a name with a field of DraftForm."""
        ours = {*DraftForm.declared_fields, BASED_ON}
        for field in admin_obj.model._meta.get_fields():
            if field.name in ours:
                yield Error(
                    f"“{field.name}” is a field of the record and of every form of a draft.",
                    hint="Rename one of them: readers would get what is for colleagues.",
                    obj=admin_obj.__class__,
                    id="editorial.E001",
                )


class DraftingAdmin(AutosaveAdmin):
    """The change form of a page, or of a part of one. Saving stores a draft of the whole page."""

    checks_class = DraftingAdminChecks
    change_form_template = "admin/publishable_form.html"

    def get_urls(self):
        kind = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(
                f"<uuid:key>/{name}/",
                self.admin_site.admin_view(partial(view, self)),
                name=f"{kind}_{name}",
            )
            for name, view in FORM_ENDPOINTS.items()
        ]
        look = self.admin_site.admin_view(partial(live_preview, self))
        own.append(path("add/typed/", look, name=f"{kind}_add_typed"))
        return own + super().get_urls()

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        live_preview_url = "../typed/" if object_id else "typed/"
        extra_context = {**(extra_context or {}), "live_preview_url": live_preview_url}
        page = self.get_page_by_key(unquote(object_id)) if object_id else None
        if page is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            with self.dry_run(request, page, object_id, form_url, extra_context) as dry_run:
                if hasattr(dry_run.response, "render"):
                    dry_run.response.render()  # while the draft is there
        except SnapshotConflict as error:
            self.message_user(request, f"The draft cannot be opened: {error}", messages.ERROR)
            return HttpResponseRedirect(get_record_admin_url(page, "history"))
        if dry_run.submission is None:
            return dry_run.response
        if dry_run.is_stale:
            return self.handle_conflict(request, page, dry_run)
        return self.save_and_redirect(request, page, dry_run)

    @contextmanager
    def dry_run(self, request, page, object_id, form_url="", context=None) -> Iterator[DryRun]:
        """Process the request with the draft applied; every change is rolled back after the block.

        Without a page it is the form of a new record.
        """
        base = Revision.objects.get_editing_base(page) if page else None
        opened_on, is_stale = (
            self.get_opened_revision(request, page, base) if page else (None, False)
        )
        open_now = opened_on if opened_on and (opened_on.is_open or is_stale) else None
        request.draft = open_now
        about = self.get_draft_context(request, page, base) if page else {}
        context = {**(context or {}), **about}
        with draft_applied(open_now.snapshot if open_now else None):
            response = super().changeform_view(request, object_id, form_url, context)
            typed = getattr(request, "submission", None)
            yield DryRun(response, typed, base, opened_on, is_stale)

    def get_page_by_key(self, key: str) -> Publishable | None:
        """Return the page with this key, or the page of the part with it, live or in a draft."""
        try:
            key = uuid.UUID(key)
        except ValueError:
            return None
        row = self.model._base_manager.filter(pk=key).first()
        if row or get_owner_field_name(self.model) is None:
            return get_page(row) if row else None
        holding = Revision.objects.open().containing_any([str(key)])
        held = (d for d in holding if any(row["pk"] == str(key) for row in d.snapshot))
        return next((draft.record for draft in held), None)

    def get_opened_revision(self, request, page, base):
        """Return (the revision that the form was opened on, whether there is a newer one)."""
        if request.method != "POST":
            return base, False
        key = request.POST.get(BASED_ON, "")
        if key == (str(base.pk) if base else ""):
            return base, False
        return Revision.objects.about(page).get_by_key_or_none(key), True

    def get_draft_context(self, request, page, base):
        """Return the template context about the draft and its links."""
        return {
            "page": page,
            "live_address": self.admin_site.get_model_admin(type(page)).get_view_on_site_url(page),
            "draft": base if base and base.is_open else None,
            BASED_ON: str(base.pk) if base else "",
            "uses": get_uses_summary(page),
            "may_publish": request.user.has_perm("editorial.publish_revision"),
            **{f"{name}_address": get_record_admin_url(page, name) for name in LINKED_PAGES},
        }

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        about = {
            "page": get_page(obj) if obj else None,
            "draft": getattr(request, "draft", None),
            "is_live_preview": getattr(request, "is_live_preview", False),
        }
        return type(form.__name__, (form,), about)

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if not (self.has_change_permission(request, obj) if obj else True):
            return fieldsets
        fields = CHANGE_FIELDS if obj and get_page(obj).was_published else CHANGE_FIELDS[2:]
        classes = ("after-parts", "this-change")
        return [*fieldsets, ("This change", {"fields": fields, "classes": classes})]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self.apply_change_fields(get_page(form.instance), form)

    def apply_change_fields(self, page, form):
        """Set the dates and the note for readers that belong to this change."""
        fields = {}
        if form.cleaned_data.get("evidence_checked_today"):
            fields["evidence_checked_on"] = timezone.localdate()
        if form.cleaned_data.get("what_changed"):
            fields["update_note"] = form.cleaned_data["what_changed"]
        if fields:
            type(page)._base_manager.filter(pk=page.pk).update(**fields)

    def construct_change_message(self, request, form, formsets, add=False):
        request.change_form = form
        return super().construct_change_message(request, form, formsets, add)

    def log_change(self, request, obj, message):
        request.change_message = message
        return super().log_change(request, obj, message)

    def response_add(self, request, obj, post_url_continue=None):
        if getattr(request, "is_live_preview", False):
            return self.capture_submission(request, obj)
        self.mark_as_saved(request)
        transitions.save_draft(
            obj, take_snapshot(obj), by=request.user, note=self.get_change_reason(request)
        )
        if IS_POPUP_VAR in request.POST:
            return super().response_add(request, obj, post_url_continue)
        self.message_user(request, self.get_saved_message(obj), messages.SUCCESS)
        return HttpResponseRedirect(get_record_admin_url(obj))

    def response_change(self, request, obj):
        """Capture the submission; Django calls this inside the transaction."""
        answer = self.capture_submission(request, obj)
        return super().response_change(request, obj) if IS_POPUP_VAR in request.POST else answer

    def capture_submission(self, request, obj):
        """Set `request.submission` before the transaction is rolled back."""
        cleaned = request.change_form.cleaned_data
        request.submission = Submission(
            take_snapshot(get_page(obj)),
            cleaned.get("change_kind") or Revision.Change.MEANING,
            self.get_change_reason(request),
            getattr(request, "change_message", ""),
        )
        return HttpResponse()

    def get_change_reason(self, request):
        return request.change_form.cleaned_data.get("change_reason", "")

    def save_and_redirect(self, request, page, dry_run):
        """Save the submission as the newest draft."""
        base, typed = dry_run.base, dry_run.submission
        draft = base if base and base.is_open else None
        if typed.snapshot == (base.snapshot if base else take_snapshot(page)):
            self.message_user(request, "Nothing was changed.", messages.WARNING)
        else:
            fields = {"by": request.user, "note": typed.note, "change": typed.change}
            try:
                draft = transitions.save_draft(page, typed.snapshot, expected=base, **fields)
            except transitions.StaleRevision:
                return self.handle_conflict(request, page, dry_run)
            super().log_change(request, page, typed.message)
            self.message_user(request, self.get_saved_message(page), messages.SUCCESS)
        return self.redirect_after_save(request, page, draft, dry_run)

    def redirect_after_save(self, request, page, draft, dry_run):
        """Redirect to where the pressed button leads."""
        self.mark_as_saved(request)
        if IS_POPUP_VAR in request.POST:
            return dry_run.response
        if "_submit" in request.POST and draft:
            return self.submit_and_redirect(request, page, draft)
        return HttpResponseRedirect(request.path)

    def get_saved_message(self, page):
        if page.is_published:
            return f"Saved as a draft of “{page}”. Readers still see what was approved."
        return f"Saved as a draft: “{page}”. Readers do not see it."

    def submit_and_redirect(self, request, page, draft):
        """Send the draft for review and open its review screen."""
        try:
            if draft.state == Revision.State.DRAFT:
                transitions.submit(draft, by=request.user)
        except transitions.WorkflowError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        return HttpResponseRedirect(get_record_admin_url(page, "review"))

    def handle_conflict(self, request, page, dry_run):
        """Store a text that conflicts with a newer one, and show both.

        If both say the same, the form was most likely submitted twice, and nothing is stored.
        """
        newest, typed = Revision.objects.get_editing_base(page), dry_run.submission
        if newest and newest.is_open and are_equivalent(newest.snapshot, typed.snapshot):
            said = f"This text was saved before, as revision {newest.number}."
            self.message_user(request, said, messages.WARNING)
            return self.redirect_after_save(request, page, newest, dry_run)
        kept = {"by": request.user, "based_on": dry_run.opened_on}
        revision = transitions.store_conflicting_draft(page, typed.snapshot, **kept)
        self.mark_as_saved(request)
        return HttpResponseRedirect(
            get_record_admin_url(page, "conflict") + f"?typed={revision.pk}"
        )
