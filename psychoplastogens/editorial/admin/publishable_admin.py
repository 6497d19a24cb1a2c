"""The base admin of all publishable records."""

from datetime import timedelta
from functools import partial
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import capfirst

from psychoplastogens.editorial.admin.drafting_admin import DraftingAdmin
from psychoplastogens.editorial.admin.forms import (
    TEXT_FIELDS,
    PartFormSet,
    PublishableForm,
    WithdrawForm,
)
from psychoplastogens.editorial.admin.record_pages import get_open_url_or_blank
from psychoplastogens.editorial.admin.record_search import PAGES
from psychoplastogens.editorial.admin.unfinished_text import UnfinishedTextForm
from psychoplastogens.editorial.admin.views.autocomplete import search_readable
from psychoplastogens.editorial.admin.views.bundle import bundle
from psychoplastogens.editorial.admin.views.confirm_review import confirm_review
from psychoplastogens.editorial.admin.views.editing_conflict import editing_conflict
from psychoplastogens.editorial.admin.views.import_export import export_view, import_view
from psychoplastogens.editorial.admin.views.preview import preview, preview_frame
from psychoplastogens.editorial.admin.views.record_history import compare_revisions, record_history
from psychoplastogens.editorial.admin.views.review_comments import comment_on_revision
from psychoplastogens.editorial.admin.views.review_revision import review_revision
from psychoplastogens.editorial.admin.views.schedule import schedule
from psychoplastogens.editorial.admin.views.where_used import get_use_rows, where_used
from psychoplastogens.editorial.admin.views.workflow_action import run_workflow_action
from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.import_export import get_formats
from psychoplastogens.editorial.models import PUBLISH_PERMISSION, Part, Revision, Status
from psychoplastogens.editorial.workflow import transitions
from psychoplastogens.editorial.workflow.references import find_dependents, format_names
from psychoplastogens.editorial.workflow.schedules import format_time
from psychoplastogens.editorial.workflow.sending import send_for_review

REVIEW_DUE_SOON = timedelta(days=91)
STATUS_COLUMNS = ("state", "due", "language")
STATUS_FIELDSET: tuple[str, Any] = (
    "Status and dates",
    {"fields": ("state_in_full", "dates", "language"), "classes": ("after-parts",)},
)


# Views of one record beside its form: view(model_admin, request, record).
RECORD_VIEWS = {
    "do": run_workflow_action,
    "bundle": bundle,
    "comment": comment_on_revision,
    "compare": compare_revisions,
    "confirm": confirm_review,
    "conflict": editing_conflict,
    "history": record_history,
    "preview": preview,
    "previewed": preview_frame,
    "review": review_revision,
    "schedule": schedule,
    "uses": where_used,
}


class ReviewDueFilter(admin.SimpleListFilter):
    title = "review due"
    parameter_name = "due"

    def lookups(self, request, model_admin):
        return (
            ("overdue", "Overdue"),
            ("soon", "In the next 3 months"),
            ("never", "No date set"),
        )

    def queryset(self, request, queryset):
        today = timezone.localdate()
        if self.value() == "overdue":
            return queryset.filter(review_due__lt=today)
        if self.value() == "soon":
            return queryset.filter(review_due__range=(today, today + REVIEW_DUE_SOON))
        if self.value() == "never":
            return queryset.filter(review_due=None)
        return queryset


class DraftFilter(admin.SimpleListFilter):
    title = "draft"
    parameter_name = "draft"

    def lookups(self, request, model_admin):
        open_states = [(state, Revision.State(state).label) for state in Revision.OPEN]
        return [*open_states, ("none", "No draft")]

    def queryset(self, request, queryset):
        if self.value() == "none":
            return queryset.filter(draft_state=None)
        return queryset.filter(draft_state=self.value()) if self.value() else queryset


class InUseProtectedAdmin(admin.ModelAdmin):
    """Refuses to delete records that pages use, and lists those pages."""

    def get_deleted_objects(self, objs, request):
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, lacking, self.get_deletion_blockers(request, objs) or protected

    def get_deletion_blockers(self, request, records):
        pages = dict.fromkeys(page for record in records for page in find_dependents(record))
        return [self.link_to_record(request, page) for page in pages if page not in records]

    def link_to_record(self, request, record):
        kind = capfirst(record._meta.verbose_name)
        address = get_open_url_or_blank(request, record)
        if not address:
            return f"{kind}: {record}"
        return format_html('{}: <a href="{}">{}</a>', kind, address, record)


class PublishableAdmin(DraftingAdmin, InUseProtectedAdmin):
    """Lists show the status and review date; forms begin with what readers see.

    Subclasses put their `list_display` before STATUS_COLUMNS and their `fieldsets` before
    STATUS_FIELDSET.
    """

    form = PublishableForm
    search_group = PAGES
    """The group of its records in the search over everything."""
    list_filter: ClassVar[tuple[Any, ...]] = ("status", DraftFilter, ReviewDueFilter, "language")
    date_hierarchy: ClassVar[str | None] = "review_due"
    list_per_page = 50
    readonly_fields: ClassVar[tuple[str, ...]] = ("state_in_full", "dates")
    actions = ("submit", "publish", "withdraw")
    save_on_top = True
    change_list_template = "admin/publishable_list.html"

    class Media:
        css = {"all": ["editorial/admin.css"]}
        js = ["editorial/admin_inlines.js"]

    def get_urls(self):
        """Add a URL for each of RECORD_VIEWS, and for import and export."""
        kind = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(f"<uuid:key>/{name}/", self.wrap_record_view(view), name=f"{kind}_{name}")
            for name, view in RECORD_VIEWS.items()
        ]
        lists = [
            path("import/", self.wrap_list_view(import_view), name=f"{kind}_import"),
            path("export/<slug:file_format>/", self.wrap_list_view(export_view)),
            path("readable/", self.wrap_list_view(search_readable), name=f"{kind}_readable"),
        ]
        return own + lists + super().get_urls()

    def wrap_list_view(self, view):
        """Wrap `view(model_admin, request, ...)`, a view of the whole list."""
        return self.admin_site.admin_view(partial(view, self))

    def changelist_view(self, request, extra_context=None):
        context = {"formats": get_formats(self.model), **(extra_context or {})}
        return super().changelist_view(request, context)

    def wrap_record_view(self, view):
        """Wrap `view(model_admin, request, record)` and check the view permission."""

        def wrapped(request, key):
            record = self.get_object(request, str(key))
            if record is None:
                raise Http404("There is no such record. Look for it in the list, or under Deleted.")
            if not self.has_view_permission(request, record):
                raise PermissionDenied
            return view(self, request, record)

        return self.admin_site.admin_view(wrapped)

    def get_queryset(self, request):
        return super().get_queryset(request).with_draft_state()

    @admin.display(description="status", ordering="status")
    def state(self, record):
        label = record.get_status_display()
        if record.published_at and record.status in (Status.PUBLISHED, Status.WITHDRAWN):
            label = f"{label} {date_format(timezone.localtime(record.published_at).date())}"
            if record.draft_state:
                label += f"; a draft: {Revision.State(record.draft_state).label.lower()}"
        if record.publish_time:
            label += f"; to be published {format_time(record.publish_time)}"
        if record.withdraw_time:
            label += f"; to be withdrawn {format_time(record.withdraw_time)}"
        return label

    @admin.display(description="review due", ordering="review_due", empty_value="No date set")
    def due(self, record):
        if record.is_overdue:
            overdue = '<strong class="overdue">Overdue since {}</strong>'
            return format_html(overdue, date_format(record.review_due))
        return record.review_due

    @admin.display(description="status")
    def state_in_full(self, record):
        said = record.get_status_display()
        if record.status in (Status.PUBLISHED, Status.WITHDRAWN):
            day = date_format(timezone.localtime(record.published_at).date())
            said = f"{said} {day} by {record.published_by}"
        if record.status == Status.PUBLISHED:
            return f"{said}. Readers see what was approved, and not this form."
        if record.status == Status.WITHDRAWN:
            return f"{said}: {record.withdrawn_because}"
        return f"{said}. Readers do not see it."

    @admin.display(description="dates")
    def dates(self, record):
        """The dates of the record, read-only: each is set by its own workflow step."""
        reviewer = f", by {record.signature}" if record.signature else ""
        rows = (
            ("Written", record.written_on, ""),
            ("What it says last changed", record.updated_on, ""),
            ("Evidence last checked", record.evidence_checked_on, ""),
            ("Clinically reviewed", record.reviewed_at, reviewer),
            ("Next review by", record.review_due, ""),
        )
        shown = [(name, date_format(day) if day else "not yet", by) for name, day, by in rows]
        return format_html_join(mark_safe("<br>"), "{}: {}{}", shown)

    def get_view_on_site_url(self, obj=None):
        return obj.get_absolute_url() if obj and obj.is_published else None

    def get_deleted_objects(self, objs, request):
        """Parts go with their record: no permission of their own is needed."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        parts = (model for model in apps.get_models() if issubclass(model, Part))
        lacking -= {model._meta.verbose_name for model in parts}
        return deleted, counts, lacking, protected

    def get_deletion_blockers(self, request, records):
        read = [
            format_html(
                "{}. Readers have links to it: withdraw it instead. Its address then says why.",
                self.link_to_record(request, record),
            )
            for record in records
            if record.was_published
        ]
        return read + super().get_deletion_blockers(request, records)

    def delete_model(self, request, obj):
        transitions.delete(obj, by=request.user)

    def delete_queryset(self, request, queryset):
        with transaction.atomic():
            for record in queryset:
                transitions.delete(record, by=request.user)

    def has_publish_permission(self, request):
        return request.user.has_perm(PUBLISH_PERMISSION)

    @admin.action(description="Send drafts for review", permissions=["change"])
    def submit(self, request, queryset):
        self.run_on_each(request, queryset, send_for_review, "Sent for review")

    @admin.action(description="Publish what is approved", permissions=["publish"])
    def publish(self, request, queryset):
        self.run_on_each(request, queryset, transitions.publish, "Published")

    def run_on_each(self, request, records, verb, said):
        """Run one transition on the draft of each record, and report each failure."""
        done = []
        for record in records:
            draft = Revision.objects.get_open_draft(record)
            try:
                if draft is None:
                    raise WorkflowError("it has no draft.")
                verb(draft, by=request.user)
            except WorkflowError as error:
                line = f"“{record}”: {' '.join(error.messages)}"
                self.message_user(request, line, messages.WARNING)
            else:
                self.log_change(request, record, f"{said}.")
                done.append(record)
        if done:
            self.message_user(request, f"{said}: {format_names(done)}.", messages.SUCCESS)

    @admin.action(description="Withdraw", permissions=["publish"])
    def withdraw(self, request, queryset):
        records = list(queryset.filter(status=Status.PUBLISHED))
        if not records:
            message = "Nothing to withdraw: readers see none of these."
            return self.message_user(request, message, messages.WARNING)
        use_rows = get_use_rows(request, records)
        readable = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_readable")
        search_url = f"{readable}?{urlencode([('not', record.pk) for record in records])}"
        sent = request.POST if "reason" in request.POST else None
        form = WithdrawForm(records, use_rows, search_url, sent)
        if not form.is_valid():
            return self.render_withdraw_form(request, records, use_rows, form)
        try:
            with transaction.atomic():
                for record in records:
                    transitions.withdraw(record, by=request.user, **form.cleaned_data)
                    self.log_change(request, record, f"Withdrawn: {form.cleaned_data['reason']}")
        except (
            WorkflowError
        ) as error:  # It has just come into use, or its replacement was withdrawn.
            form.add_error(None, error)
            return self.render_withdraw_form(request, records, use_rows, form)
        return self.message_user(request, f"Withdrawn: {format_names(records)}.", messages.SUCCESS)

    def render_withdraw_form(self, request, records, use_rows, form):
        context = {
            **self.admin_site.each_context(request),
            "title": "Withdraw",
            "opts": self.opts,
            "media": self.media + form.media,
            "form": form,
            "records": records,
            "use_rows": use_rows,
            "checkbox": helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/withdraw.html", context)


class PartInline(admin.StackedInline):
    """Parts of a record, in order. admin_inlines.js opens a new one and puts it last."""

    template = "admin/part_inline.html"
    form = UnfinishedTextForm
    formset = PartFormSet
    formfield_overrides = TEXT_FIELDS
    extra = 0
    ordering = ("order",)
    view_on_site = False
