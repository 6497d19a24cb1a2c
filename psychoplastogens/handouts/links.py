"""Where the handout of a page is."""

from __future__ import annotations

from django.urls import reverse

from psychoplastogens.delivery.query_strings import build_query_string
from psychoplastogens.editorial.models import Page
from psychoplastogens.handouts import pdf_rendering


def get_handout_url(page: Page) -> str:
    """Its path; '' for a page without one, and where this machine prints none."""
    if not page.is_shareable or not pdf_rendering.is_typst_installed():
        return ""
    record = page.owner
    address = reverse(f"handouts:{record._meta.model_name}_handout", args=[record.slug])
    return address + build_query_string(section=page.slug if page.url_parent else "")
