"""What may be framed: a section of a guide, a walkthrough, a step of it, under its own title."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve, reverse

from psychoplastogens.clinics import drawings
from psychoplastogens.content.models import Explainer, Section
from psychoplastogens.delivery.addresses import Moved
from psychoplastogens.editorial.doors import find, find_part
from psychoplastogens.walkthrough.models import Step, Walkthrough
from psychoplastogens.walkthrough.way import Way

_LINK = re.compile(r"<a ([^<>]*)>")
_LEADS_OUTSIDE = re.compile(r'href="(?!#|/embed/|tel:|sms:|mailto:)')
_HTMX = re.compile(r'\s(?:hx-[a-z-]+|data-[a-z-]+)="[^"]*"')
WIDTH, HEIGHT = 640, 720


@dataclass(frozen=True)
class Frame:
    """A page to be framed: its record, the part that is shown, and where the frame is.

    `width` and `height` are in CSS pixels: what suits most pages.
    """

    record: Explainer | Walkthrough
    page: Section | Step | Walkthrough
    address: str
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def title(self) -> str:
        return str(self.page)


def of_section(slug: str, section: str) -> Frame:
    """Raises Moved, Gone and Http404, as the page itself does; so do the two below."""
    explainer = find(Explainer.objects.with_sections(), slug)
    part = find_part(list(explainer.sections.all()), section)
    address = reverse("clinics:section_frame", args=[explainer.slug, part.slug])
    return Frame(explainer, part, address)


def of_walkthrough(slug: str) -> Frame:
    walkthrough = find(Walkthrough.objects.with_steps(), slug)
    address = reverse("clinics:walkthrough_frame", args=[walkthrough.slug])
    return Frame(walkthrough, walkthrough, address)


def of_step(slug: str, step: str) -> Frame:
    """`step` may be the number of a step, as in the address of its page."""
    walkthrough = find(Walkthrough.objects.with_steps(), slug)
    way = Way(walkthrough.steps.all())
    part = way.numbered(step) or find_part(way.steps, step, "step")
    address = reverse("clinics:step_frame", args=[walkthrough.slug, part.slug])
    return Frame(walkthrough, part, address, height=HEIGHT + 200)


FRAMED: dict[str, Callable[..., Frame]] = {
    "content:section_detail": of_section,
    "walkthrough:walkthrough_detail": of_walkthrough,
    "walkthrough:step_detail": of_step,
}


def of_address(address: str) -> Frame | None:
    """The frame of the page at `address`; None where that is no such page of this site.

    Follows renamed pages. Raises Gone and Http404, as the page does.
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
    make = FRAMED.get(found.view_name)
    return _following(make, found.kwargs) if make else None


def _following(make: Callable[..., Frame], names: dict[str, Any]) -> Frame:
    """A record and its part may both have been renamed."""
    for _ in range(2):
        try:
            return make(**names)
        except Moved as moved:
            names = names | moved.renamed
    return make(**names)


def standing_alone(html: str) -> str:
    """A frame's page for any site: it carries its drawings, and its links open outside of it.

    In a sandbox the page belongs to no origin, and the browser refuses it our sprites.
    """
    html, symbols = drawings.carried_along(_HTMX.sub("", html))
    html = _LINK.sub(_opening_outside, html)
    carried = f'<svg class="vh" width="0" height="0" aria-hidden="true">{symbols}</svg>'
    return html.replace("</main>", f"</main>\n{carried}", 1)


def _opening_outside(link: re.Match[str]) -> str:
    if not _LEADS_OUTSIDE.search(link[1]):
        return link[0]
    return f'<a {link[1]} target="_blank" rel="noopener">'
