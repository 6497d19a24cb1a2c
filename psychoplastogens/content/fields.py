"""Text fields by kind of text, so that checks, search and readability grades can find them."""

from django.core.exceptions import ValidationError
from django.db import models

from psychoplastogens.content.rendering.syntax_errors import find_syntax_errors


def validate_prose(text):
    if wrong := find_syntax_errors(text):
        raise ValidationError(wrong)


class ProseField(models.TextField):
    """Markdown with our additions, described in psychoplastogens.content.rendering.markdown."""

    default_validators = [validate_prose]

    def formfield(self, **kwargs):
        from psychoplastogens.content.forms import ProseWidget

        return super().formfield(**{**kwargs, "widget": ProseWidget})


class LinesField(models.TextField):
    """Plain text with one item per line."""


def split_lines(text):
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
