"""The name and phone of a clinic that somebody types for one print.

They go from the request into that answer: no table, cache, log, address or page holds them. Paper
says that whoever printed it added them, so nobody takes them for ours.
"""

from __future__ import annotations

import re
import unicodedata

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from psychoplastogens.clinics.fields import (
    build_tel_url,
    is_crisis_number,
    validate_phone_number,
    validate_single_line,
    validate_visible_characters,
)
from psychoplastogens.editorial.counted_text import CountedTextMixin

MAX_NAME_LENGTH = 80
MAX_PHONE_LENGTH = 40
MAX_NUMBER_DIGITS = 6
"""In a name: a street number, or a postal code. More of them are a number to call."""
MAX_COMBINING_MARKS = 2
"""On one letter, as Vietnamese has them. A heap of them covers the lines above."""
_WEB_ADDRESS = re.compile(r"://|www\.|@|\w\.[^\W\d_]{2,}", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9](?:[ ().\u2010-\u2015-]{0,3}[0-9])*")


def validate_typed_name(name: str) -> None:
    """Refuse what is more than a name: an address, a number to call, our own name, heaps."""
    shown = unicodedata.normalize("NFKC", name)
    if _WEB_ADDRESS.search(shown):
        raise ValidationError(
            _("Leave out web and mail addresses. Behind a full stop type a space.")
        )
    digits = "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in shown)
    for number in _NUMBER.findall(digits):
        called = "".join(filter(str.isdigit, number))
        if len(called) > MAX_NUMBER_DIGITS or is_crisis_number(called):
            raise ValidationError(_("Leave the number out. The phone has a field of its own."))
    if settings.SITE_NAME.casefold() in shown.casefold():
        raise ValidationError(_("This is the name of the site. Use the clinic’s own."))
    marks = 0
    for letter in unicodedata.normalize("NFD", name):
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks > MAX_COMBINING_MARKS:
            raise ValidationError(_("A letter has too many accents. Type the name again."))


class PrintedContactForm(CountedTextMixin, forms.Form):
    """A clinic's name, and its phone if it has one to give."""

    name = forms.CharField(
        label=_("Your clinic’s name"),
        max_length=MAX_NAME_LENGTH,
        validators=[validate_visible_characters, validate_single_line, validate_typed_name],
        widget=forms.TextInput(attrs={"class": "field", "autocomplete": "organization"}),
    )
    phone = forms.CharField(
        label=_("Its phone, as people dial it"),
        max_length=MAX_PHONE_LENGTH,
        required=False,
        validators=[validate_visible_characters, validate_single_line, validate_phone_number],
        widget=forms.TextInput(attrs={"class": "field", "autocomplete": "tel", "type": "tel"}),
    )

    def as_handout_data(self) -> dict[str, str]:
        """What parts.typ draws of a valid form: name, phone, tel and said."""
        name, phone = self.cleaned_data["name"], self.cleaned_data["phone"]
        said = gettext("Added by whoever printed this.")
        return {"name": name, "phone": phone, "tel": build_tel_url(phone), "said": said}
