"""What leads readers to a record and goes on doing so by itself: no text has to follow a change.

What a change or a withdrawal touches are uses: workflow.references finds those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from typing import NamedTuple

from django.db import models
from django.utils.text import capfirst

from psychoplastogens.editorial.drafts.snapshots import fetch_with_parts, iter_rows
from psychoplastogens.editorial.models import (
    OldAddress,
    Page,
    Publishable,
    Replacement,
    ScheduledChange,
)
from psychoplastogens.editorial.workflow.schedules import format_time

Rows = list[models.Model]
"""A record, and then its parts."""


class Lead(NamedTuple):
    """One thing that leads to a record. `record` is what the admin may have a form of."""

    kind: str
    name: str
    state: str = ""
    record: models.Model | None = None


LeadFinder = Callable[[Rows], Iterable[Lead]]
_finders: list[LeadFinder] = []


def lead_finder(finder: LeadFinder) -> LeadFinder:
    """Decorator: `finder(rows)` yields what leads to a record or to one of its parts.

    The number of its queries is constant for each kind of row.
    """
    _finders.append(finder)
    return finder


def find_leads(record: Publishable) -> list[Lead]:
    """All that leads to `record` and its parts, by kind."""
    rows = list(iter_rows(fetch_with_parts(record)))
    return [lead for find in _finders for lead in find(rows)]


def get_addresses(rows: Rows) -> set[str]:
    """The addresses at which readers find one of these rows, those of earlier slugs included."""
    return {page.get_absolute_url() for page in _get_pages(rows)} | _get_old_addresses(rows)


def _get_pages(rows: Rows) -> list[Page]:
    return [row for row in rows if isinstance(row, Page) and row.has_own_page]


def _get_old_addresses(rows: Rows) -> set[str]:
    pages = {page.pk: page for page in _get_pages(rows)}
    led = OldAddress.objects.leading_to(pages.values())
    return {_get_old_url(pages[old.object_id], old.slug) for old in led}


def _get_old_url(page: Page, slug: str) -> str:
    renamed = copy(page)
    renamed.slug = slug
    return renamed.get_absolute_url()


@lead_finder
def find_earlier_addresses(rows: Rows) -> Iterator[Lead]:
    now = {page.get_absolute_url() for page in _get_pages(rows)}
    for address in sorted(_get_old_addresses(rows) - now):
        yield Lead("Earlier address", address, "leads on to it")


@lead_finder
def find_replaced_records(rows: Rows) -> Iterator[Lead]:
    record = rows[0]
    replaced = Replacement.objects.replaced_by(record).values("object_id")
    kind = capfirst(str(record._meta.verbose_name))
    for other in type(record)._base_manager.filter(pk__in=replaced):
        yield Lead(kind, str(other), "withdrawn: names it as what to read instead", other)


@lead_finder
def find_set_times(rows: Rows) -> Iterator[Lead]:
    for change in ScheduledChange.objects.about(rows[0]).waiting():
        when = f"{change.get_action_display()}: {format_time(change.at)}"
        yield Lead("Set time", when, f"set by {change.made_by}")
