"""Characters that a text should not hold, in one place: each set has its use and its reason."""

from __future__ import annotations

import re
import unicodedata

_SURROGATES, _NONCHARACTERS = "\ud800-\udfff", "\ufffe\uffff"
_C1_CONTROLS, _BYTE_ORDER_MARK = "\x7f-\x9f", "\ufeff"
_EMBEDDED_DIRECTIONS = "\u202a-\u202e"

_NOT_IN_XML = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f{_NONCHARACTERS}]")
_CONTROLS = re.compile(f"[\x00-\x1f{_C1_CONTROLS}\u2028\u2029{_SURROGATES}{_NONCHARACTERS}]")
_NOT_ON_PAPER = re.compile(
    f"[\x00-\x08\x0b-\x1f{_C1_CONTROLS}\u200e\u200f{_EMBEDDED_DIRECTIONS}\u2066-\u2069"
    f"{_BYTE_ORDER_MARK}]"
)
_WITHOUT_WIDTH = re.compile(
    f"[\u00ad\u034f\u061c\u200b-\u200f{_EMBEDDED_DIRECTIONS}\u2060-\u206f{_BYTE_ORDER_MARK}]"
)
# NUL, which databases reject; surrogates; and the replacement character for broken bytes.
_LOST = re.compile(f"[\x00{_SURROGATES}\ufffd]")
# Cc: controls. Cf: marks that turn the reading direction or cannot be seen. Co, Cs, Cn: no letter.
_INVISIBLE_CATEGORIES = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"  # Several scripts and combined emoji need them.


def replace_invalid_xml_characters(text: str) -> str:
    """`text` with a space for each character that XML 1.0 does not allow (section 2.2, Char).

    Nothing is escaped.
    """
    return _NOT_IN_XML.sub(" ", text)


def replace_control_characters(text: str) -> str:
    """`text` with a space for each character that neither XML nor a reader has a use for."""
    return _CONTROLS.sub(" ", text)


def replace_unprintable_characters(text: str) -> str:
    """`text` with a space for what no printer can draw, or what turns the words around it."""
    return _NOT_ON_PAPER.sub(" ", text)


def remove_invisible_characters(text: str) -> str:
    """`text` without the characters that take no room between the letters."""
    return _WITHOUT_WIDTH.sub("", text)


def find_lost_character(text: str) -> re.Match[str] | None:
    """The first character that cannot be saved, or that stands for one that was lost."""
    return _LOST.search(text)


def is_invisible(letter: str) -> bool:
    """Whether nobody sees this one character of a text of one line."""
    return unicodedata.category(letter) in _INVISIBLE_CATEGORIES and letter not in _JOINERS
