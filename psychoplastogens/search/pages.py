"""The pages that readers find, for the search of the admin."""

from __future__ import annotations

from uuid import UUID

from psychoplastogens.editorial.admin.record_search import register_readers_search
from psychoplastogens.search.index_cache import get_current_index

MAX_PAGES = 5


@register_readers_search
def find_pages(query: str) -> list[tuple[str, UUID]]:
    """Kind and key of the best pages for `query`, the best first. Parts of records are pages."""
    groups = get_current_index().index.search(query, most=MAX_PAGES).groups
    hits = sorted((hit for group in groups for hit in group.hits), key=lambda hit: -hit.score)
    return [hit.document.page for hit in hits if hit.document.page][:MAX_PAGES]
