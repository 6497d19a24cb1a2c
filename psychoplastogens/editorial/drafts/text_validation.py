"""Validation of every text that users type or paste: length, characters, newlines.

Browsers end lines with CR LF, files with LF. Without normalization, opening and saving a text
would change every line of it.
"""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from psychoplastogens.delivery.characters import find_lost_character

MAX_TEXT_LENGTH = 60_000
"""Characters of one text. The longest section of the starter content has 3,000."""


def normalize_newlines(text: str) -> str:
    """Return `text` with lines ended by LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class TextAreaField(forms.CharField):
    """A text of several lines. Browsers send CR LF: that alone is no change."""

    def to_python(self, value):
        return normalize_newlines(super().to_python(value))


def find_text_error(text: str) -> str:
    """Return why `text` cannot be saved, in words for an editor, or ''."""
    if len(text) > MAX_TEXT_LENGTH:
        return f"The text has {len(text)} characters; {MAX_TEXT_LENGTH} is the most."
    if found := find_lost_character(text):
        line = text.count("\n", 0, found.start()) + 1
        return f"Line {line}: a character is lost (U+{ord(found[0]):04X}). Type it again."
    return ""


class ValidatedTextModel(models.Model):
    """A model whose texts are normalized and validated in `clean_fields`."""

    class Meta:
        abstract = True

    def clean_fields(self, exclude=None):
        for name, value in self._get_text_values():
            if isinstance(value, str):
                setattr(self, name, normalize_newlines(value))
        errors = {}
        try:
            super().clean_fields(exclude)
        except ValidationError as error:
            errors = error.error_dict
        for name, value in self._get_text_values():
            text = value if isinstance(value, str) else "\n".join(map(str, value))
            if name not in {*errors, *(exclude or ())} and (wrong := find_text_error(text)):
                errors[name] = [wrong]
        if errors:
            raise ValidationError(errors)

    def _get_text_values(self):
        """(name, value) of each field that holds a text, or a list of short ones."""
        values = ((f.attname, getattr(self, f.attname)) for f in self._meta.concrete_fields)
        return [pair for pair in values if isinstance(pair[1], str | list)]
