"""What a clinic types: plain words of a bounded length, and a phone number to call."""

from __future__ import annotations

import re

import phonenumbers
from django.conf import settings
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.db import models
from phonenumbers import ValidationResult

from psychoplastogens.delivery.characters import is_invisible
from psychoplastogens.delivery.crisis_lines import ALL_NUMBERS
from psychoplastogens.editorial.drafts.text_validation import TextAreaField, normalize_newlines

MAX_SINGLE_LINE_LENGTH = 120
"""Texts that may be longer than this are typed into a box of several lines."""

# Digits, letters that stand for digits (1-800-...), what people write between them, an extension.
PHONE_PATTERN = re.compile(
    r"\+? ?[0-9(][0-9A-Z ().\u00a0\u2010-\u2015\u2212-]*[0-9A-Z]"
    r"(?:,? ?(?:ext(?:ension)?\.?|x|\#) ?[0-9]{1,7})?",
    re.IGNORECASE,
)
MIN_SHORT_NUMBER_DIGITS = 5
"""Shorter numbers call emergency services and crisis lines, which no clinic is."""
PHONE_PROBLEMS = {
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "Add the area code: patients call from elsewhere too.",
    ValidationResult.TOO_SHORT: "It has too few digits.",
    ValidationResult.TOO_LONG: "It has too many digits.",
    ValidationResult.INVALID_COUNTRY_CODE: "No country has the code behind the +.",
}


def validate_visible_characters(text: str) -> None:
    """Refuse what cannot be seen: controls, marks of reading direction, letters that are none."""
    for number, line in enumerate(text.split("\n"), start=1):
        for letter in line:
            if is_invisible(letter):
                raise ValidationError(
                    f"Line {number} holds a character that cannot be seen (U+{ord(letter):04X}). "
                    "Type the text again instead of pasting it."
                )


MIN_CONTRAST = 4.5
"""Of letters on their ground (WCAG 2.2, 1.4.3)."""
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_DATE = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")
_NUMBER = re.compile(r"[0-9](?:[ ().\u2010-\u2014-]{0,3}[0-9]){6}")


def validate_no_phone_number(text: str) -> None:
    """Refuse a number to call in words that anybody may change who makes reading lists."""
    if found := _NUMBER.search(_DATE.sub("", text)):
        raise ValidationError(
            f"Leave the number out (“{found[0]}…”). Patients are shown the clinic’s phone beside "
            "every list; other numbers go into the words for when nobody answers."
        )


_MARKUP = re.compile(r"\*\*|\]\(|`|(?<!_)__(?=[^\W_])|^#{1,6} ", re.MULTILINE)


def validate_no_markup(text: str) -> None:
    """Refuse marks of Markdown: patients would read them as they stand."""
    if found := _MARKUP.search(text):
        raise ValidationError(
            f"Take out “{found[0].strip()}”: patients would read it as it stands. These are plain "
            "words, without bold letters and links."
        )


def validate_single_line(text: str) -> None:
    if "\n" in text:
        raise ValidationError("Keep it on one line.")


def validate_phone_number(text: str) -> None:
    """Refuse what is not written as a phone number, and numbers that nobody can have."""
    if called := build_tel_url(text):
        number = parse_phone_number(text)
        assert number is not None  # It can be called.
        if is_crisis_number(phonenumbers.national_significant_number(number)):
            raise ValidationError(
                f"{called.removeprefix('tel:')} is the number of a service for emergencies. "
                "It stands on every page already. Write the clinic’s own."
            )
        return
    said = (
        "Write it as people dial it, such as 503-555-0100, +1 503 555 0100 or 503-555-0100 ext. 12."
    )
    if number := parse_phone_number(text):
        reason = phonenumbers.is_possible_number_with_reason(number)
        said = f"{PHONE_PROBLEMS.get(reason, '')} {said}".lstrip()
    raise ValidationError(said)


def is_crisis_number(digits: str) -> bool:
    """Whether `digits` call a crisis line; long ones also without the prefix of a trunk line."""
    prefixes = ("", "0", "1") if len(digits) > MIN_SHORT_NUMBER_DIGITS else ("",)
    return any(prefix + digits in ALL_NUMBERS for prefix in prefixes)


def parse_phone_number(text: str) -> phonenumbers.PhoneNumber | None:
    """`text` as a number of the country that the site is for, unless it names another with +."""
    if not PHONE_PATTERN.fullmatch(text):
        return None
    try:
        return phonenumbers.parse(text, settings.CRISIS_COUNTRY)
    except phonenumbers.NumberParseException:
        return None


def is_short_number(number: phonenumbers.PhoneNumber) -> bool:
    """Whether it is one of 5 or 6 digits that can be called, as in Australia.

    Those of the United States take texts alone.
    """
    digits, country = phonenumbers.national_significant_number(number), settings.CRISIS_COUNTRY
    return (
        len(digits) >= MIN_SHORT_NUMBER_DIGITS
        and phonenumbers.is_valid_short_number_for_region(number, country)
        and not phonenumbers.is_sms_service_for_region(number, country)
    )


def build_tel_url(text: str) -> str:
    """The number in `text` for a link, as a phone dials it from anywhere; '' for what is none.

    An extension stands behind a comma, which phones take for a pause. Dialers of phones do not know
    the `;ext=` of RFC 3966, and some take its letters for digits.
    """
    number = parse_phone_number(text)
    if not number:
        return ""
    digits = phonenumbers.national_significant_number(number)
    if phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE:
        called = f"+{number.country_code}{digits}"
        if not phonenumbers.can_be_internationally_dialled(number):
            called = digits
    elif is_short_number(number):
        called = digits
    else:
        return ""
    return f"tel:{called},{number.extension}" if number.extension else f"tel:{called}"


def validate_brand_color(text: str) -> None:
    """Refuse what is no color as #1e5028, and colors too pale for letters on white paper."""
    if not _COLOR.fullmatch(text):
        raise ValidationError("Write it as # and six digits or letters a to f, such as #1e5028.")
    if compute_contrast_on_white(text) < MIN_CONTRAST:
        raise ValidationError(
            "It is too pale to be read on white paper. Take a darker one "
            f"(a contrast of {MIN_CONTRAST} to 1; this has {compute_contrast_on_white(text):.1f})."
        )


def compute_contrast_on_white(color: str) -> float:
    """The contrast ratio of a color such as "#1e5028" on white, 1 to 21 (WCAG 2.2)."""
    parts = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    luminance = sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 1.05 / (luminance + 0.05)


class PlainTextField(models.CharField):
    """Words of a clinic. They are shown as they are typed: no Markdown, no links, line by line."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.validators += [validate_visible_characters, validate_no_markup]
        if self.max_length and self.max_length <= MAX_SINGLE_LINE_LENGTH:
            self.validators.append(validate_single_line)

    def to_python(self, value):
        value = super().to_python(value)
        return normalize_newlines(value).strip() if isinstance(value, str) else value

    def formfield(self, **kwargs):
        if self.max_length and self.max_length > MAX_SINGLE_LINE_LENGTH:
            kwargs["widget"] = AdminTextareaWidget(attrs={"rows": 3})
        return super().formfield(**{"form_class": TextAreaField, **kwargs})


class PhoneField(PlainTextField):
    default_validators = [validate_phone_number]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **({"max_length": 40} | kwargs))
