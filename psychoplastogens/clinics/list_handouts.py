"""The handout of a reading list: what its pages that readers may open now say, short or in full."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from psychoplastogens.clinics.models import Logo, Pack, PackItem
from psychoplastogens.clinics.models.pack import list_records
from psychoplastogens.clinics.reading_lists import ReadingList
from psychoplastogens.content.fields import split_lines
from psychoplastogens.content.rendering.handout_sheet import (
    Block,
    Sheet,
    build_small_text,
    build_text_block,
    build_titled_section,
)
from psychoplastogens.content.review_sentences import describe_authorship
from psychoplastogens.editorial.shortcuts import reload_published_page
from psychoplastogens.handouts import sheets
from psychoplastogens.handouts.document import (
    EACH,
    FULL,
    HandoutLayout,
    build_document,
    build_short_document,
    get_shortest_url,
)

LOGO_WIDTH_MM, LOGO_HEIGHT_MM = 60, 16
"""The largest that a logo is on paper."""


def build_pack_document(pack: Pack, items: list[PackItem], layout: HandoutLayout) -> dict[str, Any]:
    """The handout of a clinic's reading list, with the clinic's name, phone and own words."""
    clinic = _build_clinic_data(pack, items)
    cover = {"title": pack.title, "kicker": "", "lead": "", "clinic": clinic}
    return _build_list_document(items, get_shortest_url(pack), cover, layout)


def build_list_document(made: ReadingList, layout: HandoutLayout) -> dict[str, Any]:
    """The handout of a list that anybody made: it names nobody and adds no words to the pages."""
    lead = _("Somebody who cares for you chose these pages. Read a little, rest, and come back.")
    cover = {"title": _("Your reading list"), "kicker": "", "lead": lead, "clinic": None}
    shortest = (made.short_link or made).get_absolute_url()
    return _build_list_document(made.items, shortest, cover, layout)


def _build_list_document(
    items: list[PackItem], url: str, cover: dict[str, Any], layout: HandoutLayout
) -> dict[str, Any]:
    """One sheet for the list; a sheet for each page, or whole pages, where `layout` says so."""
    if layout.length == FULL:
        return build_document(build_item_sheets(items), url, cover, layout, several=True)
    if layout.length == EACH:
        sheets = build_item_sheets(items, short=True)
    else:
        sheets = [_build_overview_sheet(items, url, cover)]
    return build_short_document(sheets, url, cover, layout)


def _build_overview_sheet(items: list[PackItem], url: str, cover: dict[str, Any]) -> Sheet:
    """The list itself: what to read, how long that takes, and the clinic's own words."""
    blocks = [{"kind": "letter"}] if cover["clinic"] else []
    read = {"kind": "list", "ordered": True, "start": 1, "items": [_build_line(i) for i in items]}
    blocks += build_titled_section(_("To read"), read)
    lead = cover["clinic"]["chose"] if cover["clinic"] else cover["lead"]
    return Sheet(None, None, cover["title"], lead, path=url, blocks=blocks)


def _build_line(item: PackItem) -> list[Block]:
    words: list[Any] = [{"kind": "bold", "of": [item.title]}]
    if item.minutes:
        words.append(" " + _("(%(minutes)s min)") % {"minutes": item.minutes})
    said = filter(None, (item.summary, _describe_note(item)))
    return [build_text_block(*words), *map(build_small_text, said)]


def _describe_note(item: PackItem) -> str:
    """What the clinic says of it, marked as the clinic's words; '' for nothing."""
    if not item.note:
        return ""
    return _("%(clinic)s: %(words)s") % {"clinic": item.pack.owner.name, "words": item.note}


def build_item_sheets(items: list[PackItem], *, short: bool = False) -> list[Sheet]:
    """A sheet for each item, with the clinic's note to it. `items` as a list shows them."""
    found = []
    for item in items:
        sheet = _build_item_sheet(item, short)
        sheet.note = _describe_note(item)
        found.append(sheet)
    return found


def _build_item_sheet(item: PackItem, short: bool) -> Sheet:
    if item.question_list:
        return sheets.build_question_list_sheet(item.page_address)
    page = reload_published_page(item.page)
    return page.build_short_sheet() if short else page.build_sheet()


def _build_logo_data(logo: Logo | None) -> dict[str, Any] | None:
    """The bytes of the picture, and the millimeters that it takes on paper."""
    if logo is None:
        return None
    width = min(LOGO_WIDTH_MM, LOGO_HEIGHT_MM * logo.width / logo.height)
    return {"png": list(bytes(logo.png)), "width": round(width, 1)}


def _build_clinic_data(pack: Pack, items: list[PackItem]) -> dict[str, Any]:
    """What the clinic says of itself; never what a request says."""
    clinic = pack.clinic
    assert clinic is not None  # Only lists of a clinic are handed out.
    names = {"clinic": clinic.name, "phone": clinic.phone}
    of_group = pack.greeting_author != clinic
    said_by = _("In the words of %(clinic)s") % {"clinic": pack.greeting_author.name}
    words = (
        (said_by if of_group else "", pack.effective_greeting),
        (_("When we answer the phone"), clinic.hours),
        (_("When nobody answers"), clinic.out_of_hours),
        (_("In an emergency"), clinic.emergency),
    )
    return {
        "name": clinic.name,
        "color": clinic.color,
        "logo": _build_logo_data(clinic.logo),
        "said": _("In the words of %(clinic)s") % names,
        "chose": f"{pack.choice_sentence} {describe_authorship(list_records(items))}",
        "phone": clinic.phone,
        "tel": clinic.phone_url,
        "call": _("Call %(clinic)s: %(phone)s") % names if clinic.phone else "",
        "words": [{"label": label, "lines": split_lines(text)} for label, text in words if text],
    }
