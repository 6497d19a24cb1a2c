from django.contrib import admin
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode

from psychoplastogens.accounts.read_only import ReadOnlyAdmin
from psychoplastogens.editorial.admin.forms import PublishableForm
from psychoplastogens.editorial.admin.page_choice import (
    PageChoiceAdmin,
    PageChoiceField,
    PagePointerForm,
)
from psychoplastogens.editorial.admin.publishable_admin import (
    STATUS_COLUMNS,
    STATUS_FIELDSET,
    PublishableAdmin,
)
from psychoplastogens.editorial.admin.record_pages import get_record_admin_url
from psychoplastogens.infobutton import answers, sandbox
from psychoplastogens.infobutton.models import Code, Product, Unanswered
from psychoplastogens.infobutton.request_parsing import JSON

SHOWN_AFTER_SAVING = "Shown here when you have saved it."


class CodeForm(PagePointerForm, PublishableForm):
    needed_fields = ("code",)

    """A code may lead to a page that readers do not see yet."""

    page = PageChoiceField(
        reverse_lazy("admin:infobutton_code_pages"),
        error_messages={"required": "Choose the page that answers this code."},
    )

    class Meta(PagePointerForm.Meta):
        model = Code

    @classmethod
    def get_title(cls, page):
        """The title, with a word about a page that readers do not see now."""
        title = super().get_title(page)
        return title if page.owner.is_published else f"{title} (not published)"


@admin.register(Code)
class CodeAdmin(PageChoiceAdmin, PublishableAdmin):
    form = page_form = CodeForm
    list_display = ("code", "system", "display", "answered_by", "subtopic", *STATUS_COLUMNS)
    list_filter = (*PublishableAdmin.list_filter, "system", "subtopic")
    search_fields = ("code", "display")
    readonly_fields = (*PublishableAdmin.readonly_fields, "in_use", "preview")
    date_hierarchy = None
    fieldsets = (
        ("The code", {"fields": (("system", "code"), "display", "finer", "subtopic")}),
        (
            "The page that answers it",
            {
                "description": "While readers do not see that page, a record "
                "system gets nothing for this code.",
                "fields": ("page",),
            },
        ),
        ("Where it is used", {"fields": ("in_use",)}),
        ("What a record system gets", {"fields": ("preview",)}),
        STATUS_FIELDSET,
    )

    def get_queryset(self, request):
        return super().get_queryset(request).with_page()

    @admin.display(description="page")
    def answered_by(self, code):
        return f"{code.page}" if code.owner.is_published else f"{code.page} (not published)"

    @admin.display(description="page, other codes")
    def in_use(self, code):
        """The page that answers, and what else asks for it."""
        if code._state.adding:
            return SHOWN_AFTER_SAVING
        others = format_html_join(
            ", ",
            '<a href="{}">{}</a>',
            (
                (get_record_admin_url(other), other)
                for other in Code.objects.sharing_page_with(code)
            ),
        )
        said = '<a href="{}">{}</a>. It also answers {}.'
        page = get_record_admin_url(code.owner)
        return format_html(said, page, code.page, others or "no other code")

    @admin.display(description="answer")
    def preview(self, code):
        if code._state.adding:
            return SHOWN_AFTER_SAVING
        answered = answers.preview_code(code)
        if not answered.matches:
            return "No page, because readers do not see the page that is chosen."
        asked = {"system": code.system, "code": code.code, "subtopic": code.subtopic, "type": JSON}
        address = f"{reverse('infobutton:connect')}?{urlencode(asked)}"
        return format_html(
            '{}<a href="{}">Ask as a record system</a><pre class="answer">{}</pre>',
            "" if code.is_published else "As soon as the code is published. ",
            address,
            sandbox.format_answer(answered, JSON),
        )

    def get_view_on_site_url(self, obj=None):
        return super().get_view_on_site_url(obj) if obj and obj.owner.is_published else None


@admin.register(Product)
class ProductAdmin(ReadOnlyAdmin):
    """What `manage.py import_rxnorm` has copied from RxNorm."""

    list_display = ("name", "system", "code", "ingredient")
    list_display_links = None
    list_filter = ("system", "ingredient")
    search_fields = ("name", "code")


@admin.register(Unanswered)
class UnansweredAdmin(ReadOnlyAdmin):
    """Counts that the site writes itself: which codes, on which day, but never who asked."""

    list_display = ("code", "system", "day", "how_often", "answer")
    list_display_links = None
    list_filter = ("system",)
    search_fields = ("code",)
    date_hierarchy = "day"

    @admin.display(description="asked for", ordering="times")
    def how_often(self, unanswered):
        few = Unanswered.MIN_SHOWN_COUNT
        return f"fewer than {few} times" if unanswered.times < few else f"{unanswered.times} times"

    @admin.display(description="page")
    def answer(self, unanswered):
        known = {"system": unanswered.system, "code": unanswered.code}
        address = f"{reverse('admin:infobutton_code_add')}?{urlencode(known)}"
        return format_html('<a href="{}">Give it a page</a>', address)
