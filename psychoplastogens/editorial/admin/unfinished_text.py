"""Forms that save unfinished texts: what is wrong with a text stops the sending of its draft."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.utils import ErrorList

from psychoplastogens.editorial.drafts.text_validation import find_text_error
from psychoplastogens.editorial.slug_form import SlugForm


class UnfinishedTextForm(SlugForm):
    """A model form whose texts may be missing, malformed, or name what does not exist.

    It is valid then, and `mistakes` holds what is wrong by field. So it is where a record is not
    chosen that the table can do without. What a draft is found by stays an error, and so does what
    the tables cannot hold: a text that is too long, a slug, an address, a choice, a number, a
    constraint.
    """

    needed_fields: tuple[str, ...] = ()
    """Texts that a draft is found by, beside its title."""
    unfinished_fields: frozenset[str] = frozenset()
    """Short texts that may be malformed as well, and choices that may be left for later."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.mistakes: dict[str, ErrorList] = {}

    def _clean_fields(self):
        super()._clean_fields()
        for name in self._find_mistaken():
            self._accept(name, self.fields[name].to_python(self[name].data or ""))

    def _post_clean(self):
        super()._post_clean()
        for name in self._find_mistaken():
            self._accept(name, getattr(self.instance, name))
        for name in self.mistakes.keys() & self.unfinished_fields:
            # What was not sent at all would have the default of its field.
            setattr(self.instance, name, self.cleaned_data[name])
        if self.mistakes and not self.errors:
            self._check_constraints()
        elif "_submit" in self.data:  # All that stops it is told at once.
            self._refuse_mistakes()

    def _find_mistaken(self) -> list[str]:
        """The texts with errors that do not stop a save."""
        texts = {
            field.name: field
            for field in self.instance._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField)
            and not isinstance(field, models.SlugField | models.URLField)
            and self._may_be_unfinished(field.name)
        }
        mistaken = [name for name in texts if name in self.errors and self._is_mistake(texts[name])]
        return mistaken + [name for name in self._find_needed_relations() if self._lacks(name)]

    def _may_be_unfinished(self, name: str) -> bool:
        is_text = isinstance(self.fields.get(name), forms.CharField)
        return is_text or (name in self.fields and name in self.unfinished_fields)

    def _find_needed_relations(self) -> set[str]:
        """The relations that readers cannot do without, and a table can."""
        fields = self.instance._meta.concrete_fields
        return {f.name for f in fields if f.is_relation and f.null and not f.blank}

    def _lacks(self, name: str) -> bool:
        """Whether no more is wrong with a field than that nothing is chosen."""
        found = {error.code for error in self.errors.as_data().get(name, ())}
        return bool(found) and found <= {"required", "blank"}

    def _is_mistake(self, field: models.Field) -> bool:
        """Whether no more is wrong with a text than that it is missing, or badly written."""
        found = {error.code for error in self.errors.as_data()[field.name]}
        is_long_text = isinstance(field, models.TextField) and "max_length" not in found
        is_needed = field.name in (
            getattr(self.instance, "title_field", "name"),
            *self.needed_fields,
        )
        is_lost = bool(find_text_error(str(self[field.name].data or "")))
        accepted = {"required", "blank"}
        if field.name in self.unfinished_fields:
            accepted.add("invalid")
        return (is_long_text or found <= accepted) and not (is_needed or is_lost)

    def _accept(self, name: str, value: Any) -> None:
        """Take a text as it is; the first thing that is wrong with it is told."""
        self.mistakes.setdefault(name, self.errors.pop(name))
        self.cleaned_data[name] = value

    def _check_constraints(self) -> None:
        """Django skips the constraints of mistaken fields. Where one fails they are errors."""
        # The stubs lack it.
        exclude = self._get_validation_exclusions()  # type: ignore[attr-defined]
        exclude |= self.mistakes.keys() & self._find_needed_relations()
        try:
            self.instance.validate_constraints(exclude=exclude)
        except ValidationError:
            self._refuse_mistakes()

    def _refuse_mistakes(self) -> None:
        self.errors.update(self.mistakes)
        self.mistakes = {}
