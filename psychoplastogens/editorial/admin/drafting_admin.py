"""Change forms that save drafts and never touch the published rows."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin.exceptions import DisallowedModelAdminToField
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import all_valid
from django.http import HttpResponseRedirect
from django.urls import path

from psychoplastogens.editorial.admin.autosave import AutosaveAdmin
from psychoplastogens.editorial.admin.drafting_checks import BASED_ON, DraftingAdminChecks
from psychoplastogens.editorial.admin.form_parts import get_shown_state
from psychoplastogens.editorial.admin.forms import TEXT_FIELDS, DraftForm, get_change_initial
from psychoplastogens.editorial.admin.next_step import get_next_step
from psychoplastogens.editorial.admin.record_pages import (
    FROM_TEXT,
    get_list_url,
    get_record_admin_url,
)
from psychoplastogens.editorial.admin.sending import (
    find_sendable_drafts,
    get_unsent_url,
    send_alone,
)
from psychoplastogens.editorial.admin.shown_stops import STOPS, list_stops
from psychoplastogens.editorial.admin.shown_twins import ask_about_twins, show_twins
from psychoplastogens.editorial.admin.submission import OpenedText, Submission
from psychoplastogens.editorial.admin.views.live_preview import live_preview
from psychoplastogens.editorial.admin.views.presence import update_presence
from psychoplastogens.editorial.admin.views.where_used import get_uses_summary
from psychoplastogens.editorial.drafts.draft_transaction import apply_draft, private_tables
from psychoplastogens.editorial.drafts.preview_rendering import SHAPES
from psychoplastogens.editorial.drafts.snapshots import (
    SnapshotConflict,
    are_equivalent,
    take_snapshot,
)
from psychoplastogens.editorial.exceptions import NeedsOtherDrafts, UnfinishedDraft
from psychoplastogens.editorial.models import (
    PUBLISH_PERMISSION,
    Publishable,
    Revision,
    get_owner_field_name,
    get_publishable,
    get_title_field,
)
from psychoplastogens.editorial.review.comments import get_discussion
from psychoplastogens.editorial.workflow import transitions
from psychoplastogens.editorial.workflow.sending import (
    CHANGE_KIND,
    WHAT_CHANGED,
    get_last_note,
)
from psychoplastogens.editorial.workflow.twins import find_twins

LINKED_PAGES = ("do", "bundle", "confirm", "preview", "review", "history", "uses", "schedule")
CHECKED_DAY = ("evidence_checked_today", "evidence_checked_day")
CHANGE_FIELDS = (CHANGE_KIND, WHAT_CHANGED, CHECKED_DAY, "change_reason")
TO_TEXT = (
    "Your text is open in the other tab, as you left it. Go back to it and look for “{}”: this is "
    "in its list now."
)
# Endpoints that an open form calls, each at `<pk>/<name>/`.
FORM_ENDPOINTS = {"typed": live_preview, "presence": update_presence}


class DraftingAdmin(AutosaveAdmin):
    """The change form of a page, or of a part of one. Saving stores a draft of the whole page.

    Django's own view shows the form; `submit_form` reads what was posted.
    """

    checks_class = DraftingAdminChecks
    change_form_template = "admin/publishable_form.html"
    formfield_overrides = TEXT_FIELDS
    opens_preview = False
    """Whether the preview stands beside the form from the start, where there is room for it."""

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
        context = {
            **(extra_context or {}),
            "live_preview_url": live_preview_url,
            "preview_shapes": SHAPES.items(),
            "opens_preview": self.opens_preview,
        }
        if object_id is None:
            added = self.add_record(request) if request.method == "POST" else None
            return added or super().changeform_view(request, None, form_url, context)
        page = self.get_page_by_key(unquote(object_id))
        if page is None:
            return super().changeform_view(request, object_id, form_url, context)
        opened = self.get_opened_text(request, page)
        try:
            if request.method == "POST":
                with self.draft_opened(opened):
                    submission = self.submit_form(request, object_id, opened)
                if submission and submission.snapshot:
                    return self.save_submission(request, opened, submission)
            context |= self.get_draft_context(request, opened)
            is_private = opened.draft or request.method == "POST"
            with self.draft_opened(opened) if is_private else nullcontext():
                response = super().changeform_view(request, object_id, form_url, context)
                if hasattr(response, "render"):
                    response.render()  # while the draft is there
                return response
        except SnapshotConflict as error:
            self.message_user(request, f"The draft cannot be opened: {error}", messages.ERROR)
            return HttpResponseRedirect(get_record_admin_url(page, "history"))

    def get_page_by_key(self, key: str) -> Publishable | None:
        """Return the page with this key, or the page of the part with it, live or in a draft."""
        try:
            key = str(uuid.UUID(key))
        except ValueError:
            return None
        row = self.model._base_manager.filter(pk=key).first()
        if row or get_owner_field_name(self.model) is None:
            return get_publishable(row) if row else None
        holding = Revision.objects.open().containing_any([key])
        held = (d for d in holding if any(row["pk"] == key for row in d.snapshot))
        return next((draft.record for draft in held), None)

    def get_opened_text(self, request, page) -> OpenedText:
        base = Revision.objects.get_editing_base(page)
        if request.method != "POST":
            return OpenedText(page, base, base, is_stale=False)
        key = request.POST.get(BASED_ON, "")
        if key == (str(base.pk) if base else ""):
            return OpenedText(page, base, base, is_stale=False)
        opened_on = Revision.objects.about(page).get_by_key_or_none(key)
        return OpenedText(page, base, opened_on, is_stale=True)

    @contextmanager
    def draft_opened(self, opened: OpenedText | None) -> Iterator[None]:
        """Private tables that hold the text of the form; those of a new record for None."""
        with private_tables(type(opened.page) if opened else self.model):
            if opened and opened.draft:
                apply_draft(opened.draft.snapshot)
            yield

    def get_draft_context(self, request, opened: OpenedText) -> dict:
        """Return the template context about the draft and its links."""
        page, base = opened.page, opened.base
        draft = base if base and base.is_open else None
        return {
            "page": page,
            "live_address": self.admin_site.get_model_admin(type(page)).get_view_on_site_url(page),
            "draft": draft,
            **get_discussion(base),
            BASED_ON: str(base.pk) if base else "",
            "uses": get_uses_summary(request, page),
            "list_address": get_list_url(page._meta),
            "may_publish": request.user.has_perm(PUBLISH_PERMISSION),
            **{f"{name}_address": get_record_admin_url(page, name) for name in LINKED_PAGES},
        }

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if not (self.has_change_permission(request, obj) if obj else True):
            return fieldsets
        fields = CHANGE_FIELDS if obj and get_publishable(obj).was_published else CHANGE_FIELDS[2:]
        classes = ("after-parts", "this-change")
        return [*fieldsets, ("This change", {"fields": fields, "classes": classes})]

    def submit_form(
        self,
        request,
        object_id: str | None,
        opened: OpenedText | None = None,
        *,
        is_live_preview: bool = False,
    ) -> Submission | None:
        """Validate the posted form, save it to the rows if it is valid, and take the snapshot.

        Without a key it is the form of a new record. Returns None if the text that the form was
        opened on has no such part. Raises PermissionDenied.
        """
        is_new = object_id is None
        record = None if object_id is None else self.get_object(request, unquote(object_id))
        self.check_may_submit(request, record, is_new)
        if not is_new and record is None:
            return None
        form = self.bind_form(request, record, opened)
        form.is_live_preview = is_live_preview
        # Django's change view calls it too; the stubs lack it.
        create_formsets = self._create_formsets  # type: ignore[attr-defined]
        formsets, _ = create_formsets(request, form.instance, change=not is_new)
        is_valid = form.is_valid()
        if is_valid:
            self.save_form(request, form, not is_new)
        if not all_valid(formsets) or not is_valid:
            return Submission(form, formsets)
        self.save_model(request, form.instance, form, not is_new)
        self.save_related(request, form, formsets, not is_new)
        posted: Any = form  # The stubs ask for a Form; Django takes a ModelForm too.
        message = self.construct_change_message(request, posted, formsets, is_new)
        return Submission(form, formsets, take_snapshot(form.record), message)

    def bind_form(self, request, record, opened: OpenedText | None) -> DraftForm:
        """The form with what was posted. `record` is None for a new one."""
        fields = flatten_fieldsets(self.get_fieldsets(request, record))
        form_class = self.get_form(request, record, change=record is not None, fields=fields)
        initial = get_change_initial(opened.page, opened.draft) if opened else {}
        form = form_class(request.POST, request.FILES, instance=record, initial=initial)
        assert isinstance(form, DraftForm)
        return form

    def check_may_submit(self, request, record, is_new: bool) -> None:
        """Raise PermissionDenied or DisallowedModelAdminToField, as Django's view does."""
        to_field = request.POST.get(TO_FIELD_VAR)
        if to_field and not self.to_field_allowed(request, to_field):
            raise DisallowedModelAdminToField(f"The field {to_field} cannot be referenced.")
        if is_new:
            may = self.has_add_permission(request)
        else:
            may = self.has_change_permission(request, record)
        if not may:
            raise PermissionDenied

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self.apply_change_fields(form.record, form)

    def apply_change_fields(self, page, form):
        """Set the dates and the note for readers that belong to this change."""
        fields = {}
        form.checks_nothing = bool(form.checked_day) and not page.rests_on_sources
        if form.checked_day and not form.checks_nothing:
            fields["evidence_checked_on"] = form.checked_day
        if form.cleaned_data.get(WHAT_CHANGED):
            fields["update_note"] = form.cleaned_data[WHAT_CHANGED]
        elif page.was_published and form.cleaned_data.get(CHANGE_KIND) != Revision.Change.WORDING:
            fields["update_note"] = get_last_note(page)
        if fields:
            type(page)._base_manager.filter(pk=page.pk).update(**fields)

    @transaction.atomic
    def add_record(self, request):
        """Save a new record and its draft. Return None if the form is invalid."""
        submission = self.submit_form(request, None)
        if submission.snapshot is None:
            return None
        record = submission.form.instance
        self.log_addition(request, record, submission.message)
        transitions.save_draft(record, submission.snapshot, by=request.user, note=submission.note)
        self.mark_as_saved(request)
        if IS_POPUP_VAR in request.POST:
            return super().response_add(request, record)
        self.tell_saved(request, record, submission)
        if FROM_TEXT in request.GET:
            title = getattr(record, get_title_field(type(record)))
            self.message_user(request, TO_TEXT.format(title), messages.SUCCESS)
        if twins := show_twins(find_twins(record)):
            self.message_user(request, ask_about_twins(twins), messages.WARNING)
        if "_submit" in request.POST:
            draft = Revision.objects.get_open_draft(record)
            return self.submit_and_redirect(request, record, draft)
        return HttpResponseRedirect(get_record_admin_url(record))

    def save_submission(self, request, opened: OpenedText, submission: Submission):
        """Save the submission as the newest draft, and redirect."""
        page, base, snapshot = opened.page, opened.base, submission.get_snapshot()
        if opened.is_stale:
            return self.handle_conflict(request, opened, submission)
        draft = base if base and base.is_open else None
        is_same = snapshot == (base.snapshot if base else take_snapshot(page))
        if is_same and (draft is None or draft.change == submission.change):
            if "_submit" not in request.POST or draft is None:
                self.message_user(request, "Nothing was changed.", messages.WARNING)
            return self.redirect_after_save(request, page, draft, submission)
        fields = {"by": request.user, "note": submission.note, "change": submission.change}
        try:
            draft = transitions.save_draft(page, snapshot, expected=base, **fields)
        except transitions.StaleRevision:
            return self.handle_conflict(request, opened, submission)
        self.log_change(request, page, submission.message)
        self.tell_saved(request, page, submission, base)
        return self.redirect_after_save(request, page, draft, submission)

    def redirect_after_save(self, request, page, draft, submission: Submission):
        """Redirect to where the pressed button, or the followed link, leads."""
        self.mark_as_saved(request)
        if IS_POPUP_VAR in request.POST:
            return super().response_change(request, submission.form.instance)
        if "_submit" in request.POST and draft:
            return self.submit_and_redirect(request, page, draft)
        return HttpResponseRedirect(get_next_step(request) or request.path)

    def tell_saved(self, request, page, submission: Submission, base: Revision | None = None):
        """Say what became of the form, and of `base`, the text that it was opened on."""
        if page.is_published:
            said = f"Saved as a draft of “{page}”. Readers still see what was approved."
        else:
            said = f"Saved as a draft: “{page}”. Readers do not see it."
        if submission.form.checks_nothing:
            said += " It rests on no source, so readers are told of no check."
        if submission.is_unfinished:
            said += " Before it can be sent, something has to be put right: see “before sending”."
        if base and base.state in (Revision.State.IN_REVIEW, Revision.State.APPROVED):
            was = base.get_state_display().lower()
            said += f" The text before was {was}, and no longer is: send this one when it is ready."
        self.message_user(request, said, messages.SUCCESS)

    def render_change_form(self, request, context, *args, **kwargs):
        """Show what stops the sending."""
        draft = context.get("draft")
        if page := context.get("page"):
            state = get_shown_state(page, draft, context.get("remarks", ()))
            context = {**context, "state": state, "stops_asked": STOPS in request.GET}
        if request.method == "GET" and draft and draft.state == Revision.State.DRAFT:
            page, form = get_publishable(context["original"]), context["adminform"].form
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            stops = list_stops(page, draft, form, formsets)
            along = find_sendable_drafts(draft, request.user) if stops else ()
            twins = show_twins(find_twins(page))
            context = {**context, "stops": stops, "along": along, "twins": twins}
        return super().render_change_form(request, context, *args, **kwargs)

    def submit_and_redirect(self, request, page, draft):
        """Send the draft for review and open its review screen, or the page that says why not."""
        try:
            if draft.state == Revision.State.DRAFT:
                send_alone(draft, by=request.user)
                self.message_user(request, f"“{page}” is in review now.", messages.SUCCESS)
        except UnfinishedDraft as error:
            is_next_step = isinstance(error, NeedsOtherDrafts)
            level = messages.WARNING if is_next_step else messages.ERROR
            self.message_user(request, error.messages[0], level)
            return HttpResponseRedirect(get_unsent_url(page, error))
        except transitions.WorkflowError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        return HttpResponseRedirect(get_record_admin_url(page, "review"))

    def handle_conflict(self, request, opened: OpenedText, submission: Submission):
        """Store a text that conflicts with a newer one, and show both.

        If both say the same, the form was most likely submitted twice, and nothing is stored.
        """
        page, snapshot = opened.page, submission.get_snapshot()
        newest = Revision.objects.get_editing_base(page)
        if newest and newest.is_open and are_equivalent(newest.snapshot, snapshot):
            said = f"This text was saved before, as revision {newest.number}."
            self.message_user(request, said, messages.WARNING)
            return self.redirect_after_save(request, page, newest, submission)
        kept = {"by": request.user, "change": submission.change, "based_on": opened.opened_on}
        revision = transitions.store_conflicting_draft(page, snapshot, **kept)
        self.mark_as_saved(request)
        return HttpResponseRedirect(
            get_record_admin_url(page, "conflict") + f"?typed={revision.pk}"
        )

    def response_add(self, request, obj, post_url_continue=None):
        """Refuse a form that Django's view finds valid after `submit_form` did not."""
        raise PermissionDenied("Save the form again.")

    def response_change(self, request, obj):
        """Refuse it like `response_add`: what Django's view saves is not a draft."""
        raise PermissionDenied("Save the form again.")
