"""A sheet of sticky labels with the code of one address, as plain data for labels.typ."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from psychoplastogens.delivery.characters import replace_unprintable_characters
from psychoplastogens.delivery.crisis_lines import NUMBERS_CHECKED_ON
from psychoplastogens.handouts.document import TYPST_PAPER_NAMES, add_break_opportunities
from psychoplastogens.handouts.paper_sizes import get_paper_size
from psychoplastogens.short_links import qr_codes

MAX_ADDRESS_LENGTH = 48
"""Letters of an address, without its scheme, that stand readable beside the code."""


def fits_on_label(address: str) -> bool:
    """Whether an absolute address is short enough to be typed from a label."""
    return len(address.partition("://")[2].rstrip("/")) <= MAX_ADDRESS_LENGTH


def build_label_document(title: str, address: str, qr_address: str, paper: str) -> dict[str, Any]:
    """The labels of `address`, which `qr_address` opens too, on "letter" (30) or "a4" (24)."""
    shown = address.partition("://")[2].rstrip("/")
    written = NUMBERS_CHECKED_ON
    return {
        "form": "labels",
        "paper": TYPST_PAPER_NAMES[get_paper_size(paper)],
        "title": replace_unprintable_characters(title),
        "lead": _("Labels with a QR code"),
        "say": _("Point your phone’s camera here, or type:"),
        "site": settings.SITE_NAME,
        "shown": add_break_opportunities(shown),
        "address": address,
        "qr": str(qr_codes.render_svg(qr_address, printed=False)),
        "qr_alt": _("QR code of the page: %(address)s") % {"address": shown},
        "language": (get_language() or settings.LANGUAGE_CODE)[:2],
        "country": settings.CRISIS_COUNTRY,
        "written": [written.year, written.month, written.day],
    }
