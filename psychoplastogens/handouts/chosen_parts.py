"""What of a page its handout holds: all of it in short, or chosen parts in full."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from psychoplastogens.delivery.exceptions import PageMoved
from psychoplastogens.editorial.shortcuts import get_part_or_404
from psychoplastogens.handouts import document


def find_chosen_parts(page, slugs: list[str]) -> tuple[list, bool]:
    """The parts of `page` that these slugs name, and whether each of them names one."""
    parts = page.part_pages
    current = {find_current_slug(parts, slug) for slug in slugs}
    return [part for part in parts if part.slug in current], "" not in current


def find_current_slug(parts, slug: str) -> str:
    """The slug that a part has now, if it was renamed since; '' for one that is gone."""
    try:
        return get_part_or_404(parts, slug).slug
    except PageMoved as moved:
        return moved.new_url_kwargs["section"]
    except Http404:
        return ""


def build_chosen_document(
    page, chosen: list, layout: document.HandoutLayout, *, more: bool
) -> dict[str, Any]:
    """One sheet of paper; the whole text where parts, `more` detail or the layout ask for it."""
    if chosen or more or layout.length == document.FULL:
        return document.build_page_document(page.build_sheet(chosen, more=more), layout)
    return document.build_short_page_document(page.build_short_sheet(), layout)
