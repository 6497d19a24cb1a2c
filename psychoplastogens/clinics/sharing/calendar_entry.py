"""An entry for a patient's calendar with the link of a list (iCalendar, RFC 5545).

It holds the day and the list, and nobody's name. A time is "floating" (RFC 5545, 3.3.5): it means
the clock on the wall where the phone is.
"""

from __future__ import annotations

import re
import uuid
from datetime import UTC, date, datetime, time
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from psychoplastogens.clinics.sharing.kit import ShareKit
from psychoplastogens.delivery.characters import replace_control_characters

MAX_LINE_BYTES = 75
"""Of a content line, without its line end (RFC 5545, 3.1)."""
_ESCAPED = re.compile(r"([\\;,])")


def build_calendar_entry(kit: ShareKit, day: date, at: time | None = None) -> str:
    """A calendar with one visit, of the whole `day` where no time is known.

    Lines end in CRLF and have at most 75 bytes of UTF-8. Each entry has a UID of its own.
    """
    host = urlsplit(settings.SITE_ORIGIN).hostname
    now = datetime.now(UTC)
    title = _("Visit") if kit.discreet or not kit.clinic else _("Visit: %s") % kit.clinic
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{escape_text(settings.SITE_NAME)}//Reading lists//EN",
        "BEGIN:VEVENT",
        f"UID:{uuid.uuid4()}@{host}",
        f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
        *describe_time(day, at),
        f"SUMMARY:{escape_text(title)}",
        f"DESCRIPTION:{escape_text(kit.calendar_text)}",
        f"URL:{kit.address}",
        "CLASS:PRIVATE",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:-P1D",
        f"DESCRIPTION:{escape_text(_('Something to read before your visit'))}",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(fold_line(line) + "\r\n" for line in lines)


def describe_time(day: date, at: time | None) -> list[str]:
    """When it is. A whole day leaves the patient free; how long a visit takes nobody knows."""
    if at is None:
        return [f"DTSTART;VALUE=DATE:{day:%Y%m%d}", "TRANSP:TRANSPARENT"]
    return [f"DTSTART:{datetime.combine(day, at):%Y%m%dT%H%M%S}", "DURATION:PT1H"]


def escape_text(text: str) -> str:
    """`text` as the value of a property (RFC 5545, 3.3.11)."""
    lines = (replace_control_characters(line) for line in text.strip().split("\n"))
    return r"\n".join(_ESCAPED.sub(r"\\\1", line) for line in lines)


def fold_line(line: str) -> str:
    """A content line in pieces of at most 75 bytes; no letter is torn (RFC 5545, 3.1)."""
    pieces, size = [""], 0
    for letter in line:
        length = len(letter.encode())
        if size + length > MAX_LINE_BYTES:
            pieces.append(" ")
            size = 1
        pieces[-1] += letter
        size += length
    return "\r\n".join(pieces)
