"""What became of a record: every act and every text, and the way back to each."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.utils.html import format_html

from psychoplastogens.accounts.read_only import ReadOnlyAdmin
from psychoplastogens.editorial import workflow
from psychoplastogens.editorial.admin_pages import form_address, page_about
from psychoplastogens.editorial.previews import number_in
from psychoplastogens.editorial.revision import Act, NotNow, Revision

ACTS_ON_A_PAGE = 100


def history(model_admin, request, record):
    """Who did what to `record`, when and why, the latest first; each text with its restore."""
    acts = Act.objects.about(record).select_related("by", "revision")
    paginator = Paginator(acts.defer("revision__snapshot"), ACTS_ON_A_PAGE)
    return page_about(
        model_admin,
        request,
        record,
        "History",
        "admin/record_history.html",
        acts=paginator.get_page(number_in(request, "p") or 1),
        found=Revision.objects.about(record).as_found().defer("snapshot").first(),
        newest=Revision.objects.base_of(record),
        may_restore=model_admin.has_change_permission(request, record),
    )


class ActAdmin(ReadOnlyAdmin):
    """All that staff did to what readers read: only added to. Deleted records come back here."""

    list_display = ("at", "who", "verb", "about", "note")
    list_display_links = None
    list_filter = ("verb", ("content_type", admin.RelatedOnlyFieldListFilter), "by")
    list_select_related = ("by", "content_type")
    search_fields = ("title", "note", "outsider", "by__username")
    date_hierarchy = "at"
    actions = ("bring_back",)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("record")

    @admin.display(description="record", ordering="title")
    def about(self, act):
        if act.record is None:
            return f"{act.title} (deleted)"
        return format_html('<a href="{}">{}</a>', form_address(act.record), act.title)

    @admin.action(description="Bring back what was deleted, as drafts")
    def bring_back(self, request, queryset):
        for act in queryset.filter(verb=Act.Verb.DELETED).select_related("revision"):
            try:
                if act.record is not None:
                    raise NotNow("It is there already.")
                self.check_adding(request, act)
                workflow.restore(act.revision, by=request.user)
            except NotNow as error:
                line = f"“{act.title}”: {' '.join(error.messages)}"
                self.message_user(request, line, messages.WARNING)
            else:
                self.message_user(request, f"“{act.title}” is back, as a draft.", messages.SUCCESS)

    def check_adding(self, request, act):
        kind = act.content_type
        if not request.user.has_perm(f"{kind.app_label}.add_{kind.model}"):
            raise PermissionDenied
