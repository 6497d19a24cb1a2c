"""What the admin of every publishable record has in common; each room's admin.py inherits it."""

from datetime import timedelta
from functools import partial

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import capfirst

from psychoplastogens.editorial import workflow
from psychoplastogens.editorial.admin_pages import form_if_any
from psychoplastogens.editorial.confirming import confirm
from psychoplastogens.editorial.conflicts import conflict
from psychoplastogens.editorial.drafting_admin import DraftingAdmin
from psychoplastogens.editorial.exchange import formats_of
from psychoplastogens.editorial.exchange_admin import export_view, import_view
from psychoplastogens.editorial.forms import PublishableForm, WithdrawForm
from psychoplastogens.editorial.histories import history
from psychoplastogens.editorial.models import Status
from psychoplastogens.editorial.previews import preview, previewed
from psychoplastogens.editorial.reviews import review
from psychoplastogens.editorial.revision import NotNow, Revision
from psychoplastogens.editorial.uses import in_a_row, uses_of
from psychoplastogens.editorial.verbs import do
from psychoplastogens.editorial.where_used import places_for, uses

QUARTER = timedelta(days=91)
STATE = ("state", "due", "language")
STATUS = (
    "Status and dates",
    {"fields": ("state_in_full", "dates", "language"), "classes": ("after-parts",)},
)


# The pages about one record, beside its form: each is view(model_admin, request, record).
PAGES = {
    "do": do,
    "confirm": confirm,
    "conflict": conflict,
    "history": history,
    "preview": preview,
    "previewed": previewed,
    "review": review,
    "uses": uses,
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
            return queryset.filter(review_due__range=(today, today + QUARTER))
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


class KeepsWhatIsUsed(admin.ModelAdmin):
    """Refuses to delete what a page rests on, and says which pages those are."""

    def get_deleted_objects(self, objs, request):
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, lacking, self.reasons_to_keep(objs) or protected

    def reasons_to_keep(self, records):
        pages = dict.fromkeys(page for record in records for page in uses_of(record))
        return [self.link_to(page) for page in pages if page not in records]

    def link_to(self, record):
        kind = capfirst(record._meta.verbose_name)
        address = form_if_any(record)
        if not address:
            return f"{kind}: {record}"
        return format_html('{}: <a href="{}">{}</a>', kind, address, record)


class PublishableAdmin(DraftingAdmin, KeepsWhatIsUsed):
    """Lists say who may read a record and until when; forms begin with what readers read.

    A subclass names its `list_display` before STATE and its `fieldsets` before STATUS.
    """

    form = PublishableForm
    list_filter = ("status", DraftFilter, ReviewDueFilter, "language")
    date_hierarchy = "review_due"
    list_per_page = 50
    readonly_fields = ("state_in_full", "dates")
    actions = ("submit", "publish", "withdraw")
    save_on_top = True
    change_list_template = "admin/publishable_list.html"

    class Media:
        css = {"all": ["editorial.css"]}
        js = ["editorial.js"]

    def get_urls(self):
        """An address under the form's own for each page about a record: PAGES, by their names."""
        kind = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(f"<uuid:key>/{name}/", self.page_about(view), name=f"{kind}_{name}")
            for name, view in PAGES.items()
        ]
        lists = [
            path("import/", self.page_about_all(import_view), name=f"{kind}_import"),
            path("export/<slug:file_format>/", self.page_about_all(export_view)),
        ]
        return own + lists + super().get_urls()

    def page_about_all(self, view):
        """`view(model_admin, request, ...)`: a page about the whole list."""
        return self.admin_site.admin_view(partial(view, self))

    def changelist_view(self, request, extra_context=None):
        context = {"formats": formats_of(self.model), **(extra_context or {})}
        return super().changelist_view(request, context)

    def page_about(self, view):
        """`view(model_admin, request, record)`, for those who may see the record in the admin."""

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
        """Each date is moved by its own act alone, so none of them can be typed."""
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

    def reasons_to_keep(self, records):
        read = [
            format_html(
                "{}. Readers have links to it: withdraw it instead. Its address then says why.",
                self.link_to(record),
            )
            for record in records
            if record.had_readers
        ]
        return read + super().reasons_to_keep(records)

    def delete_model(self, request, obj):
        workflow.delete(obj, by=request.user)

    def delete_queryset(self, request, queryset):
        with transaction.atomic():
            for record in queryset:
                workflow.delete(record, by=request.user)

    def has_publish_permission(self, request):
        return request.user.has_perm("editorial.publish_revision")

    @admin.action(description="Send drafts for review", permissions=["change"])
    def submit(self, request, queryset):
        self.do_each(request, queryset, workflow.submit, "Sent for review")

    @admin.action(description="Publish what is approved", permissions=["publish"])
    def publish(self, request, queryset):
        self.do_each(request, queryset, workflow.publish, "Published")

    def do_each(self, request, records, verb, said):
        """One verb on the draft of each record; what cannot be done is named with its reason."""
        done = []
        for record in records:
            draft = Revision.objects.open_for(record)
            try:
                if draft is None:
                    raise NotNow("it has no draft.")
                verb(draft, by=request.user)
            except NotNow as error:
                line = f"“{record}”: {' '.join(error.messages)}"
                self.message_user(request, line, messages.WARNING)
            else:
                self.log_change(request, record, f"{said}.")
                done.append(record)
        if done:
            self.message_user(request, f"{said}: {in_a_row(done)}.", messages.SUCCESS)

    @admin.action(description="Withdraw", permissions=["publish"])
    def withdraw(self, request, queryset):
        records = list(queryset.filter(status=Status.PUBLISHED))
        if not records:
            message = "Nothing to withdraw: readers see none of these."
            return self.message_user(request, message, messages.WARNING)
        places = places_for(records)
        form = WithdrawForm(records, places, request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            return self.ask_why(request, records, places, form)
        try:
            with transaction.atomic():
                for record in records:
                    workflow.withdraw(record, by=request.user, **form.cleaned_data)
                    self.log_change(request, record, f"Withdrawn: {form.cleaned_data['reason']}")
        except NotNow as error:  # It came into use, or its replacement was withdrawn, just now.
            form.add_error(None, error)
            return self.ask_why(request, records, places, form)
        return self.message_user(request, f"Withdrawn: {in_a_row(records)}.", messages.SUCCESS)

    def ask_why(self, request, records, places, form):
        context = {
            **self.admin_site.each_context(request),
            "title": "Withdraw",
            "opts": self.opts,
            "media": self.media,
            "form": form,
            "records": records,
            "places": places,
            "checkbox": helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/withdraw.html", context)


class PartInline(admin.StackedInline):
    """Parts of a record, in their order. editorial.js opens a new one and puts it last."""

    extra = 0
    ordering = ("order",)
    view_on_site = False
