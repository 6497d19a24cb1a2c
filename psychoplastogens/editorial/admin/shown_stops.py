"""What stops a draft from being sent, as its form shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Model
from django.forms import BoundField

from psychoplastogens.accounts.listed_errors import is_taken_out
from psychoplastogens.editorial.admin.forms import DraftForm
from psychoplastogens.editorial.admin.record_pages import (
    get_change_url_or_blank,
    get_record_admin_url,
)
from psychoplastogens.editorial.admin.unfinished_text import UnfinishedTextForm
from psychoplastogens.editorial.drafts.snapshots import fetch_with_parts
from psychoplastogens.editorial.models import Publishable, Revision
from psychoplastogens.editorial.workflow.checks import Problem
from psychoplastogens.editorial.workflow.places import find_place
from psychoplastogens.editorial.workflow.sending import WHAT_CHANGED, Stop, find_stops

STOPS = "stops"
"""A query parameter of a form: it opens the list of what stops the sending."""
MAX_STOPS = 50
"""Shown at once: a paste may hold thousands."""
# Fields that a form asks for in another way.
ASKED_AS = {"evidence_checked_on": "evidence_checked_today", "update_note": WHAT_CHANGED}


class ShownStop(NamedTuple):
    """The name of a field as the form has it, where it is ('' if nowhere), and what is wrong.

    `excerpt` is the text in question; it may be empty.
    """

    label: str
    href: str
    message: str
    excerpt: str


def get_stops_url(page: Publishable) -> str:
    """The form of a page, with all that stops its draft from being sent."""
    return f"{get_record_admin_url(page)}?{STOPS}=1#stops"


def iter_unfinished_forms(form, formsets) -> Iterator[UnfinishedTextForm]:
    """The forms of a page and its parts, without the parts that are taken out."""
    yield form
    for formset in formsets:
        yield from (part for part in formset.forms if not is_taken_out(part))


def list_stops(page: Publishable, draft: Revision, form, formsets) -> list[ShownStop]:
    """All that stops the sending of a draft of a page, each where `form` has it."""
    stops = find_stops(page, draft)
    forms = iter_unfinished_forms(form, formsets)
    return list(_show_stops(islice(stops, MAX_STOPS), forms))


def show_stops_elsewhere(stops: Iterable[tuple[Revision, Stop]]) -> Iterator[ShownStop]:
    """Each stop of a draft as its form names it, with the address of the input there."""
    for revision, stop in stops:
        assert revision.record is not None
        field = ASKED_AS.get(stop.field, stop.field)
        label = str(DraftForm.base_fields[field].label) if field != stop.field else stop.label
        href = field and _get_input_url(stop.row, field)
        href = href or get_stops_url(revision.record)
        yield ShownStop(f"{revision.title}: {label}", href, stop.message, stop.excerpt)


def _show_stops(stops: Iterable[Stop], forms: Iterable) -> Iterator[ShownStop]:
    """Each stop with the input of the one of `forms` that shows it.

    A part that has a form of its own is mended there.
    """
    inputs = map_inputs(forms)
    for stop in stops:
        field = ASKED_AS.get(stop.field, stop.field)
        bound = inputs.get((stop.row.pk, field))
        if bound:
            is_of_page = isinstance(stop.row, Publishable)
            label = str(bound.label) if is_of_page else stop.label
            yield ShownStop(label, f"#{bound.auto_id}", stop.message, stop.excerpt)
        else:
            href = _get_input_url(stop.row, field)
            yield ShownStop(stop.label, href, stop.message, stop.excerpt)


def _get_input_url(row: Model, field: str) -> str:
    """The address of an input in the form that a row has of its own, '' if it has none."""
    own_form = get_change_url_or_blank(row)
    return f"{own_form}#id_{field}" if own_form else ""


def map_inputs(forms: Iterable) -> dict[tuple[Any, str], BoundField]:
    """The inputs of `forms` by the key of their row and the name of their field."""
    return {(form.instance.pk, bound.name): bound for form in forms for bound in form}


def lead_to_inputs(record: Publishable, problems: list[Problem], forms: Iterable) -> list[Problem]:
    """The same problems of a saved record, each with the address of its input among `forms`."""
    inputs, whole = map_inputs(forms), fetch_with_parts(record)
    led = []
    for problem in problems:
        row, field = find_place(whole, problem.field)
        bound = inputs.get((row.pk, ASKED_AS.get(field, field)))
        led.append(replace(problem, href=f"#{bound.auto_id}" if bound else ""))
    return led
