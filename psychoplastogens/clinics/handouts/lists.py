"""The sheets of a reading list: each of its pages that readers may open now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from psychoplastogens.clinics.handouts import sheets
from psychoplastogens.clinics.handouts.sheets import Sheet
from psychoplastogens.clinics.models import PackItem
from psychoplastogens.content.models import Compound, Condition, Explainer
from psychoplastogens.walkthrough.models import Walkthrough


def sheets_of(items: list[PackItem]) -> list[Sheet]:
    """A sheet for each item, with the clinic's note to it. `items` as a list shows them."""
    found = []
    for item in items:
        sheet = _sheet(item)
        if item.note:
            words = {"clinic": item.pack.clinic.name, "words": item.note}
            sheet.note = _("%(clinic)s: %(words)s") % words
        found.append(sheet)
    return found


def _sheet(item: PackItem) -> Sheet:
    if item.question_list:
        return sheets.of_questions()
    write: dict[str, Callable[[Any], Sheet]] = {
        "explainer": lambda record: sheets.of_explainer(_whole(Explainer, record), []),
        "section": lambda part: sheets.of_explainer(part.explainer, [part]),
        "compound": lambda record: sheets.of_compound(_whole(Compound, record)),
        "condition": lambda record: sheets.of_condition(_whole(Condition, record)),
        "faq": sheets.of_faq,
        "walkthrough": lambda record: sheets.of_walkthrough(_whole(Walkthrough, record)),
    }
    return write[item.kind](item.target)


def _whole(model: type, record: Any) -> Any:
    """The record with the parts that its sheet shows."""
    found = model.objects.published()
    for parts in ("with_sections", "with_statuses", "with_parts", "with_steps"):
        if hasattr(found, parts):
            found = getattr(found, parts)()
    return found.get(pk=record.pk)
