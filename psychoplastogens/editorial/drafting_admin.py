"""Change forms that never touch what readers read: they open on the newest draft, and keep one."""

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

from psychoplastogens.editorial import workflow
from psychoplastogens.editorial.admin_pages import form_address
from psychoplastogens.editorial.drafts import laid
from psychoplastogens.editorial.forms import DraftForm
from psychoplastogens.editorial.kept_forms import KeepsTyped
from psychoplastogens.editorial.models import Publishable
from psychoplastogens.editorial.open_forms import presence
from psychoplastogens.editorial.revision import Revision
from psychoplastogens.editorial.snapshots import CannotLay, Snapshot, say_the_same, snapshot_of
from psychoplastogens.editorial.typed import typed
from psychoplastogens.editorial.uses import owner_of, page_of
from psychoplastogens.editorial.where_used import short_list

BASED_ON = "based_on"
LINKED = ("do", "confirm", "preview", "review", "history", "uses")
OF_THE_CHANGE = ("change_kind", "what_changed", "evidence_checked_today", "change_reason")
# What a form asks for while somebody writes in it, each at `<pk>/<name>/`.
WHILE_WRITING = {"typed": typed, "presence": presence}


@dataclass
class Typed:
    """What a valid form would have saved: the whole page with it, and why it was changed."""

    snapshot: Snapshot
    change: str
    note: str
    message: str


@dataclass
class Attempt:
    """What a form made of a request: its answer, and what it would save (None where it is wrong).

    `base` is the newest revision, `opened_on` the one that the form was opened on.
    """

    response: HttpResponse
    typed: Typed | None
    base: Revision | None
    opened_on: Revision | None
    is_stale: bool


class DraftingAdminChecks(ModelAdminChecks):
    def check(self, admin_obj, **kwargs):
        return [*super().check(admin_obj, **kwargs), *self.same_names(admin_obj)]

    def same_names(self, admin_obj):
        """A field of the record that the form would send beside one of its own name."""
        ours = {*DraftForm.declared_fields, BASED_ON}
        for field in admin_obj.model._meta.get_fields():
            if field.name in ours:
                yield Error(
                    f"“{field.name}” is a field of the record and of every form of a draft.",
                    hint="Rename one of them: readers would get what is for colleagues.",
                    obj=admin_obj.__class__,
                    id="editorial.E001",
                )


class DraftingAdmin(KeepsTyped):
    """The change form of a page, or of a part of one. Saving keeps a draft of the whole page."""

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
            for name, view in WHILE_WRITING.items()
        ]
        look = self.admin_site.admin_view(partial(typed, self))
        own.append(path("add/typed/", look, name=f"{kind}_add_typed"))
        return own + super().get_urls()

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        typed_address = "../typed/" if object_id else "typed/"
        extra_context = {**(extra_context or {}), "typed_address": typed_address}
        page = self.page_with(unquote(object_id)) if object_id else None
        if page is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            with self.tried(request, page, object_id, form_url, extra_context) as attempt:
                if hasattr(attempt.response, "render"):
                    attempt.response.render()  # while the draft is there
        except CannotLay as error:
            self.message_user(request, f"The draft cannot be opened: {error}", messages.ERROR)
            return HttpResponseRedirect(form_address(page, "history"))
        if attempt.typed is None:
            return attempt.response
        if attempt.is_stale:
            return self.refuse(request, page, attempt)
        return self.keep(request, page, attempt)

    @contextmanager
    def tried(self, request, page, object_id, form_url="", context=None) -> Iterator[Attempt]:
        """The form with what was posted saved in it, until the block ends; then all is undone.

        Without a page it is the form of a new one.
        """
        base = Revision.objects.base_of(page) if page else None
        opened_on, is_stale = self.opened_on(request, page, base) if page else (None, False)
        open_now = opened_on if opened_on and (opened_on.is_open or is_stale) else None
        request.draft = open_now
        about = self.draft_context(request, page, base) if page else {}
        context = {**(context or {}), **about}
        with laid(open_now.snapshot if open_now else None):
            response = super().changeform_view(request, object_id, form_url, context)
            typed = getattr(request, "typed", None)
            yield Attempt(response, typed, base, opened_on, is_stale)

    def page_with(self, key: str) -> Publishable | None:
        """The page with this key, or the page of the part with it; parts may be in a draft only."""
        try:
            key = uuid.UUID(key)
        except ValueError:
            return None
        row = self.model._base_manager.filter(pk=key).first()
        if row or owner_of(self.model) is None:
            return page_of(row) if row else None
        holding = Revision.objects.open().naming([str(key)])
        held = (d for d in holding if any(row["pk"] == str(key) for row in d.snapshot))
        return next((draft.record for draft in held), None)

    def opened_on(self, request, page, base):
        """(the revision that the form was opened on, whether there is a newer one)."""
        if request.method != "POST":
            return base, False
        key = request.POST.get(BASED_ON, "")
        if key == (str(base.pk) if base else ""):
            return base, False
        return Revision.objects.about(page).with_key(key), True

    def draft_context(self, request, page, base):
        """What the form's template says about the draft, and where its verbs lead."""
        return {
            "page": page,
            "live_address": self.admin_site.get_model_admin(type(page)).get_view_on_site_url(page),
            "draft": base if base and base.is_open else None,
            BASED_ON: str(base.pk) if base else "",
            "uses": short_list(page),
            "may_publish": request.user.has_perm("editorial.publish_revision"),
            **{f"{name}_address": form_address(page, name) for name in LINKED},
        }

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        about = {
            "page": page_of(obj) if obj else None,
            "draft": getattr(request, "draft", None),
            "is_look": getattr(request, "is_look", False),
        }
        return type(form.__name__, (form,), about)

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if not (self.has_change_permission(request, obj) if obj else True):
            return fieldsets
        fields = OF_THE_CHANGE if obj and page_of(obj).had_readers else OF_THE_CHANGE[2:]
        classes = ("after-parts", "this-change")
        return [*fieldsets, ("This change", {"fields": fields, "classes": classes})]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self.note_the_change(page_of(form.instance), form)

    def note_the_change(self, page, form):
        """The dates and words for readers that belong to a change move with it, and only then."""
        fields = {}
        if form.cleaned_data.get("evidence_checked_today"):
            fields["evidence_checked_on"] = timezone.localdate()
        if form.cleaned_data.get("what_changed"):
            fields["update_note"] = form.cleaned_data["what_changed"]
        if fields:
            type(page)._base_manager.filter(pk=page.pk).update(**fields)

    def construct_change_message(self, request, form, formsets, add=False):
        request.form_of_the_change = form
        return super().construct_change_message(request, form, formsets, add)

    def log_change(self, request, obj, message):
        request.change_message = message
        return super().log_change(request, obj, message)

    def response_add(self, request, obj, post_url_continue=None):
        if getattr(request, "is_look", False):
            return self.take_down(request, obj)
        self.note_saved(request)
        workflow.save_draft(obj, snapshot_of(obj), by=request.user, note=self.note_of(request))
        if IS_POPUP_VAR in request.POST:
            return super().response_add(request, obj, post_url_continue)
        self.message_user(request, self.said_after(obj), messages.SUCCESS)
        return HttpResponseRedirect(form_address(obj))

    def response_change(self, request, obj):
        """Reached when a valid form was saved, still inside the transaction: take it down."""
        answer = self.take_down(request, obj)
        return super().response_change(request, obj) if IS_POPUP_VAR in request.POST else answer

    def take_down(self, request, obj):
        """What was typed, as `request.typed`, before the transaction is rolled back."""
        cleaned = request.form_of_the_change.cleaned_data
        request.typed = Typed(
            snapshot_of(page_of(obj)),
            cleaned.get("change_kind") or Revision.Change.MEANING,
            self.note_of(request),
            getattr(request, "change_message", ""),
        )
        return HttpResponse()

    def note_of(self, request):
        return request.form_of_the_change.cleaned_data.get("change_reason", "")

    def keep(self, request, page, attempt):
        """Keep what was typed as the newest draft, and go on as the button said."""
        base, typed = attempt.base, attempt.typed
        draft = base if base and base.is_open else None
        if typed.snapshot == (base.snapshot if base else snapshot_of(page)):
            self.message_user(request, "Nothing was changed.", messages.WARNING)
        else:
            fields = {"by": request.user, "note": typed.note, "change": typed.change}
            try:
                draft = workflow.save_draft(page, typed.snapshot, expected=base, **fields)
            except workflow.Overtaken:
                return self.refuse(request, page, attempt)
            super().log_change(request, page, typed.message)
            self.message_user(request, self.said_after(page), messages.SUCCESS)
        return self.go_on(request, page, draft, attempt)

    def go_on(self, request, page, draft, attempt):
        """The site has what was typed: to where the button that was pressed leads."""
        self.note_saved(request)
        if IS_POPUP_VAR in request.POST:
            return attempt.response
        if "_submit" in request.POST and draft:
            return self.go_on_with(request, page, draft)
        return HttpResponseRedirect(request.path)

    def said_after(self, page):
        if page.is_published:
            return f"Saved as a draft of “{page}”. Readers still see what was approved."
        return f"Saved as a draft: “{page}”. Readers do not see it."

    def go_on_with(self, request, page, draft):
        """“Save and send for review”: the draft is in review, and its screen opens."""
        try:
            if draft.state == Revision.State.DRAFT:
                workflow.submit(draft, by=request.user)
        except workflow.NotNow as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        return HttpResponseRedirect(form_address(page, "review"))

    def refuse(self, request, page, attempt):
        """Somebody saved since this form was opened: keep both texts, and show them.

        Where they say the same, it was most likely this form, sent twice: one of them is enough.
        """
        newest, typed = Revision.objects.base_of(page), attempt.typed
        if newest and newest.is_open and say_the_same(newest.snapshot, typed.snapshot):
            said = f"This text was saved before, as revision {newest.number}."
            self.message_user(request, said, messages.WARNING)
            return self.go_on(request, page, newest, attempt)
        kept = {"by": request.user, "based_on": attempt.opened_on}
        revision = workflow.keep_aside(page, typed.snapshot, **kept)
        self.note_saved(request)
        return HttpResponseRedirect(form_address(page, "conflict") + f"?typed={revision.pk}")
