from django.contrib import admin
from django.db import models
from django.forms import Script
from django.template.defaultfilters import truncatechars
from django.utils.html import format_html

from psychoplastogens.accounts.read_only import ReadOnlyAdmin
from psychoplastogens.editorial.admin.publishable_admin import (
    STATUS_COLUMNS,
    STATUS_FIELDSET,
    PublishableAdmin,
)
from psychoplastogens.editorial.admin.record_search import EVIDENCE
from psychoplastogens.evidence.forms import FindingForm, SourceForm
from psychoplastogens.evidence.models import Claim, Finding, LinkCheck, Source, SpineChange

FINDING_GROUP = (
    "Fill in the people in whom it happened and how many took part. Where the source gives only a "
    "share, leave “It happened in” empty."
)


@admin.register(Source)
class SourceAdmin(PublishableAdmin):
    search_group = EVIDENCE
    list_display = ("title", "slug", "year", "kind", *STATUS_COLUMNS)
    list_filter = (
        *PublishableAdmin.list_filter,
        *("kind", "subject", "verified", "funding", "is_retracted"),
    )
    search_fields = ("slug", "title", "authors", "publisher", "year", "doi", "supports", "funder")
    form = SourceForm
    prepopulated_fields = {"slug": ("authors", "year")}
    formfield_overrides = PublishableAdmin.formfield_overrides | {
        models.URLField: {"assume_scheme": "https"}
    }
    fieldsets = (
        (
            "What readers see in a list of sources",
            {
                "description": "Texts cite a source by its slug: <code>[^slug]</code>.",
                "fields": (
                    "title",
                    "authors",
                    "year",
                    "publisher",
                    "slug",
                    ("kind", "subject"),
                    "doi",
                    "url",
                    "supports",
                    ("verified", "is_retracted"),
                    "seen_via",
                    ("funding", "funder"),
                ),
            },
        ),
        STATUS_FIELDSET,
    )


@admin.register(Finding)
class FindingAdmin(PublishableAdmin):
    class Media:
        js = (Script("evidence/finding.js", type="module"),)

    form = FindingForm
    search_group = EVIDENCE
    list_display = ("name", "slug", "out_of_100", "cited", *STATUS_COLUMNS)
    list_filter = (*PublishableAdmin.list_filter, "kind", "subject", "certainty")
    list_select_related = ("source",)
    search_fields = (
        *("slug", "name", "happened", "population", "treatment", "treatment_per100"),
        "source__title",
    )
    autocomplete_fields = ("source",)
    readonly_fields = (*PublishableAdmin.readonly_fields, "in_words")
    prepopulated_fields = {"slug": ("name",)}
    opens_preview = True
    fieldsets = (
        (
            "What readers see",
            {
                "description": "The sentence, the picture and the table are all made from this. "
                "Texts draw it by its slug: <code>{{finding:slug}}</code>.",
                "fields": (
                    "in_words",
                    "name",
                    "slug",
                    ("kind", "subject"),
                    "when",
                    "happened",
                    "timeframe",
                    "population",
                ),
            },
        ),
        (
            "Treatment",
            {
                "description": FINDING_GROUP,
                "fields": (
                    "treatment",
                    ("treatment_events", "treatment_total", "treatment_per100"),
                ),
            },
        ),
        (
            "Comparison",
            {
                "fields": (
                    "comparator",
                    ("comparator_events", "comparator_total", "comparator_per100"),
                    "both_groups",
                ),
            },
        ),
        (
            "How sure, and from where",
            {"fields": ("certainty", "certainty_reason", "note", "source", "order")},
        ),
        STATUS_FIELDSET,
    )

    @admin.display(description="source", ordering="source__slug")
    def cited(self, finding):
        return finding.source.slug

    @admin.display(description="out of 100", ordering="treatment_per100")
    def out_of_100(self, finding):
        """Of whom too: many numbers have one name."""
        treated = f"{finding.treatment_per100} {finding.treatment}"
        return f"{treated}, {finding.comparator_per100} {finding.comparator}"

    @admin.display(description="in words")
    def in_words(self, finding):
        if finding._state.adding:
            return "Shown here when you have saved it. “Preview” draws it while you type."
        return f"{finding.sentence} {finding.otherwise}"

    def get_view_on_site_url(self, obj=None):
        """A number stands on the page of its source."""
        return super().get_view_on_site_url(obj) if obj and obj.source.is_published else None


@admin.register(SpineChange)
class SpineChangeAdmin(PublishableAdmin):
    search_group = EVIDENCE
    list_display = ("study", "slug", "hours", "percent", "direction", *STATUS_COLUMNS)
    list_filter = (*PublishableAdmin.list_filter, "animal", "direction")
    search_fields = ("slug", "study", "brain_area", "source__title")
    autocomplete_fields = ("source",)
    prepopulated_fields = {"slug": ("study",)}
    fieldsets = (
        (
            "The study",
            {"fields": ("study", "slug", "animal", "brain_area", "dose", "source", "order")},
        ),
        (
            "What it counted",
            {
                "description": "Where only a direction was read, leave the percents empty.",
                "fields": (
                    ("hours", "direction"),
                    ("percent", "percent_low", "percent_high"),
                    "compared_with",
                    "compared_change",
                    "note",
                ),
            },
        ),
        STATUS_FIELDSET,
    )

    def get_view_on_site_url(self, obj=None):
        """Its source has a page of its own."""
        return super().get_view_on_site_url(obj) if obj and obj.source.is_published else None


@admin.register(Claim)
class ClaimAdmin(PublishableAdmin):
    search_group = EVIDENCE
    list_display = ("text", "verdict", *STATUS_COLUMNS)
    list_filter = (*PublishableAdmin.list_filter, "verdict")
    search_fields = ("slug", "text", "why")
    autocomplete_fields = ("sources",)
    prepopulated_fields = {"slug": ("text",)}
    fieldsets = (
        (
            "What readers see",
            {"fields": ("text", "slug", "verdict", "why", "sources", "order")},
        ),
        STATUS_FIELDSET,
    )


@admin.register(LinkCheck)
class LinkCheckAdmin(ReadOnlyAdmin):
    """Written by `manage.py check_links` alone; a link is mended where it stands."""

    list_display = ("state", "opened", "what_to_do")
    list_filter = ("state",)
    search_fields = ("address",)
    ordering = ("state", "address")
    list_per_page = 50

    @admin.display(description="address", ordering="address")
    def opened(self, link):
        """The address, to be opened by hand."""
        if not link.address.startswith(("https://", "http://")):
            return link.address
        shown = truncatechars(link.address, 40)
        return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', link.address, shown)

    @admin.display(description="what to do", empty_value="")
    def what_to_do(self, link):
        return f"{link.problem} {link.suggested_fix}".strip() or None
