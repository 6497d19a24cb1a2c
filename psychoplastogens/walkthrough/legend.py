"""The legend of a scene: each thing has one name and one symbol in all scenes."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MEANINGS = {
    "glu": (_("Glutamate"), _("a “go” messenger")),
    "ket": (_("Ketamine"), _("the medicine")),
    "nmda": (_("NMDA receptor"), _("a gate; ketamine blocks it")),
    "ampa": (_("AMPA receptor"), _("a gate that opens for glutamate")),
    "bdnf": (_("BDNF"), _("a growth messenger")),
    "trkb": (_("TrkB"), _("where BDNF docks")),
    "mtor": (_("mTOR"), _("helps start the building of proteins")),
    "maker": (_("Protein maker"), _("also called a ribosome")),
    "protein": (_("Protein"), _("what a cell builds with")),
    "ves": (_("Bubble of glutamate"), _("stored, ready to send")),
    "ion": (_("Charge"), _("flows in through an open gate")),
    "sp-mush": (_("Spine"), _("where two cells meet")),
    "sp-thin": (_("Young spine"), _("newly formed")),
    "sp-kept": (_("Kept spine"), _("a new spine that stayed")),
    "sp-ghost": (_("Lost spine"), _("a dotted outline")),
    "sp-stub": (_("Stub"), _("a spine about to form")),
    "locator": (_("Small circle"), _("where you are in the cell")),
}
# Parts of scenes that can be shown alone, beside those that are named as their symbol is.
PARTS = MEANINGS | {
    "brake": (_("Brake cell"), _("its signal keeps the main cell from firing too much")),
    "main": (_("Main cell"), _("passes the “go” signal on")),
    "sender": (_("Sending cell"), _("lets glutamate out into the gap")),
    "membrane": (_("Membrane"), _("the wall of a cell")),
    "signal": (_("Signal to grow"), _("goes from TrkB into the cell")),
    "spine": MEANINGS["sp-mush"],
    "thin": MEANINGS["sp-thin"],
    "kept": MEANINGS["sp-kept"],
    "ghost": MEANINGS["sp-ghost"],
}
# Other symbols of the same thing.
SYMBOL_ALIASES = {"ampa-o": "ampa", "nmda-big": "nmda", "ket-big": "ket"}
_SYMBOL = re.compile(r'href="[^"#]*scenes[^"#]*\.svg#([\w-]+)"')


def get_legend(scene: str) -> list[tuple[str, str | Promise, str | Promise]]:
    """(symbol, name, meaning) of each thing in the SVG of a scene, in the order of MEANINGS."""
    used = {SYMBOL_ALIASES.get(symbol, symbol) for symbol in _SYMBOL.findall(scene)}
    return [(thing, *words) for thing, words in MEANINGS.items() if thing in used]
