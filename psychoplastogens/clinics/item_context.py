"""What a reading list shows of its items, and the page that an item opens: the same template,
shown the same things."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from psychoplastogens.clinics.models import Clinic, PackItem
from psychoplastogens.clinics.models.pack import list_records, split_read_first, sum_minutes
from psychoplastogens.content.page_context import get_question_list_context
from psychoplastogens.content.review_sentences import describe_authorship
from psychoplastogens.editorial.shortcuts import reload_published_page
from psychoplastogens.short_links import qr_codes


def build_items_context(items: list[PackItem], path: str) -> dict[str, Any]:
    """The items of a list, those to read first apart; `path` is where its QR code leads."""
    first, more = split_read_first(items)
    return {
        "items": items,
        "first": first,
        "more": more,
        "first_minutes": sum_minutes(first),
        "more_minutes": sum_minutes(more),
        "authorship": describe_authorship(list_records(items)),
        "qr": qr_codes.render_svg(settings.SITE_ORIGIN + path),
    }


def build_item_context(item: PackItem, depth: str = "") -> dict[str, Any]:
    """All that `clinics/item_detail.html` needs: what the page shows, and the page's template.

    `item` is one of `Pack.get_visible_items()`. Raises Http404 where its page was withdrawn
    meanwhile.
    """
    if item.question_list:
        template, address = "content/ask.html", item.page_address
        context = get_question_list_context()
    else:
        page = reload_published_page(item.page)
        template, address = page.template_name, item.page_address
        context = page.get_context(depth)
    if prose := context.get("prose"):
        clinic = item.pack.clinic
        assert clinic is not None  # Only lists of a clinic are opened.
        prose.clinic = render_phone_line(clinic)
    # What machines are told stands on the page's own address.
    context.pop("structured", None)
    return context | {"page_template": template, "page_address": address}


def render_phone_line(clinic: Clinic) -> str:
    """What every call-clinic card begins with on the pages of a clinic's list."""
    return mark_safe(  # noqa: S308 - our own template, whose variables are escaped
        render_to_string("clinics/_phone.html", {"clinic": clinic})
    )
