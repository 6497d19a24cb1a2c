"""What a clinic types: plain words of a bounded length, and a phone number to call."""

from __future__ import annotations

import re

from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.db import models

from psychoplastogens.delivery.characters import is_invisible

MAX_SINGLE_LINE_LENGTH = 120
"""Texts that may be longer than this are typed into a box of several lines."""

PHONE_PATTERN = re.compile(
    r"(\+?[0-9(][0-9 ().-]{4,22}[0-9])(?:,? ?(?:ext\.?|x) ?([0-9]{1,6}))?", re.IGNORECASE
)
MIN_PHONE_DIGITS, MAX_PHONE_DIGITS = 5, 15  # ITU-T E.164 ends at 15


def validate_visible_characters(text: str) -> None:
    """Refuse what cannot be seen: controls, marks of reading direction, letters that are none."""
    for number, line in enumerate(text.split("\n"), start=1):
        for letter in line:
            if is_invisible(letter):
                raise ValidationError(
                    f"Line {number} holds a character that cannot be seen (U+{ord(letter):04X}). "
                    "Type the text again instead of pasting it."
                )


_DATE = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")
_NUMBER = re.compile(r"[0-9](?:[ ().\u2010-\u2014-]{0,3}[0-9]){6}")


def validate_no_phone_number(text: str) -> None:
    """Refuse a number to call in words that anybody may change who makes reading lists."""
    if found := _NUMBER.search(_DATE.sub("", text)):
        raise ValidationError(
            f"Leave the number out (“{found[0]}…”). Patients are shown the clinic’s phone beside "
            "every list; other numbers go into the words for when nobody answers."
        )


def validate_single_line(text: str) -> None:
    if "\n" in text:
        raise ValidationError("Keep it on one line.")


def validate_phone_number(text: str) -> None:
    """Refuse what is not written as a phone number."""
    match = PHONE_PATTERN.match(text)
    digits = sum(letter.isdigit() for letter in match[1]) if match else 0
    if not PHONE_PATTERN.fullmatch(text) or not MIN_PHONE_DIGITS <= digits <= MAX_PHONE_DIGITS:
        raise ValidationError(
            "Write it as people dial it, such as 503-555-0100, +1 503 555 0100 or "
            "503-555-0100 ext. 12."
        )


def build_tel_url(number: str) -> str:
    """`number` for a link, by RFC 3966: tel:+15035550100;ext=12. '' for what is no number."""
    match = PHONE_PATTERN.fullmatch(number)
    if not match:
        return ""
    digits = re.sub(r"[^0-9+]", "", match[1])
    return f"tel:{digits};ext={match[2]}" if match[2] else f"tel:{digits}"


class PlainTextField(models.CharField):
    """Words of a clinic. They are shown as they are typed: no Markdown, no links, line by line."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.validators.append(validate_visible_characters)
        if self.max_length and self.max_length <= MAX_SINGLE_LINE_LENGTH:
            self.validators.append(validate_single_line)

    def to_python(self, value):
        value = super().to_python(value)
        return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value

    def formfield(self, **kwargs):
        if self.max_length and self.max_length > MAX_SINGLE_LINE_LENGTH:
            kwargs["widget"] = AdminTextareaWidget(attrs={"rows": 3})
        return super().formfield(**kwargs)


class PhoneField(PlainTextField):
    default_validators = [validate_phone_number]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **({"max_length": 40} | kwargs))
