"""The short links to a record and its parts."""

from __future__ import annotations

from collections.abc import Iterator

from psychoplastogens.editorial.workflow.leads import Lead, Rows, lead_finder
from psychoplastogens.short_links.models import ShortLink


@lead_finder
def find_short_links(rows: Rows) -> Iterator[Lead]:
    for link in ShortLink.objects.pointing_at(rows).order_by("pk"):
        yield Lead("Short link", link.get_absolute_url(), "never ends", link)
