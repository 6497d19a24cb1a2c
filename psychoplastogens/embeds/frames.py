"""What may be framed: a section of a guide, a walkthrough, a step of it, under its own title."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve, reverse

from psychoplastogens.content.models import Explainer, Section
from psychoplastogens.delivery.exceptions import PageMoved
from psychoplastogens.editorial.shortcuts import get_part_or_404, get_published_or_gone
from psychoplastogens.handouts import inline_svg
from psychoplastogens.walkthrough.models import Step, Walkthrough
from psychoplastogens.walkthrough.navigation import StepSequence

_LINK = re.compile(r"<a ([^<>]*)>")
_LEADS_OUTSIDE = re.compile(r'href="(?!#|/embed/|tel:|sms:|mailto:)')
_SCRIPT_ATTRIBUTES = re.compile(r'\s(?:hx-[a-z-]+|data-[a-z-]+)="[^"]*"')
DEFAULT_WIDTH, DEFAULT_HEIGHT = 640, 720


@dataclass(frozen=True)
class Frame:
    """A page to be framed: its record, the part that is shown, and where the frame is.

    `width` and `height` are in CSS pixels: what suits most pages.
    """

    record: Explainer | Walkthrough
    page: Section | Step | Walkthrough
    address: str
    width: int = DEFAULT_WIDTH
    height: int = DEFAULT_HEIGHT

    @property
    def title(self) -> str:
        return str(self.page)


def get_section_frame(slug: str, section: str) -> Frame:
    """Raises PageMoved, PageGone and Http404, as the page itself does; so do the two below."""
    explainer = get_published_or_gone(Explainer.objects.with_sections(), slug)
    part = get_part_or_404(list(explainer.sections.all()), section)
    address = reverse("embeds:section_frame", args=[explainer.slug, part.slug])
    return Frame(explainer, part, address)


def get_walkthrough_frame(slug: str) -> Frame:
    walkthrough = get_published_or_gone(Walkthrough.objects.with_steps(), slug)
    address = reverse("embeds:walkthrough_frame", args=[walkthrough.slug])
    return Frame(walkthrough, walkthrough, address)


def get_step_frame(slug: str, step: str) -> Frame:
    """`step` may be the number of a step, as in the address of its page."""
    walkthrough = get_published_or_gone(Walkthrough.objects.with_steps(), slug)
    way = StepSequence(walkthrough.steps.all())
    part = way.get_step_by_number(step) or get_part_or_404(way.steps, step, "step")
    address = reverse("embeds:step_frame", args=[walkthrough.slug, part.slug])
    return Frame(walkthrough, part, address, height=DEFAULT_HEIGHT + 200)


FRAME_LOADERS: dict[str, Callable[..., Frame]] = {
    "content:section_detail": get_section_frame,
    "walkthrough:walkthrough_detail": get_walkthrough_frame,
    "walkthrough:step_detail": get_step_frame,
}


def find_frame_by_url(address: str) -> Frame | None:
    """The frame of the page at `address`; None where that is no such page of this site.

    Follows renamed pages. Raises PageGone and Http404, as the page does.
    """
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    ours = urlsplit(settings.SITE_ORIGIN)
    if parts.scheme not in ("http", "https") or parts.netloc.lower() != ours.netloc.lower():
        return None
    try:
        found = resolve(unquote(parts.path).rstrip("/") + "/")
    except Resolver404:
        return None
    make = FRAME_LOADERS.get(found.view_name)
    return _load_following_redirects(make, found.kwargs) if make else None


def _load_following_redirects(make: Callable[..., Frame], names: dict[str, Any]) -> Frame:
    """A record and its part may both have been renamed."""
    for _ in range(2):
        try:
            return make(**names)
        except PageMoved as moved:
            names = names | moved.new_url_kwargs
    return make(**names)


def make_self_contained(html: str) -> str:
    """A frame's page for any site: it carries its drawings, and its links open outside of it.

    In a sandbox the page belongs to no origin, and the browser refuses it our sprites.
    """
    html, symbols = inline_svg.inline_symbols(_SCRIPT_ATTRIBUTES.sub("", html))
    html = _LINK.sub(_open_in_new_tab, html)
    carried = f'<svg class="vh" width="0" height="0" aria-hidden="true">{symbols}</svg>'
    return html.replace("</main>", f"</main>\n{carried}", 1)


def _open_in_new_tab(link: re.Match[str]) -> str:
    if not _LEADS_OUTSIDE.search(link[1]):
        return link[0]
    return f'<a {link[1]} target="_blank" rel="noopener">'
