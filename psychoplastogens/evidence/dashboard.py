"""The panel of broken links on the admin's dashboard."""

from __future__ import annotations

from django.urls import reverse

from psychoplastogens.editorial.desk import LINES, Line, Pile, waits
from psychoplastogens.evidence.models import LinkCheck


@waits
def broken_links_panel() -> Pile:
    broken = LinkCheck.objects.broken()
    lines = [
        Line(link.address, link.problem, reverse("admin:evidence_linkcheck_change", args=[link.pk]))
        for link in broken[:LINES]
    ]
    return Pile("Links that are broken", broken.count(), lines, "No broken link is known.")
