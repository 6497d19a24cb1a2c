"""oEmbed 1.0: what a site is told that wants to show one of our pages."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from django.conf import settings
from django.utils.html import format_html

from psychoplastogens.content.schema_org import build_absolute_url
from psychoplastogens.delivery.characters import replace_invalid_xml_characters
from psychoplastogens.embeds.frames import Frame
from psychoplastogens.walkthrough.models import Walkthrough

CACHE_SECONDS = 24 * 3600
"""Seconds for which a site may keep an answer; the page in the frame is always today's."""


class InvalidSizeError(ValueError):
    """A size that is not a whole number of pixels, 1 or more."""


def parse_max_pixels(asked: str, usual: int, name: str) -> int:
    """`usual`, or fewer pixels where fewer are `asked` for."""
    if not asked:
        return usual
    pixels = int(asked[:9]) if asked.isascii() and asked.isdigit() else 0
    if not pixels:
        raise InvalidSizeError(f"{name} must be a whole number of pixels, 1 or more.")
    return min(usual, pixels)


def build_oembed_data(frame: Frame, width: int, height: int) -> dict[str, Any]:
    """Section 2.3.4.4 of the specification: an answer of the type “rich”."""
    # No scripts, no origin, no forms: links may open a page of ours, and nothing else.
    html = format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" frameborder="0" '
        'referrerpolicy="no-referrer" '
        'sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>',
        build_absolute_url(frame.address),
        frame.title,
        width,
        height,
    )
    return {
        "version": "1.0",
        "type": "rich",
        "title": frame.title,
        "provider_name": settings.SITE_NAME,
        "provider_url": build_absolute_url("/"),
        "cache_age": CACHE_SECONDS,
        "html": str(html),
        "width": width,
        "height": height,
    }


def build_example_data() -> dict[str, Any] | None:
    """An answer to show to clinics, of the first walkthrough; None where none is published."""
    walkthrough = Walkthrough.objects.published().first()
    if not walkthrough:
        return None
    frame = Frame(walkthrough)
    return build_oembed_data(frame, frame.width, frame.height)


def to_xml(found: dict[str, Any]) -> bytes:
    root = ElementTree.Element("oembed")
    for name, value in found.items():
        ElementTree.SubElement(root, name).text = replace_invalid_xml_characters(str(value))
    head = b'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n'
    return head + ElementTree.tostring(root, encoding="utf-8")
