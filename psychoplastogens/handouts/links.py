"""Where the handout of a page is."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from psychoplastogens.editorial.models import Page
from psychoplastogens.handouts import pdf_rendering


def get_handout_url(page: Page) -> str:
    """Its path; '' for a page without one, and where this machine prints none."""
    if not page.is_shareable or not pdf_rendering.is_typst_installed():
        return ""
    if page.url_parent:
        return f"{get_handout_url(page.owner)}?{urlencode({'section': page.slug})}"
    return reverse(f"handouts:{page._meta.model_name}_handout", args=[page.slug])
