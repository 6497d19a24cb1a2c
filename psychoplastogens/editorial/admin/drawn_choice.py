"""A choice among drawings: radio buttons, each beside a small picture of what it stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django import forms
from django.utils.html import format_html

Choices = Iterable[tuple[str, str]]


class DrawnChoiceField(forms.ChoiceField):
    """One of several drawings. `draw` returns the SVG of one by its value."""

    def __init__(self, *, choices: Callable[[], Choices], draw: Callable[[str], str], **options):
        def list_drawn():
            return [
                (value, format_html("{}<span>{}</span>", draw(value) if value else "", label))
                for value, label in choices()
            ]

        widget = forms.RadioSelect(attrs={"class": "drawn"})
        super().__init__(choices=list_drawn, widget=widget, **options)
