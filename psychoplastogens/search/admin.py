from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode

from psychoplastogens.accounts.listed_errors import ListedErrorsAdmin
from psychoplastogens.accounts.read_only import ReadOnlyAdmin
from psychoplastogens.editorial.counted_text import CountedModelForm
from psychoplastogens.search.models import MissedSearch, Synonym


@admin.register(MissedSearch)
class MissedSearchAdmin(ReadOnlyAdmin):
    """Counts that the site writes itself: which words, on which day, but never who searched."""

    list_display = ("words", "day", "number", "add_synonym")
    list_display_links = None
    search_fields = ("words",)
    date_hierarchy = "day"

    def get_list_display(self, request):
        if request.user.has_perm("search.add_synonym"):
            return self.list_display
        return [name for name in self.list_display if name != "add_synonym"]

    @admin.display(description="synonym")
    def add_synonym(self, missed):
        query = urlencode({"name": missed.words, "kind": Synonym.Kind.WORD})
        address = reverse("admin:search_synonym_add")
        return format_html(
            '<a href="{}?{}" aria-label="Add a synonym for {}">Add a synonym</a>',
            address,
            query,
            missed.words,
        )


@admin.register(Synonym)
class SynonymAdmin(ListedErrorsAdmin):
    """Vocabulary of readers. It is live at once: it leads to pages and states nothing."""

    form = CountedModelForm
    list_display = ("name", "kind", "broader", "page", "shown_names")
    list_filter = ("kind", ("broader", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("broader",)
    list_per_page = 50
    search_fields = ("name", "other_names", "page")
    autocomplete_fields = ("broader",)
    fieldsets = (
        ("What readers type", {"fields": ("kind", "name", "other_names")}),
        ("Where it leads", {"fields": ("broader", "page")}),
    )

    def get_search_results(self, request, queryset, search_term):
        """Only classes are offered where a medicine names its class."""
        if request.path.endswith("/autocomplete/"):
            queryset = queryset.filter(kind=Synonym.Kind.MEDICINE_CLASS)
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description="other names")
    def shown_names(self, synonym):
        return ", ".join(synonym.other_names[:6])
