"""The handout of a reading list: a sheet for each of its pages that readers may open now."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from psychoplastogens.clinics.models import Pack, PackItem
from psychoplastogens.clinics.reading_lists import ReadingList
from psychoplastogens.content.fields import split_lines
from psychoplastogens.content.rendering.handout_sheet import Sheet
from psychoplastogens.editorial.shortcuts import reload_published_page
from psychoplastogens.handouts import sheets
from psychoplastogens.handouts.document import HandoutLayout, build_document, get_shortest_url


def build_pack_document(pack: Pack, items: list[PackItem], layout: HandoutLayout) -> dict[str, Any]:
    """The handout of a clinic's reading list, with the clinic's name, phone and own words."""
    clinic = _build_clinic_data(pack)
    cover = {"title": pack.title, "kicker": "", "lead": "", "clinic": clinic}
    url = get_shortest_url(pack)
    return build_document(build_item_sheets(items), url, cover, layout, several=True)


def build_list_document(made: ReadingList, layout: HandoutLayout) -> dict[str, Any]:
    """The handout of a list that anybody made: it names nobody and adds no words to the pages."""
    lead = _("Somebody who cares for you chose these pages. Read a little, rest, and come back.")
    cover = {"title": _("Your reading list"), "kicker": "", "lead": lead, "clinic": None}
    url = made.get_absolute_url()
    return build_document(build_item_sheets(made.items), url, cover, layout, several=True)


def build_item_sheets(items: list[PackItem]) -> list[Sheet]:
    """A sheet for each item, with the clinic's note to it. `items` as a list shows them."""
    found = []
    for item in items:
        sheet = _build_item_sheet(item)
        if item.note:
            words = {"clinic": item.pack.clinic.name, "words": item.note}
            sheet.note = _("%(clinic)s: %(words)s") % words
        found.append(sheet)
    return found


def _build_item_sheet(item: PackItem) -> Sheet:
    if item.question_list:
        return sheets.build_question_list_sheet()
    return reload_published_page(item.page).build_sheet()


def _build_clinic_data(pack: Pack) -> dict[str, Any]:
    """What the clinic says of itself; never what a request says."""
    clinic = pack.clinic
    names = {"clinic": clinic.name, "phone": clinic.phone}
    words = (
        ("", pack.effective_greeting),
        (_("When we answer the phone"), clinic.hours),
        (_("When nobody answers"), clinic.out_of_hours),
        (_("In an emergency"), clinic.emergency),
    )
    return {
        "name": clinic.name,
        "said": _("In the words of %(clinic)s") % names,
        "chose": clinic.choice_sentence,
        "phone": clinic.phone,
        "tel": clinic.phone_url,
        "call": _("Call %(clinic)s: %(phone)s") % names if clinic.phone else "",
        "words": [{"label": label, "lines": split_lines(text)} for label, text in words if text],
    }
