"""What the searches of readers tell editors: shown on the admin's first page."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from psychoplastogens.editorial.admin.dashboard import (
    MAX_PANEL_ITEMS,
    DashboardPanel,
    TodoItem,
    dashboard_panel,
)
from psychoplastogens.search.models import MissedSearch, Synonym

RECENT_PERIOD = timedelta(days=30)


@dashboard_panel
def missed_searches_panel(most: int = MAX_PANEL_ITEMS) -> DashboardPanel:
    missed = list(MissedSearch.objects.group_by_words(timezone.localdate() - RECENT_PERIOD))
    address = reverse("admin:search_missedsearch_changelist")
    lines = [
        TodoItem(one["words"], f"{one['times']} times, last on {date_format(one['last'])}", address)
        for one in missed[:most]
    ]
    title = "Searches of the last 30 days that found nothing"
    return DashboardPanel(
        title, len(missed), lines, "No words were searched for in vain repeatedly."
    )


@dashboard_panel
def synonyms_panel(most: int = MAX_PANEL_ITEMS) -> DashboardPanel:
    lost = Synonym.objects.on_missing_pages()
    lines = [
        TodoItem(
            synonym.name, synonym.page, reverse("admin:search_synonym_change", args=[synonym.pk])
        )
        for synonym in lost[:most]
    ]
    title = "Synonyms that lead to a page which readers cannot open"
    return DashboardPanel(title, len(lost), lines, "Every synonym leads to a page.")
