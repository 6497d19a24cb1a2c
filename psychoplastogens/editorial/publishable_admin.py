"""What the admin of every publishable record has in common; each room's admin.py inherits it."""

from datetime import timedelta

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import quote
from django.db import transaction
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst

from psychoplastogens.editorial.forms import PublishableForm, WithdrawForm, in_a_row
from psychoplastogens.editorial.models import Status
from psychoplastogens.editorial.uses import uses_of

QUARTER = timedelta(days=91)
STATE = ("state", "due", "language")
DATES = (
    "Dates readers see",
    {
        "fields": (
            "written_on",
            "updated_on",
            "update_note",
            "evidence_checked_on",
            "reviewed_at",
            "reviewed_by",
            "review_due",
        ),
        "classes": ("after-parts",),
    },
)
STATUS = ("Status", {"fields": ("state_in_full", "language"), "classes": ("after-parts",)})


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
        name = f"admin:{record._meta.app_label}_{record._meta.model_name}_change"
        try:
            address = reverse(name, args=[quote(record.pk)])
        except NoReverseMatch:
            return f"{kind}: {record}"
        return format_html('{}: <a href="{}">{}</a>', kind, address, record)


class PublishableAdmin(KeepsWhatIsUsed):
    """Lists say who may read a record and until when; forms begin with what readers read.

    A subclass names its `list_display` before STATE and its `fieldsets` before DATES and STATUS.
    """

    form = PublishableForm
    list_filter = ("status", ReviewDueFilter, "language")
    date_hierarchy = "review_due"
    list_per_page = 50
    readonly_fields = ("state_in_full",)
    autocomplete_fields = ("reviewed_by",)
    actions = ("publish", "withdraw")
    save_on_top = True
    change_form_template = "admin/publishable_form.html"

    class Media:
        css = {"all": ["editorial.css"]}
        js = ["editorial.js"]

    @admin.display(description="status", ordering="status")
    def state(self, record):
        label = record.get_status_display()
        if record.published_at and record.status in (Status.PUBLISHED, Status.WITHDRAWN):
            return f"{label} {date_format(timezone.localtime(record.published_at).date())}"
        return label

    @admin.display(description="review due", ordering="review_due", empty_value="No date set")
    def due(self, record):
        if record.is_overdue:
            overdue = '<strong class="overdue">Overdue since {}</strong>'
            return format_html(overdue, date_format(record.review_due))
        return record.review_due

    @admin.display(description="status")
    def state_in_full(self, record):
        if record.status == Status.PUBLISHED:
            return f"{self.state(record)} by {record.published_by}. Readers see what you save."
        if record.status == Status.WITHDRAWN:
            return f"{self.state(record)} by {record.published_by}: {record.withdrawn_because}"
        return (
            f"{record.get_status_display()}. Readers do not see it. To publish it: save, tick it "
            "in the list, and choose the action Publish."
        )

    def get_view_on_site_url(self, obj=None):
        return obj.get_absolute_url() if obj and obj.is_published else None

    def reasons_to_keep(self, records):
        read = [
            format_html("{}. Readers see it: withdraw it first.", self.link_to(record))
            for record in records
            if record.is_published
        ]
        return read + super().reasons_to_keep(records)

    @admin.action(description="Publish", permissions=["change"])
    def publish(self, request, queryset):
        records = list(queryset.exclude(status=Status.PUBLISHED))
        with transaction.atomic():
            for record in records:
                record.publish(by=request.user)
                self.log_change(request, record, "Published.")
        if records:
            self.message_user(request, f"Published: {in_a_row(records)}.", messages.SUCCESS)
        else:
            self.message_user(request, "Readers see all of these already.", messages.WARNING)

    @admin.action(description="Withdraw", permissions=["change"])
    def withdraw(self, request, queryset):
        records = list(queryset.filter(status=Status.PUBLISHED))
        if not records:
            message = "Nothing to withdraw: readers see none of these."
            return self.message_user(request, message, messages.WARNING)
        form = WithdrawForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            return self.ask_why(request, records, form)
        with transaction.atomic():
            for record in records:
                record.withdraw(by=request.user, reason=form.cleaned_data["reason"])
                self.log_change(request, record, f"Withdrawn: {record.withdrawn_because}")
        return self.message_user(request, f"Withdrawn: {in_a_row(records)}.", messages.SUCCESS)

    def ask_why(self, request, records, form):
        context = {
            **self.admin_site.each_context(request),
            "title": "Withdraw",
            "opts": self.opts,
            "media": self.media,
            "form": form,
            "records": records,
            "uses": KeepsWhatIsUsed.reasons_to_keep(self, records),
            "checkbox": helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/withdraw.html", context)


class PartInline(admin.StackedInline):
    """Parts of a record, in their order. editorial.js opens a new one and puts it last."""

    extra = 0
    ordering = ("order",)
    view_on_site = False
