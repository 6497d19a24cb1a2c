"""Forms that count the letters of a text: a browser cuts nothing that was typed or pasted."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms


class CountedTextMixin:
    """A form whose texts may be typed too long, and are then refused with the number of letters.

    Django's `maxlength` lets a browser drop the end of a text without a word.
    static/editorial/text_length.js tells how many letters are left.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        count_letters(self.fields.values())


class CountedModelForm(CountedTextMixin, forms.ModelForm):
    """A model form that cuts nothing, for an admin without a form of its own."""


def count_letters(fields: Iterable[forms.Field]) -> None:
    """Let the inputs of `fields` take any length; their `data-longest` is what is accepted."""
    for field in fields:
        attributes = field.widget.attrs
        if longest := attributes.pop("maxlength", None):
            attributes["data-longest"] = longest
