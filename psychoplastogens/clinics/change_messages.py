"""What a save changed, in the words of the history of a record: the old value and the new one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.text import capfirst

MAX_TOLD = 80
"""Characters of a value that is told; of a longer one only that it changed."""


def describe_changes(form: forms.BaseForm, formsets: Iterable[Any]) -> str:
    """What a valid form changed in a record and its parts; '' where that is nothing."""
    return " ".join([*_describe_fields(form), describe_parts(formsets)]).strip()


def describe_parts(formsets: Iterable[Any]) -> str:
    """What saved formsets changed in the parts of a record; '' where that is nothing."""
    parts = (sentence for formset in formsets for sentence in _describe_parts(formset))
    return " ".join(parts)


def _describe_parts(formset: Any) -> Iterator[str]:
    """Of a saved formset: Django lists there what was added, changed and deleted."""
    kind = formset.model._meta.verbose_name
    added = [form for form in formset.extra_forms if form.instance in formset.new_objects]
    for form in added:
        yield " ".join([f"Added {kind} “{form.instance}”.", *_describe_texts(form)])
    changed = {part.pk for part, _names in formset.changed_objects}
    for form in formset.initial_forms:
        if form.instance.pk in changed and (said := " ".join(_describe_fields(form))):
            yield f"{capfirst(kind)} “{form.instance}”: {said}"
    yield from (f"Took out {kind} “{part}”." for part in formset.deleted_objects)


def _describe_texts(form: Any) -> Iterator[str]:
    """Each text that was typed into the form of a new part."""
    fields = {field.name for field in form.instance._meta.fields}
    for name in filter(fields.__contains__, form.changed_data):
        value, label = form.cleaned_data.get(name), capfirst(str(form[name].label))
        if value and isinstance(value, str):
            told = _format(value)
            yield f"{label}: {told}." if told else f"{label} written."


def _describe_fields(form: forms.BaseForm) -> Iterator[str]:
    for name in form.changed_data:
        bound = form[name]
        label = capfirst(str(bound.label))
        before, after = (_format(value) for value in (bound.initial, form.cleaned_data.get(name)))
        yield f"{label}: {before} → {after}." if before and after else f"{label} changed."


def _format(value: Any) -> str:
    """A short value in words; '' for a longer one and for what has no short form."""
    if value in (None, ""):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    is_short = isinstance(value, str) and len(value) <= MAX_TOLD and "\n" not in value
    return f"“{value}”" if is_short else ""
