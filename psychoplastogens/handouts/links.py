"""Where the handout of a page is."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db.models import Model
from django.urls import reverse

from psychoplastogens.content.models import Compound, Condition, Explainer, Faq, Section
from psychoplastogens.handouts import pdf_rendering
from psychoplastogens.walkthrough.models import Walkthrough

HANDOUT_MODELS = (Compound, Condition, Explainer, Faq, Walkthrough)


def get_handout_url(record: Model) -> str:
    """Its path; '' for a record without one, and where this machine prints none."""
    if not pdf_rendering.is_typst_installed():
        return ""
    if isinstance(record, Section):
        return f"{get_handout_url(record.explainer)}?{urlencode({'section': record.slug})}"
    if not isinstance(record, HANDOUT_MODELS):
        return ""
    return reverse(f"handouts:{record._meta.model_name}_handout", args=[record.slug])
