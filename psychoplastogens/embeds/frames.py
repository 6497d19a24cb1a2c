"""A page in a frame on another site, under its own title."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

from psychoplastogens.delivery.exceptions import PageMoved
from psychoplastogens.editorial.models import Page, get_page_models
from psychoplastogens.editorial.shortcuts import get_published_page
from psychoplastogens.handouts import inline_svg

_LINK = re.compile(r"<a ([^<>]*)>")
_LEADS_OUTSIDE = re.compile(r'href="(?!#|/embed/|tel:|sms:|mailto:)')
_SCRIPT_ATTRIBUTES = re.compile(r'\s(?:hx-[a-z-]+|data-[a-z-]+)="[^"]*"')
DEFAULT_WIDTH = 640
FRAME_PREFIX = "/embed"
"""What stands before the address of a page in that of its frame."""


@dataclass(frozen=True)
class Frame:
    """A page to be framed. `width` and `height` are in CSS pixels: what suits most pages."""

    page: Page
    width: int = DEFAULT_WIDTH

    @property
    def height(self) -> int:
        return self.page.frame_height

    @property
    def address(self) -> str:
        return FRAME_PREFIX + self.page.get_absolute_url()

    @property
    def title(self) -> str:
        return str(self.page)


def get_frameable_models() -> list[type[Page]]:
    """The models whose pages may be framed."""
    return [model for model in get_page_models() if model.frame_template]


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
    models = {model.url_name: model for model in get_frameable_models()}
    model = models.get(found.view_name)
    return Frame(_load_following_redirects(model, found.kwargs)) if model else None


def _load_following_redirects(model: type[Page], names: dict[str, Any]) -> Page:
    """A record and its part may both have been renamed."""
    for _ in range(2):
        try:
            return get_published_page(model, **names)
        except PageMoved as moved:
            names = names | moved.new_url_kwargs
    return get_published_page(model, **names)


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
