"""Where the handout of a page is."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db.models import Model
from django.urls import reverse

from psychoplastogens.clinics.handouts import press
from psychoplastogens.content.models import Compound, Condition, Explainer, Faq, Section
from psychoplastogens.walkthrough.models import Walkthrough

KINDS = (Compound, Condition, Explainer, Faq, Walkthrough)


def handout_of(record: Model) -> str:
    """Its path; '' for a record without one, and where this machine prints none."""
    if not press.is_here():
        return ""
    if isinstance(record, Section):
        return f"{handout_of(record.explainer)}?{urlencode({'section': record.slug})}"
    if not isinstance(record, KINDS):
        return ""
    return reverse(f"clinics:{record._meta.model_name}_handout", args=[record.slug])
