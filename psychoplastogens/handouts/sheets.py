"""Sheets of handouts that are no page's own."""

from __future__ import annotations

from django.utils.translation import gettext as _

from psychoplastogens.content.rendering.handout_sheet import Sheet, build_text_block

BLANK_LINES = 14
"""Lines to write on."""


def build_question_list_sheet(path: str) -> Sheet:
    """Room for a reader's own questions; `path` is the page that collects them."""
    blocks = [
        build_text_block(_("Write down what you want to ask.")),
        {"kind": "room", "lines": BLANK_LINES},
    ]
    return Sheet(None, None, _("My questions for the visit"), path=path, blocks=blocks)
