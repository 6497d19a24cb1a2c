"""A whole handout as plain data: its sheets, and what every handout has.

The numbers of the sources run through the whole handout, in reading order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import segno
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from psychoplastogens.clinics import drawings, paper
from psychoplastogens.clinics.handouts.sheets import Sheet, facts
from psychoplastogens.clinics.handouts.writing import Text, Writer, markdown_in, written
from psychoplastogens.clinics.lists import ReadingList, in_address
from psychoplastogens.clinics.models import Pack, ShortLink
from psychoplastogens.content import prose
from psychoplastogens.content.crisis import names_suicide
from psychoplastogens.content.fields import lines
from psychoplastogens.content.models import GlossaryTerm
from psychoplastogens.content.pages import Prose
from psychoplastogens.content.structured import absolute
from psychoplastogens.delivery import crisis
from psychoplastogens.editorial.models import Publishable
from psychoplastogens.evidence.models import Source

AS_TYPST_SAYS = {"letter": "us-letter", "a4": "a4"}
SIZES = ("normal", "large")
ICON = "0 0 24 24"
ZERO_WIDTH_SPACE = "\u200b"
_LONG_WORD = re.compile(r"[^/.-]{13,}")
# No printer can draw these, and some turn the words around them.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True)
class Form:
    """How a handout is laid out. Anything unknown is what most readers here have."""

    paper: str = ""
    size: str = ""

    def data(self) -> dict[str, str]:
        paper_name = AS_TYPST_SAYS[paper.chosen(self.paper)]
        return {"paper": paper_name, "size": self.size if self.size in SIZES else "normal"}


def of_sheet(sheet: Sheet, form: Form) -> dict[str, Any]:
    """The handout of one page."""
    cover = {"title": sheet.title, "kicker": sheet.kicker, "lead": sheet.lead, "clinic": None}
    return _document([sheet], _shortest_to(sheet.page), cover, form, several=False)


def of_pack(pack: Pack, sheets: list[Sheet], form: Form) -> dict[str, Any]:
    """The handout of a clinic's reading list, with the clinic's name, phone and own words."""
    cover = {"title": pack.title, "kicker": "", "lead": "", "clinic": _clinic(pack)}
    return _document(sheets, _shortest_to(pack), cover, form, several=True)


def of_list(made: ReadingList, sheets: list[Sheet], form: Form) -> dict[str, Any]:
    """The handout of a list that anybody made: nobody is named, and no words are added to it."""
    lead = _("Somebody who cares for you chose these pages. Read a little, rest, and come back.")
    cover = {"title": _("Your reading list"), "kicker": "", "lead": lead, "clinic": None}
    return _document(sheets, made.get_absolute_url(), cover, form, several=True)


def _document(sheets: list[Sheet], path: str, cover: dict, form: Form, several: bool) -> dict:
    words = _words(sheets)
    trees = [sheet.blocks for sheet in sheets] + [words]
    page = Prose(markdown_in(trees))
    records = [sheet.record for sheet in sheets if sheet.record]
    parts = [_part(sheet, page, several) for sheet in sheets]
    told = written(words, Writer(page, 1))
    document = {
        **form.data(),
        **cover,
        **_place(path),
        "language": (get_language() or settings.LANGUAGE_CODE)[:2],
        "country": settings.CRISIS_COUNTRY,
        "several": several,
        "dates": "" if several else checked(records[0]),
        "written": _day_of(records),
        "sheets": parts,
        "words": told,
        "review": [_review(sheet) for sheet in sheets if sheet.record],
        "sources": [_source(source) for source in page.sources],
        "help": _help(),
        "help_first": names_suicide(_spoken([cover, parts, told])),
        "labels": _labels(),
        "badges": _badges(),
        "icons": _icons(),
    }
    return _readable(document)


def _part(sheet: Sheet, page: Prose, several: bool) -> dict[str, Any]:
    writer = Writer(page, 2 if sheet.headed else 1)
    return {
        "title": sheet.title if several else "",
        "lead": sheet.lead if several else "",
        "note": lines(sheet.note),
        "blocks": written(sheet.blocks, writer),
    }


def _words(sheets: list[Sheet]) -> list[Any]:
    """What the glossary says of the terms in these sheets, in alphabetical order."""
    texts = markdown_in([sheet.blocks for sheet in sheets])
    named = {r.slug for text in texts for r in prose.references(text) if r.kind == "term"}
    terms = GlossaryTerm.objects.published().named(named)
    known = sorted(terms, key=lambda term: term.term.lower())
    return [facts((term.term, [Text(term.meaning)]) for term in known)] if known else []


def _shortest_to(record: Any) -> str:
    """The path that leads to a record: of its short link, where it has one."""
    return (ShortLink.objects.leading_to(record) or record).get_absolute_url()


def _place(path: str) -> dict[str, str]:
    """Where the page lives: its address, as people type it and as a QR code."""
    address = absolute(path)
    shown = address.partition("://")[2].rstrip("/")
    code = segno.make(address, error="m", micro=False)
    svg = code.svg_inline(border=4, dark=drawings.INK["ink"], light="#ffffff", omitsize=True)
    # The viewer of a screen reader says this; everybody else sees the address beneath.
    alt = _("QR code of the page: %(address)s") % {"address": shown}
    svg = svg.replace("<svg ", f'<svg xmlns="{drawings.SVG}" ', 1)
    return {"address": address, "shown": breakable(shown), "qr": svg, "qr_alt": alt}


def breakable(address: str) -> str:
    """An address whose long words may be broken: those of a list go on over several lines."""
    return _LONG_WORD.sub(lambda word: ZERO_WIDTH_SPACE.join(in_address(word[0])), address)


def _clinic(pack: Pack) -> dict[str, Any]:
    """What the clinic says of itself; never what a request says."""
    clinic = pack.clinic
    names = {"clinic": clinic.name, "phone": clinic.phone}
    words = (
        ("", pack.words),
        (_("When we answer the phone"), clinic.hours),
        (_("When nobody answers"), clinic.out_of_hours),
        (_("In an emergency"), clinic.emergency),
    )
    chose = _(
        "%(clinic)s chose these pages. They are written and checked by %(site)s; "
        "a clinic cannot change them."
    ) % {"clinic": clinic.name, "site": settings.SITE_NAME}
    return {
        "name": clinic.name,
        "said": _("In the words of %(clinic)s") % names,
        "chose": chose,
        "phone": clinic.phone,
        "tel": clinic.phone_address,
        "call": _("Call %(clinic)s: %(phone)s") % names if clinic.phone else "",
        "words": [{"label": label, "lines": lines(text)} for label, text in words if text],
    }


def _day_of(records: list[Publishable]) -> list[int]:
    """Year, month and day of the last change: the date of the file, the same in every copy."""
    last = max((record.changed_on for record in records), default=crisis.CHECKED_ON)
    return [last.year, last.month, last.day]


def day(date) -> str:
    return date_format(date, "j F Y")


def checked(record: Publishable) -> str:
    """When a page was written and its sources checked, and which clinician reviewed it."""
    said = [_("Written %(date)s.") % {"date": day(record.written_on)}]
    if record.updated_on:
        said.append(_("Updated %(date)s.") % {"date": day(record.updated_on)})
    if record.evidence_checked_on:
        said.append(_("Sources checked %(date)s.") % {"date": day(record.evidence_checked_on)})
    if record.signature:
        reviewed = {"who": record.signature, "date": day(record.reviewed_at)}
        said.append(_("Reviewed by %(who)s, on %(date)s.") % reviewed)
    else:
        said.append(_("No clinician has reviewed this page yet."))
    return " ".join(said)


def _review(sheet: Sheet) -> dict[str, str]:
    record, due = sheet.record, ""
    if record.is_overdue:
        due = _(
            "This page was due for a check in %(due)s. Some of it may be out of date. "
            "Ask your clinic."
        ) % {"due": date_format(record.review_due, "F Y")}
    elif record.review_due:
        due = _("Next check by %(due)s.") % {"due": date_format(record.review_due, "F Y")}
    return {"title": sheet.title, "dates": checked(record), "due": due}


def _source(source: Source) -> dict[str, str]:
    """A source as the pages list it, with the address where it can be read."""
    year = str(source.year or "")
    where = ", ".join(filter(None, [source.publisher if source.authors else "", year]))
    link = source.link or absolute(source.get_absolute_url())
    return {
        "author": f"{source.first_author}. " if source.first_author else "",
        "title": source.title.rstrip("."),
        "where": f"{where}." if where else "",
        "link": link,
        "shown": link.partition("://")[2].rstrip("/"),
    }


def _help() -> dict[str, Any]:
    lines = crisis.COUNTRIES[settings.CRISIS_COUNTRY].lines
    return {
        "lines": [{"do": line.action, "to": line.address, "about": line.about} for line in lines],
        "first": _("Thoughts of suicide, or too much to carry?"),
        "works": _("Help works, and hard feelings can pass."),
        "short": " · ".join(line.action for line in lines[:2]),
        "worth": _("You do not have to be in danger to call. You are worth the call."),
    }


def _labels() -> dict[str, str]:
    """The words of handout.typ itself."""
    about = _(
        "explains ketamine and related medicines. It is general information, not advice for you "
        "alone. Your clinic’s own instructions come first. Do not stop or change a medicine "
        "because of these pages."
    )
    return {
        "site": settings.SITE_NAME,
        "about": f"{settings.SITE_NAME} {about}",
        "page": _("Page %(n)s of %(total)s") % {"n": "{n}", "total": "{total}"},
        "crisis": _("In crisis?"),
        "help": _("Help now"),
        "words": _("Words used here"),
        "checked": _("Who checked this"),
        "sources": _("Sources"),
        "people": _("People in the study"),
        "group": _("Group"),
        "of_100": _("Out of 100"),
        "more": _("More detail"),
        "in_it": _("In this handout"),
    }


def _badges() -> dict[str, dict[str, str]]:
    return {
        "people": {"label": _("Seen in people"), "svg": _icon("i-people")},
        "animals": {"label": _("Seen in animals"), "svg": _icon("i-animal")},
        "cells": {"label": _("Seen in cells"), "svg": _icon("i-cells")},
    }


def _icons() -> dict[str, str]:
    marks = {"call-clinic": "i-phone", "emergency": "i-alert", "help": "i-help", "leaf": "i-leaf"}
    return {name: _icon(of) for name, of in marks.items()} | {
        "mark": drawings.symbol("icons", "mark", "0 0 32 32")
    }


def _icon(name: str) -> str:
    return drawings.symbol("icons", name, ICON)


def _spoken(tree: Any) -> str:
    """All words in a tree of data."""
    match tree:
        case str():
            return tree
        case dict():
            return " ".join(_spoken(part) for name, part in tree.items() if name != "svg")
        case list():
            return " ".join(map(_spoken, tree))
    return ""


def _readable(tree: Any) -> Any:
    """The same tree without characters that are not for reading."""
    match tree:
        case str():
            return _CONTROLS.sub(" ", tree)
        case dict():
            return {name: _readable(part) for name, part in tree.items()}
        case list():
            return [_readable(part) for part in tree]
    return tree
