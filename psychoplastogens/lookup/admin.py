from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode

from psychoplastogens.accounts.read_only import ReadOnlyAdmin
from psychoplastogens.content.models import Section
from psychoplastogens.editorial.admin_pages import form_address
from psychoplastogens.editorial.publishable_admin import STATE, STATUS, PublishableAdmin
from psychoplastogens.lookup.infobutton import answer, trial
from psychoplastogens.lookup.infobutton.question import JSON
from psychoplastogens.lookup.models import PAGES, Code, MissedSearch, Unanswered

WHEN_SAVED = "Shown here when you have saved it."


class SectionField(forms.ModelChoiceField):
    """Sections by their guides: many have titles that only a guide makes clear."""

    def label_from_instance(self, section):
        return f"{section.explainer}: {section}"


@admin.register(Code)
class CodeAdmin(PublishableAdmin):
    list_display = ("code", "system", "display", "answered_by", "subtopic", *STATE)
    list_filter = (*PublishableAdmin.list_filter, "system", "subtopic")
    list_select_related = (*PAGES, "section__explainer")
    search_fields = ("code", "display")
    autocomplete_fields = tuple(name for name in PAGES if name != "section")
    readonly_fields = (*PublishableAdmin.readonly_fields, "in_use", "preview")
    date_hierarchy = None
    fieldsets = (
        ("The code", {"fields": (("system", "code"), "display", "finer", "subtopic")}),
        (
            "The page that answers it",
            {
                "description": "Choose exactly one. While readers do not see that page, a record "
                "system gets nothing for this code.",
                "fields": PAGES,
            },
        ),
        ("Where it is used", {"fields": ("in_use",)}),
        ("What a record system gets", {"fields": ("preview",)}),
        STATUS,
    )

    def get_queryset(self, request):
        return super().get_queryset(request).with_page()

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "section":
            guides = Section.objects.select_related("explainer")
            kwargs["queryset"] = guides.order_by("explainer__order", "explainer__title", "order")
            kwargs["form_class"] = SectionField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description="page")
    def answered_by(self, code):
        return f"{code.page}" if code.owner.is_published else f"{code.page} (not published)"

    @admin.display(description="page, other codes")
    def in_use(self, code):
        """The page that answers, and what else asks for it."""
        if code._state.adding:
            return WHEN_SAVED
        others = format_html_join(
            ", ",
            '<a href="{}">{}</a>',
            ((form_address(other), other) for other in Code.objects.on_the_page_of(code)),
        )
        said = '<a href="{}">{}</a>. It also answers {}.'
        page = form_address(code.owner)
        return format_html(said, page, code.page, others or "no other code")

    @admin.display(description="answer")
    def preview(self, code):
        if code._state.adding:
            return WHEN_SAVED
        answered = answer.of_code(code)
        if not answered.matches:
            return "No page, because readers do not see the page that is chosen."
        asked = {"system": code.system, "code": code.code, "subtopic": code.subtopic, "type": JSON}
        address = f"{reverse('lookup:connect')}?{urlencode(asked)}"
        return format_html(
            '{}<a href="{}">Ask as a record system</a><pre class="answer">{}</pre>',
            "" if code.is_published else "As soon as the code is published. ",
            address,
            trial.readable(answered, JSON),
        )

    def get_view_on_site_url(self, obj=None):
        return super().get_view_on_site_url(obj) if obj and obj.owner.is_published else None


class WrittenBySite(ReadOnlyAdmin):
    """Counts that the site itself writes: how often, and on which day, but never who asked."""

    list_display_links = None
    date_hierarchy = "day"


@admin.register(Unanswered)
class UnansweredAdmin(WrittenBySite):
    list_display = ("code", "system", "day", "how_often", "answer")
    list_filter = ("system",)
    search_fields = ("code",)

    @admin.display(description="asked for", ordering="times")
    def how_often(self, unanswered):
        few = Unanswered.FEW
        return f"fewer than {few} times" if unanswered.times < few else f"{unanswered.times} times"

    @admin.display(description="page")
    def answer(self, unanswered):
        known = {"system": unanswered.system, "code": unanswered.code}
        address = f"{reverse('admin:lookup_code_add')}?{urlencode(known)}"
        return format_html('<a href="{}">Give it a page</a>', address)


@admin.register(MissedSearch)
class MissedSearchAdmin(WrittenBySite):
    list_display = ("words", "day", "number")
    search_fields = ("words",)
