"""Forms of the admin that list their errors first, each with a link to its field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.text import capfirst

from psychoplastogens.accounts.change_history import LatestFirstHistoryAdmin

ErrorFinder = Callable[[Any], Mapping[str, Iterable[str]]]


class FormError(NamedTuple):
    """The name of a field as the form has it ('' for all of it), a link to it, what is wrong."""

    label: str
    href: str
    message: str


class ListedErrorsAdmin(LatestFirstHistoryAdmin):
    """Instead of a note that something is wrong somewhere below."""

    def render_change_form(self, request, context, *args, **kwargs):
        if context.get("errors"):
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            listed = list(iter_form_errors(context["adminform"].form, formsets))
            context = {**context, "form_errors": listed, "errors": None}
        return super().render_change_form(request, context, *args, **kwargs)


def iter_form_errors(
    form: BaseForm, formsets: Iterable[Any], get_errors: ErrorFinder = attrgetter("errors")
) -> Iterator[FormError]:
    """Yield what `get_errors` finds in a form and its parts, but for those that are taken out."""
    yield from _iter_errors_of_one(form, get_errors(form), "")
    for formset in formsets:
        kind = formset.model._meta
        group = f"#{formset.prefix}-group"
        for message in formset.non_form_errors():
            yield FormError(capfirst(kind.verbose_name_plural), group, message)
        for number, part in enumerate(formset.forms, start=1):
            if not is_taken_out(part):
                title = str(part.instance).strip() if part.initial else ""
                name = f"“{title}”" if title else number
                prefix = f"{capfirst(kind.verbose_name)} {name}"
                yield from _iter_errors_of_one(part, get_errors(part), prefix)


def is_taken_out(form: BaseForm) -> bool:
    """Whether the part of this form was sent to be deleted."""
    return bool(getattr(form, "cleaned_data", {}).get(DELETION_FIELD_NAME))


def _iter_errors_of_one(form: BaseForm, errors, prefix: str) -> Iterator[FormError]:
    for name, messages in errors.items():
        bound = None if name == NON_FIELD_ERRORS else form[name]
        label = ": ".join(filter(None, (prefix, str(bound.label) if bound else "")))
        href = f"#{bound.auto_id}" if bound else f"#{form.prefix}" if form.prefix else ""
        yield from (FormError(label, href, message) for message in messages)
