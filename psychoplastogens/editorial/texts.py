"""What holds for every text that people type or paste: how long it may be, and of what it is made.

A browser ends lines with CR LF, a file with LF: kept as they come, each line of a text that
somebody only opened and saved would count as changed.
"""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.db import models

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


class WithTexts(models.Model):
    """What people type. Its texts are tidied, and refused where they cannot be kept."""

    class Meta:
        abstract = True

    def clean_fields(self, exclude=None):
        for name, value in self._texts():
            if isinstance(value, str):
                setattr(self, name, tidied(value))
        errors = {}
        try:
            super().clean_fields(exclude)
        except ValidationError as error:
            errors = error.error_dict
        for name, value in self._texts():
            text = value if isinstance(value, str) else "\n".join(map(str, value))
            if name not in {*errors, *(exclude or ())} and (wrong := wrong_with(text)):
                errors[name] = [wrong]
        if errors:
            raise ValidationError(errors)

    def _texts(self):
        """(name, value) of each field that holds a text, or a list of short ones."""
        values = ((f.attname, getattr(self, f.attname)) for f in self._meta.concrete_fields)
        return [pair for pair in values if isinstance(pair[1], str | list)]
