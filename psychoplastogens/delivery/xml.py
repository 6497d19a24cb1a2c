"""Text for XML 1.0, which cannot hold every character (section 2.2, Char)."""

import re

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def in_xml(text: str) -> str:
    """`text` with a space for each character that XML cannot hold; nothing is escaped."""
    return _NOT_IN_XML.sub(" ", text)
