"""The panel of broken links on the admin's dashboard."""

from __future__ import annotations

from django.urls import reverse

from psychoplastogens.editorial.admin.dashboard import (
    MAX_PANEL_ITEMS,
    DashboardPanel,
    TodoItem,
    dashboard_panel,
)
from psychoplastogens.evidence.models import LinkCheck


@dashboard_panel
def broken_links_panel(most: int = MAX_PANEL_ITEMS) -> DashboardPanel:
    broken = LinkCheck.objects.broken()
    lines = [
        TodoItem(
            link.address, link.problem, reverse("admin:evidence_linkcheck_change", args=[link.pk])
        )
        for link in broken[:most]
    ]
    return DashboardPanel(
        "Links that are broken", broken.count(), lines, "No broken link is known."
    )
