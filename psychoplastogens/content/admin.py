from typing import Any

from django.contrib import admin
from django.db import models
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from psychoplastogens.content.admin_help import first_fieldset
from psychoplastogens.content.models import (
    Compound,
    CompoundStatus,
    Condition,
    ConditionEvidence,
    ConditionOption,
    Decision,
    DecisionOption,
    Explainer,
    Faq,
    GlossaryTerm,
    Section,
    Topic,
    Translation,
    VisitMoment,
)
from psychoplastogens.content.models.explainer import SectionPicture
from psychoplastogens.editorial.admin.drawn_choice import DrawnChoiceField
from psychoplastogens.editorial.admin.forms import PublishableForm
from psychoplastogens.editorial.admin.page_choice import (
    PageChoiceAdmin,
    PageChoiceField,
    PagePointerForm,
)
from psychoplastogens.editorial.admin.publishable_admin import (
    STATUS_COLUMNS,
    STATUS_FIELDSET,
    PartInline,
    PublishableAdmin,
)
from psychoplastogens.editorial.admin.unfinished_text import UnfinishedTextForm

# What is new was read today: the date may be changed.
READ_TODAY: dict[type[models.Field], dict[str, Any]] = {
    models.DateField: {"initial": timezone.localdate}
}


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(PublishableAdmin):
    list_display = ("term", *STATUS_COLUMNS)
    search_fields = ("slug", "term", "synonyms", "meaning")
    prepopulated_fields = {"slug": ("term",)}
    fieldsets = (
        first_fieldset("term", "slug", "pronunciation", "synonyms", "meaning"),
        STATUS_FIELDSET,
    )


@admin.register(Topic)
class TopicAdmin(PublishableAdmin):
    list_display = ("name", "order", *STATUS_COLUMNS)
    search_fields = ("slug", "name")
    prepopulated_fields = {"slug": ("name",)}
    date_hierarchy = None
    fieldsets = (("What readers see", {"fields": ("name", "slug", "order")}), STATUS_FIELDSET)


@admin.register(Faq)
class FaqAdmin(PublishableAdmin):
    list_display = ("question", "topic", *STATUS_COLUMNS)
    list_filter = (*PublishableAdmin.list_filter, "topic", "compounds", "conditions")
    list_select_related = ("topic",)
    search_fields = ("slug", "question", "answer")
    autocomplete_fields = (
        "topic",
        "compounds",
        "conditions",
    )
    prepopulated_fields = {"slug": ("question",)}
    fieldsets = (
        first_fieldset("question", "slug", "answer", "do_now"),
        ("Where it is found", {"fields": ("topic", "order", "compounds", "conditions")}),
        STATUS_FIELDSET,
    )


def draw_plate(name: str) -> SafeString:
    """A small drawing of static/drawings.svg."""
    svg = '<svg viewBox="0 0 200 140" aria-hidden="true"><use href="{}#{}"/></svg>'
    return format_html(svg, static("drawings.svg"), name)


class SectionForm(UnfinishedTextForm):
    picture = DrawnChoiceField(
        choices=lambda: [("", "None"), *SectionPicture.choices], draw=draw_plate, required=False
    )


class SectionInline(PartInline):
    model = Section
    form = SectionForm
    prepopulated_fields = {"slug": ("title",)}
    fieldsets = (
        (None, {"fields": ("title", "slug", ("order", "picture"))}),
        (None, {"fields": ("plain", "more")}),
    )


class VisitMomentInline(PartInline):
    model = VisitMoment
    fieldsets = (
        (None, {"fields": (("treatment", "time", "order"), ("at", "strength", "lift", "varies"))}),
        (None, {"fields": ("feels", "staff")}),
    )


@admin.register(Explainer)
class ExplainerAdmin(PublishableAdmin):
    list_display = ("title", "order", *STATUS_COLUMNS)
    search_fields = ("slug", "title", "summary", "sections__title", "sections__plain")
    prepopulated_fields = {"slug": ("title",)}
    inlines = (SectionInline, VisitMomentInline)
    fieldsets = (first_fieldset("title", "slug", "order", "summary", "key_points"), STATUS_FIELDSET)


class CompoundStatusInline(PartInline):
    model = CompoundStatus
    formfield_overrides = PartInline.formfield_overrides | READ_TODAY
    autocomplete_fields = ("source",)
    fieldsets = ((None, {"fields": (("country", "standing", "as_of", "order"), "text", "source")}),)


@admin.register(Compound)
class CompoundAdmin(PublishableAdmin):
    list_display = ("name", "brand", "standing", "standing_as_of", *STATUS_COLUMNS)
    list_filter = (*PublishableAdmin.list_filter, "standing")
    formfield_overrides = PublishableAdmin.formfield_overrides | READ_TODAY
    search_fields = ("slug", "name", "brand", "other_names", "summary")
    autocomplete_fields = ("pictured", "findings")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (CompoundStatusInline,)
    fieldsets = (
        first_fieldset(
            ("name", "brand"),
            "slug",
            "pronunciation",
            "family",
            "formula",
            ("standing", "standing_as_of"),
            "standing_note",
            "summary",
        ),
        (
            "In short",
            {
                "description": "The page opens with these lines; the status follows by itself.",
                "fields": [field for field, _ in Compound.LINES],
            },
        ),
        (
            "At a glance",
            {
                "description": "One or two sentences each: they stand side by side when readers "
                "compare compounds.",
                "fields": [field for field, _ in Compound.GLANCE],
            },
        ),
        (
            "The page, part by part",
            {"fields": [*(field for field, _, _ in Compound.SECTIONS), "questions_to_ask"]},
        ),
        ("Numbers", {"fields": ("pictured", "findings")}),
        ("How it is found", {"fields": ("other_names", "order")}),
        STATUS_FIELDSET,
    )


class ConditionOptionInline(PartInline):
    model = ConditionOption
    fieldsets = (
        (None, {"fields": (("name", "order"),)}),
        (None, {"fields": ("good", "hard", "living_with", "approval")}),
    )


class ConditionEvidenceInline(PartInline):
    model = ConditionEvidence
    autocomplete_fields = ("compound",)
    fieldsets = (
        (None, {"fields": ("compound", "label", ("strength", "mixed", "order"))}),
        (None, {"fields": ("text",)}),
    )


@admin.register(Condition)
class ConditionAdmin(PublishableAdmin):
    list_display = ("name", "short_name", *STATUS_COLUMNS)
    search_fields = ("slug", "name", "short_name", "other_names", "summary")
    autocomplete_fields = ("pictured", "findings")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (ConditionOptionInline, ConditionEvidenceInline)
    fieldsets = (
        first_fieldset(("name", "short_name"), "slug", "summary", "help_first", "key_points"),
        (
            "The page, part by part",
            {
                "fields": (
                    "what_it_is",
                    "how_common",
                    "usual_treatments",
                    "choice",
                    "what_matters",
                    "what_studies_show",
                    "not_known",
                    "questions_to_ask",
                )
            },
        ),
        ("Numbers", {"fields": ("pictured", "findings")}),
        ("How it is found", {"fields": ("other_names", "order")}),
        STATUS_FIELDSET,
    )


class DecisionOptionInline(PartInline):
    model = DecisionOption
    fieldsets = (
        (None, {"fields": (("name", "order"), "gist")}),
        (
            None,
            {
                "description": "Equal detail for every option. Where no source tells a number: "
                "“We have not read a source that says how many.”",
                "fields": ("how", "time", "cost", "benefit", "harm", "standing"),
            },
        ),
    )


@admin.register(Decision)
class DecisionAdmin(PublishableAdmin):
    list_display = ("title", *STATUS_COLUMNS)
    search_fields = ("slug", "title", "summary", "options__name")
    prepopulated_fields = {"slug": ("title",)}
    inlines = (DecisionOptionInline,)
    fieldsets = (
        first_fieldset("title", "slug", "summary", "choice", "weighed", "key_points"),
        (
            "The page, part by part",
            {
                "fields": (
                    "what_it_is",
                    "without_treatment",
                    "in_pictures",
                    "what_matters",
                    "questions_to_ask",
                    "not_known",
                    "how_made",
                )
            },
        ),
        STATUS_FIELDSET,
    )


class TranslationForm(PagePointerForm, PublishableForm):
    page = PageChoiceField(
        reverse_lazy("admin:content_translation_pages"),
        label="page in English",
        error_messages={"required": "Choose the page of which this is the text."},
    )

    class Meta(PagePointerForm.Meta):
        model = Translation


@admin.register(Translation)
class TranslationAdmin(PageChoiceAdmin, PublishableAdmin):
    form = page_form = TranslationForm
    list_display = ("title", "compared_on", *STATUS_COLUMNS)
    search_fields = ("slug", "title", "summary", "text")
    prepopulated_fields = {"slug": ("title",)}
    fieldsets = (
        ("The page in English", {"fields": ("page", "compared_on")}),
        first_fieldset("title", "slug", "summary", "text"),
        STATUS_FIELDSET,
    )

    def get_queryset(self, request):
        return super().get_queryset(request).with_page()
