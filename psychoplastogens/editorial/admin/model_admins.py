from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme

from psychoplastogens.accounts.listed_errors import ListedErrorsAdmin
from psychoplastogens.accounts.read_only import ReadOnlyAdmin
from psychoplastogens.editorial.admin.publishable_admin import InUseProtectedAdmin
from psychoplastogens.editorial.admin.record_pages import get_record_admin_url
from psychoplastogens.editorial.counted_text import CountedModelForm
from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.models import HistoryEntry, OldAddress, Reviewer
from psychoplastogens.editorial.workflow import transitions
from psychoplastogens.editorial.workflow.schedules import format_time

admin.site.site_header = admin.site.site_title = settings.SITE_NAME
admin.site.enable_nav_sidebar = False
admin.site.index_title = "What readers read, and what it rests on"


def build_titled_filter(
    title: str, base: type[admin.FieldListFilter]
) -> type[admin.FieldListFilter]:
    """A filter by a field under a title of its own: “By person”, and not “By by”."""

    class TitledFilter(base):  # type: ignore[valid-type, misc] # The base is an argument.
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.title = title

    return TitledFilter


KIND_FILTER = ("content_type", build_titled_filter("kind", admin.RelatedOnlyFieldListFilter))


@admin.register(Reviewer)
class ReviewerAdmin(InUseProtectedAdmin, ListedErrorsAdmin):
    form = CountedModelForm
    list_display = ("name", "credentials", "email", "user")
    search_fields = ("name", "credentials")

    def response_post_save_add(self, request, obj):
        """Back to the review for which the clinician was added, who is chosen there."""
        back = request.GET.get("back", "")
        if back and url_has_allowed_host_and_scheme(back, None):
            return HttpResponseRedirect(f"{back}?clinician={obj.pk}#links")
        return super().response_post_save_add(request, obj)

    def get_readonly_fields(self, request, obj=None):
        """Linking a clinician to an account lets that account sign as them: superusers only."""
        return () if request.user.is_superuser else ("user",)


@admin.register(OldAddress)
class OldAddressAdmin(ReadOnlyAdmin):
    """Old addresses are written by the site and cannot be edited."""

    list_display = ("slug", "kind", "leads_to", "since")
    list_display_links = None
    list_filter = (KIND_FILTER,)
    list_select_related = ("content_type",)
    search_fields = ("slug",)
    date_hierarchy = "created_at"

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("record")

    @admin.display(description="kind", ordering="content_type")
    def kind(self, old):
        return old.content_type.name

    @admin.display(description="since", ordering="created_at")
    def since(self, old):
        return format_time(old.created_at)

    @admin.display(description="leads to", empty_value="Nothing: deleted")
    def leads_to(self, old):
        return old.record


@admin.register(HistoryEntry)
class HistoryEntryAdmin(ReadOnlyAdmin):
    """The history of all records, read-only. Deleted records are restored from here."""

    list_display = ("when", "who", "what", "about", "why")
    list_display_links = None
    list_filter = (
        ("verb", build_titled_filter("what was done", admin.ChoicesFieldListFilter)),
        KIND_FILTER,
        ("by", build_titled_filter("person", admin.RelatedOnlyFieldListFilter)),
    )
    list_select_related = ("by", "content_type")
    search_fields = ("title", "note", "outsider", "by__username")
    date_hierarchy = "at"
    actions = ("restore_deleted",)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("record")

    @admin.display(description="when", ordering="at")
    def when(self, entry):
        return format_time(entry.at)

    @admin.display(description="who")
    def who(self, entry):
        return entry.who

    @admin.display(description="what", ordering="verb")
    def what(self, entry):
        return entry.get_verb_display()

    @admin.display(description="why")
    def why(self, entry):
        return entry.note

    @admin.display(description="record", ordering="title")
    def about(self, entry):
        if entry.record is None:
            return f"{entry.title} (deleted)"
        return format_html('<a href="{}">{}</a>', get_record_admin_url(entry.record), entry.title)

    @admin.action(description="Bring back what was deleted, as drafts")
    def restore_deleted(self, request, queryset):
        for entry in queryset.filter(verb=HistoryEntry.Verb.DELETED).select_related("revision"):
            try:
                if entry.record is not None:
                    raise WorkflowError("It is there already.")
                self.check_add_permission(request, entry)
                transitions.restore(entry.revision, by=request.user)
            except WorkflowError as error:
                line = f"“{entry.title}”: {' '.join(error.messages)}"
                self.message_user(request, line, messages.WARNING)
            else:
                self.message_user(
                    request, f"“{entry.title}” is back, as a draft.", messages.SUCCESS
                )

    def check_add_permission(self, request, entry):
        kind = entry.content_type
        if not request.user.has_perm(f"{kind.app_label}.add_{kind.model}"):
            raise PermissionDenied
