"""Small pieces of HTML that stand dozens of times on a page, without a template each.

What is cached depends on nothing but the arguments, and lines of sources on their very object.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import NamedTuple

from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from psychoplastogens.content.models import Standing
from psychoplastogens.editorial.version_cache import cache_for_version
from psychoplastogens.evidence.models import Finding, Source, Subject

ARIA_HIDDEN = SafeString('aria-hidden="true"')
STANDING_ICONS = {
    Standing.APPROVED: "st-ok",
    Standing.OFF_LABEL: "st-off",
    Standing.TRIALS: "st-trial",
    Standing.STOPPED: "st-stop",
    Standing.LAB: "st-lab",
}


def get_icon_sheet() -> str:
    """The address of static/icons.svg, without the search for the app of `static()`."""
    return staticfiles_storage.url("icons.svg")


def render_icon(name: str, label: str = "", css_class: str = "i") -> SafeString:
    """An icon of static/icons.svg; screen readers get `label`, or nothing."""
    return _build_icon(get_icon_sheet(), name, label, css_class)


@lru_cache(maxsize=256)
def _build_icon(sheet: str, name: str, label: str, css_class: str) -> SafeString:
    spoken = format_html('role="img" aria-label="{}"', label) if label else ARIA_HIDDEN
    icon = '<svg class="{}" width="20" height="20" {}><use href="{}#{}"/></svg>'
    return format_html(icon, css_class, spoken, sheet, name)


@lru_cache(maxsize=64)
def render_badge(sheet: str, seen: str, is_bare: bool, language: str) -> SafeString:
    """What was studied, a Subject, as icon and words in the active language; '' for none.

    A bare one shows its icon only; screen readers still get the words. `sheet` is the address of
    the icons.
    """
    if seen == Subject.PEOPLE:
        css_class, icon, words = "ev", "i-people", gettext("Seen in people")
    elif seen == Subject.ANIMALS:
        css_class, icon, words = "ev animal", "i-animal", gettext("Seen in animals")
    elif seen == Subject.CELLS:
        css_class, icon, words = "ev cell", "i-cells", gettext("Seen in cells")
    else:
        return SafeString("")
    bare = " bare" if is_bare else ""
    badge = '<span class="{}{}">{}<span>{}</span></span>'
    return format_html(badge, css_class, bare, _build_icon(sheet, icon, "", "i"), words)


def render_icon_array(count: int) -> SafeString:
    """`count` of 100 people, filled in, in rows of ten."""
    return _build_icon_array(get_icon_sheet(), count, get_language())


@lru_cache(maxsize=256)
def _build_icon_array(sheet: str, count: int, language: str) -> SafeString:
    """Each figure is 11 wide and 15 high, as in the symbol p100 of static/icons.svg."""
    rows, rest = divmod(count, 10)
    label = gettext("%(count)s of 100 figures are filled in") % {"count": count}
    use = '<use class="{}" href="{}#p100" {}width="110" height="150"/>'
    filled = SafeString("")
    if rows:
        row = '\n<svg width="110" height="{}">{}</svg>'
        filled += format_html(row, rows * 15, format_html(use, "f", sheet, ""))
    if rest:
        up = format_html('y="{}" ', -rows * 15)
        row = '\n<svg y="{}" width="{}" height="15">{}</svg>'
        filled += format_html(row, rows * 15, rest * 11, format_html(use, "f", sheet, up))
    array = '<svg viewBox="0 -1 110 151" role="img" aria-label="{}">{}{}</svg>'
    return format_html(array, label, format_html(use, "o", sheet, ""), filled)


def count_of_100(count: int) -> str:
    """The words under an icon array: 37 of 100."""
    return _count_of_100(count, get_language())


@lru_cache(maxsize=256)
def _count_of_100(count: int, language: str) -> str:
    return gettext("%(count)s of 100") % {"count": count}


class Picture(NamedTuple):
    """What a figure of 100 people in each group tells of a Finding."""

    kind: str
    name: str
    when: str
    arms: tuple[tuple, ...]
    both_groups: str
    certainty: str
    certainty_reason: str

    @property
    def confidence(self) -> str:
        return str(dict(Finding.Certainty.choices).get(self.certainty, self.certainty))


def render_picture(finding: Finding, citation: SafeString, is_drawn: bool = True) -> SafeString:
    """A figure of 100 people in each group; without their drawing where not `is_drawn`."""
    picture = Picture(*(getattr(finding, name) for name in Picture._fields))
    return _build_picture(picture, citation, is_drawn, get_icon_sheet(), get_language())


@lru_cache(maxsize=512)
def _build_picture(
    picture: Picture, citation: SafeString, is_drawn: bool, sheet: str, language: str
) -> SafeString:
    shown = {"picture": picture, "citation": citation, "is_drawn": is_drawn}
    return SafeString(render_to_string("content/_picture_of_100.html", shown))


@lru_cache(maxsize=4_096)
def render_source_number(number: int, listed_on: str, language: str) -> SafeString:
    """The number of a source, with a link to its line on the page `listed_on`, '' for this one."""
    label = gettext("Source %(number)s") % {"number": number}
    link = '<a href="{}#s{}" aria-label="{}">{}</a>'
    return format_html(link, listed_on, number, label, number)


def render_source(source: Source, short: bool = False) -> SafeString:
    """A line of a list of sources: who, title with link, where and when it was published.

    `short` leaves who and when, with the link.
    """
    address = escape(source.get_absolute_url())
    if short:
        line = f'<a href="{address}">{escape(source.short)}</a>'
    else:
        line = f'<a href="{address}">{escape(source.title)}</a>.{_get_imprint(source)}'
        if source.first_author:
            line = f"{escape(source.first_author)}.\n{line}"
    if source.is_retracted:
        retracted = gettext("Retracted.")
        line += f"\n<b>{escape(retracted)}</b>"
    return SafeString(line)


def render_source_items(sources: Iterable[Source], short: bool = False) -> SafeString:
    """The items of a numbered list of sources, to which the numbers in the text lead."""
    lines = _get_source_lines(bool(short), get_script_prefix())
    items = []
    for number, source in enumerate(sources, start=1):
        kept = lines.get(source.slug)
        if not kept or kept[0] is not source:
            kept = lines[source.slug] = (source, render_source(source, short))
        items.append(f'<li id="s{number}">{kept[1]}</li>')
    return SafeString("\n".join(items))


@cache_for_version(maxsize=8)
def _get_source_lines(short: bool, script_prefix: str) -> dict[str, tuple[Source, SafeString]]:
    """{slug: a source and its line}, for those that pages of this version list.

    A line is that of one object, never of another one with the same key: a page that was begun
    before a publication may show the source as it was.
    """
    return {}


def _get_imprint(source: Source) -> str:
    """Publisher and year as they follow the title of a source; without authors, the year."""
    year = f"\n{source.year}." if source.year else ""
    if not source.authors:
        return year
    return f"\n{escape(source.publisher)}{',' if year else '.'}{year}"
