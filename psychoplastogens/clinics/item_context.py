"""The page that an item of a reading list opens: the same template, shown the same things."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from psychoplastogens.clinics.models import Clinic, PackItem
from psychoplastogens.clinics.models.pack import QUESTION_LIST
from psychoplastogens.content import page_context
from psychoplastogens.content.models import Compound, Condition, Explainer, Faq
from psychoplastogens.walkthrough.models import Walkthrough
from psychoplastogens.walkthrough.page_context import get_whole_walkthrough_context

PageContext = dict[str, Any]


def _explainer(item: PackItem, depth: str) -> PageContext:
    explainers = Explainer.objects.published().with_sections()
    return page_context.get_whole_explainer_context(
        get_object_or_404(explainers, pk=item.explainer_id), depth
    )


def _section(item: PackItem, depth: str) -> PageContext:
    explainers = Explainer.objects.published().with_sections()
    explainer = get_object_or_404(explainers, pk=item.section.explainer_id)
    section = next(one for one in explainer.sections.all() if one.pk == item.section_id)
    return page_context.get_section_context(explainer, section, depth)


def _compound(item: PackItem, depth: str) -> PageContext:
    compounds = Compound.objects.published().with_statuses()
    return page_context.get_compound_context(get_object_or_404(compounds, pk=item.compound_id))


def _condition(item: PackItem, depth: str) -> PageContext:
    conditions = Condition.objects.published().with_parts()
    return page_context.get_condition_context(get_object_or_404(conditions, pk=item.condition_id))


def _faq(item: PackItem, depth: str) -> PageContext:
    faqs = Faq.objects.published().with_topic()
    return page_context.get_faq_context(get_object_or_404(faqs, pk=item.faq_id))


def _walkthrough(item: PackItem, depth: str) -> PageContext:
    walkthroughs = Walkthrough.objects.published().with_steps()
    return get_whole_walkthrough_context(
        get_object_or_404(walkthroughs, pk=item.walkthrough_id), depth
    )


def _question_list(item: PackItem, depth: str) -> PageContext:
    return page_context.get_question_list_context()


# A guide and a walkthrough open whole: their parts would lead out of the list.
ITEM_PAGES: dict[str, tuple[str, str, Callable[[PackItem, str], PageContext]]] = {
    "explainer": ("content/explainer_all.html", "all/", _explainer),
    "section": ("content/section_detail.html", "", _section),
    "compound": ("content/compound_detail.html", "", _compound),
    "condition": ("content/condition_detail.html", "", _condition),
    "faq": ("content/faq_detail.html", "", _faq),
    "walkthrough": ("walkthrough/walkthrough_all.html", "all/", _walkthrough),
    QUESTION_LIST: ("content/ask.html", "", _question_list),
}


def build_item_context(item: PackItem, depth: str = "") -> PageContext:
    """All that `clinics/item_detail.html` needs: what the page shows, and the page's template.

    `item` is one of `Pack.get_visible_items()`. Raises Http404 where its page was withdrawn
    meanwhile.
    """
    template, suffix, show = ITEM_PAGES[item.kind]
    context = show(item, depth)
    if prose := context.get("prose"):
        prose.clinic = render_phone_line(item.pack.clinic)
    # What machines are told stands on the page's own address.
    context.pop("structured", None)
    return context | {"page_template": template, "page_address": item.page_address + suffix}


def render_phone_line(clinic: Clinic) -> str:
    """What every call-clinic card begins with on the pages of a clinic's list."""
    return mark_safe(  # noqa: S308 - our own template, whose variables are escaped
        render_to_string("clinics/_phone.html", {"clinic": clinic})
    )
