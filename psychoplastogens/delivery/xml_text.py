"""Text for XML 1.0, which does not allow every character (section 2.2, Char)."""

import re

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def replace_invalid_xml_characters(text: str) -> str:
    """`text` with a space for each character that XML does not allow; nothing is escaped."""
    return _NOT_IN_XML.sub(" ", text)
