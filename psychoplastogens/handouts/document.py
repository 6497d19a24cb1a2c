"""A whole handout as plain data: its sheets, and what every handout has.

The numbers of the sources run through the whole handout, in reading order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import segno
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from psychoplastogens.content.crisis import mentions_suicide
from psychoplastogens.content.fields import split_lines
from psychoplastogens.content.models import GlossaryTerm
from psychoplastogens.content.rendering import markdown
from psychoplastogens.content.rendering.handout_sheet import (
    MarkdownText,
    Sheet,
    build_fact_table,
)
from psychoplastogens.content.rendering.published_references import PublishedReferences
from psychoplastogens.content.review_sentences import describe_dates, describe_next_check
from psychoplastogens.content.schema_org import build_absolute_url
from psychoplastogens.delivery import crisis_lines
from psychoplastogens.delivery.characters import replace_unprintable_characters
from psychoplastogens.editorial.models import Publishable
from psychoplastogens.evidence.models import Source
from psychoplastogens.handouts import inline_svg, paper_sizes
from psychoplastogens.handouts.typst_data import (
    TypstRenderer,
    iter_markdown,
    render_tree,
)
from psychoplastogens.short_links.models import ShortLink

TYPST_PAPER_NAMES = {"letter": "us-letter", "a4": "a4"}
TEXT_SIZES = ("normal", "large")
FULL, EACH = "full", "each"
"""What `length` asks for beside one sheet of paper: whole pages, or a sheet for each of a list."""
ICON_VIEW_BOX = "0 0 24 24"
ZERO_WIDTH_SPACE = "\u200b"
LETTERS_BETWEEN_BREAKS = 6
_LONG_WORD = re.compile(r"[^/.-]{13,}")
_LETTERS = re.compile(f".{{1,{LETTERS_BETWEEN_BREAKS}}}")


@dataclass(frozen=True)
class HandoutLayout:
    """How long a handout is, and how it is laid out. Anything unknown is what most readers want."""

    paper: str = ""
    size: str = ""
    length: str = ""

    def as_dict(self) -> dict[str, str]:
        paper_name = TYPST_PAPER_NAMES[paper_sizes.get_paper_size(self.paper)]
        return {"paper": paper_name, "size": self.size if self.size in TEXT_SIZES else "normal"}


def build_short_page_document(sheet: Sheet, layout: HandoutLayout) -> dict[str, Any]:
    """One page on one sheet of paper."""
    cover = {"title": sheet.title, "lead": sheet.lead, "clinic": None}
    return build_short_document([sheet], get_shortest_url(sheet.page), cover, layout)


def build_page_document(sheet: Sheet, layout: HandoutLayout) -> dict[str, Any]:
    """The whole text of one page, or of chosen parts of it."""
    cover = {"title": sheet.title, "kicker": sheet.kicker, "lead": sheet.lead, "clinic": None}
    return build_document([sheet], get_shortest_url(sheet.page), cover, layout, several=False)


def build_short_document(
    sheets: list[Sheet], path: str, cover: dict, layout: HandoutLayout
) -> dict[str, Any]:
    """A handout of one sheet of paper for each of `sheets`, which stand alone.

    `path` is the address that the foot of each side names, `cover` what stands on every sheet:
    the title of the file, and the clinic.
    """
    parts = [_build_short_sheet_data(sheet) for sheet in sheets]
    document = {**_build_shared_data("short", sheets, path, cover, layout), "sheets": parts}
    return _replace_control_characters(document)


def build_document(
    sheets: list[Sheet], path: str, cover: dict, layout: HandoutLayout, several: bool
) -> dict[str, Any]:
    """A handout with the whole text of the pages. `path` is where its QR code leads, `cover` what
    stands on top: title, kicker, lead and clinic. One of `several` pages has a title of its own
    for each.
    """
    words = _build_glossary(sheets)
    trees = [sheet.blocks for sheet in sheets] + [words]
    references = PublishedReferences(iter_markdown(trees))
    records = [sheet.record for sheet in sheets if sheet.record]
    parts = [_build_sheet_data(sheet, references, several) for sheet in sheets]
    told = render_tree(words, TypstRenderer(references, 1))
    document = {
        **_build_shared_data("full", sheets, path, cover, layout),
        "several": several,
        "dates": "" if several else describe_dates(records[0]),
        "sheets": parts,
        "words": told,
        "review": [_build_review(s.title, s.record) for s in sheets if s.record],
        "sources": [_build_source(source) for source in references.sources.values()],
        "help_first": mentions_suicide(_collect_text([cover, parts, told])),
    }
    return _replace_control_characters(document)


def _build_shared_data(
    form: str, sheets: list[Sheet], path: str, cover: dict, layout: HandoutLayout
) -> dict[str, Any]:
    """What every handout has, short or full."""
    return {
        "form": form,
        **layout.as_dict(),
        **cover,
        **_build_address_data(path),
        "language": (get_language() or settings.LANGUAGE_CODE)[:2],
        "country": settings.CRISIS_COUNTRY,
        "written": _get_last_change([sheet.record for sheet in sheets if sheet.record]),
        "help": _build_help(),
        "labels": _build_labels(),
        "badges": _build_badges(),
        "icons": _build_icons(),
    }


def _build_short_sheet_data(sheet: Sheet) -> dict[str, Any]:
    """A sheet that stands alone, with its own code, dates and sources."""
    references = PublishedReferences(iter_markdown([sheet.blocks]))
    data = {
        "title": sheet.title,
        "kicker": sheet.kicker,
        "lead": sheet.lead,
        "note": split_lines(sheet.note),
        "blocks": render_tree(sheet.blocks, TypstRenderer(references, 2 if sheet.headed else 1)),
    }
    return {
        **data,
        **_build_address_data(get_shortest_url(sheet.page) if sheet.page else sheet.path),
        "review": _build_review(sheet.title, sheet.record) if sheet.record else None,
        "sources": [_name_source(source) for source in references.sources.values()],
        "help_first": mentions_suicide(_collect_text(data)),
    }


def _name_source(source: Source) -> str:
    """A source in a few words; the page that the code opens has it in full."""
    author = source.first_author or source.publisher or source.title
    return f"{author} {source.year}." if source.year else f"{author}."


def _build_sheet_data(
    sheet: Sheet, references: PublishedReferences, several: bool
) -> dict[str, Any]:
    renderer = TypstRenderer(references, 2 if sheet.headed else 1)
    return {
        "title": sheet.title if several else "",
        "lead": sheet.lead if several else "",
        "note": split_lines(sheet.note),
        "blocks": render_tree(sheet.blocks, renderer),
    }


def _build_glossary(sheets: list[Sheet]) -> list[Any]:
    """What the glossary says of the terms in these sheets, in alphabetical order."""
    texts = iter_markdown([sheet.blocks for sheet in sheets])
    named = {r.slug for text in texts for r in markdown.find_references(text) if r.kind == "term"}
    terms = GlossaryTerm.objects.published().with_slugs(named)
    known = sorted(terms, key=lambda term: term.term.lower())
    return (
        [build_fact_table((term.term, [MarkdownText(term.meaning)]) for term in known)]
        if known
        else []
    )


def get_shortest_url(record: Any) -> str:
    """The path that leads to a record: of its short link, where it has one."""
    return (ShortLink.objects.find_for(record) or record).get_absolute_url()


def _build_address_data(path: str) -> dict[str, str]:
    """Where the page lives: its address, as people type it and as a QR code."""
    address = build_absolute_url(path)
    shown = address.partition("://")[2].rstrip("/")
    code = segno.make(address, error="m", micro=False)
    svg = code.svg_inline(
        border=4, dark=inline_svg.PRINT_COLOURS["ink"], light="#ffffff", omitsize=True
    )
    # The viewer of a screen reader says this; everybody else sees the address beneath.
    alt = _("QR code of the page: %(address)s") % {"address": shown}
    svg = svg.replace("<svg ", f'<svg xmlns="{inline_svg.SVG_NAMESPACE}" ', 1)
    return {"address": address, "shown": add_break_opportunities(shown), "qr": svg, "qr_alt": alt}


def add_break_opportunities(address: str) -> str:
    """An address whose long words may be broken: those of a list go on over several lines."""
    return _LONG_WORD.sub(lambda word: ZERO_WIDTH_SPACE.join(_LETTERS.findall(word[0])), address)


def _get_last_change(records: list[Publishable]) -> list[int]:
    """Year, month and day of the last change: the date of the file, the same in every copy."""
    last = max((record.changed_on for record in records), default=crisis_lines.NUMBERS_CHECKED_ON)
    return [last.year, last.month, last.day]


def _build_review(title: str, record: Publishable) -> dict[str, str]:
    return {
        "title": title,
        "dates": describe_dates(record),
        "due": describe_next_check(record),
    }


def _build_source(source: Source) -> dict[str, str]:
    """A source as the pages list it, with the address where it can be read."""
    year = str(source.year or "")
    where = ", ".join(filter(None, [source.publisher if source.authors else "", year]))
    link = source.link or build_absolute_url(source.get_absolute_url())
    return {
        "author": f"{source.first_author}. " if source.first_author else "",
        "title": source.title.rstrip("."),
        "where": f"{where}." if where else "",
        "link": link,
        "shown": link.partition("://")[2].rstrip("/"),
    }


def _build_help() -> dict[str, Any]:
    lines = crisis_lines.CRISIS_COUNTRIES[settings.CRISIS_COUNTRY].lines
    return {
        "lines": [{"do": line.action, "to": line.address, "about": line.about} for line in lines],
        "first": _("Thinking about suicide, or just can’t cope?"),
        "works": _("Help works, and hard feelings can pass."),
        "short": " · ".join(line.action for line in lines[:2]),
        "worth": _("You do not have to be in danger to call. You are worth the call."),
    }


def _build_labels() -> dict[str, str]:
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
        "clinic_phone": _("My clinic’s phone:"),
        "notes": _("My questions and notes"),
    }


def _build_badges() -> dict[str, dict[str, str]]:
    return {
        "people": {"label": _("Seen in people"), "svg": _render_icon("i-people")},
        "animals": {"label": _("Seen in animals"), "svg": _render_icon("i-animal")},
        "cells": {"label": _("Seen in cells"), "svg": _render_icon("i-cells")},
    }


def _build_icons() -> dict[str, str]:
    marks = {"call-clinic": "i-phone", "emergency": "i-alert", "help": "i-help", "leaf": "i-leaf"}
    return {name: _render_icon(of) for name, of in marks.items()} | {
        "mark": inline_svg.render_symbol("icons", "mark", "0 0 32 32")
    }


def _render_icon(name: str) -> str:
    return inline_svg.render_symbol("icons", name, ICON_VIEW_BOX)


def _collect_text(tree: Any) -> str:
    """All words in a tree of data."""
    match tree:
        case str():
            return tree
        case dict():
            return " ".join(_collect_text(part) for name, part in tree.items() if name != "svg")
        case list():
            return " ".join(map(_collect_text, tree))
    return ""


def _replace_control_characters(tree: Any) -> Any:
    """The same tree without characters that are not for reading."""
    match tree:
        case str():
            return replace_unprintable_characters(tree)
        case dict():
            return {name: _replace_control_characters(part) for name, part in tree.items()}
        case list():
            return [_replace_control_characters(part) for part in tree]
    return tree
