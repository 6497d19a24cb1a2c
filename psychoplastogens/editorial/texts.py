"""What holds for every text that people type or paste: how long it may be, and of what it is made.

A browser ends lines with CR LF, a file with LF: kept as they come, each line of a text that
somebody only opened and saved would count as changed.
"""

from __future__ import annotations

import re

LONGEST = 60_000
"""Characters of one text. The longest section of the starter content has 3,000."""

# NUL, which databases refuse; halves of characters; and what stands where bytes were no text.
_UNREADABLE = re.compile("[\x00\ud800-\udfff\ufffd]")


def tidied(text: str) -> str:
    """`text` with its lines ended by LF alone."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def wrong_with(text: str) -> str:
    """Why `text` cannot be kept, in words for an editor; '' where it can."""
    if len(text) > LONGEST:
        return f"The text has {len(text)} characters; {LONGEST} is the most."
    if found := _UNREADABLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        return f"Line {line}: a character is lost (U+{ord(found[0]):04X}). Type it again."
    return ""
