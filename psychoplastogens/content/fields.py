"""Text fields that know what they hold, so that checks, search and grades can find them."""

from django.core.exceptions import ValidationError
from django.db import models

from psychoplastogens.content import prose


def well_formed(text):
    if wrong := prose.mistakes(text):
        raise ValidationError(wrong)


class ProseField(models.TextField):
    """Markdown with four additions, described in psychoplastogens.content.prose."""

    default_validators = [well_formed]


class LinesField(models.TextField):
    """Short plain lines, one thing each."""


def lines(text):
    """The lines of a LinesField, without empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class WordsField(models.JSONField):
    """A list of short names, such as brand names or synonyms. In the admin: one per line."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **(kwargs | {"default": list, "blank": True}))

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {k: v for k, v in kwargs.items() if k not in ("default", "blank")}

    def formfield(self, **kwargs):
        from psychoplastogens.content.forms import WordsFormField

        return WordsFormField(
            label=self.verbose_name.capitalize(), help_text=self.help_text, required=False
        )

    def validate(self, value, instance):
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise ValidationError("A list of names is needed.")
        super().validate(value, instance)
