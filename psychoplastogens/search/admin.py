from django.contrib import admin

from psychoplastogens.accounts.read_only import ReadOnlyAdmin
from psychoplastogens.search.models import MissedSearch


@admin.register(MissedSearch)
class MissedSearchAdmin(ReadOnlyAdmin):
    """Counts that the site writes itself: which words, on which day, but never who searched."""

    list_display = ("words", "day", "number")
    list_display_links = None
    search_fields = ("words",)
    date_hierarchy = "day"
