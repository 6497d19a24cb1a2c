"""Where a record is used, as staff are shown it: on its form, and on a page of its own."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import capfirst

from psychoplastogens.editorial.admin_pages import form_if_any, page_about
from psychoplastogens.editorial.models import Publishable
from psychoplastogens.editorial.uses import Use, places_of

SHORT = 5


@dataclass(frozen=True)
class Place:
    """One line of a list: what uses the record, of what kind, since when, and where to change it.

    `address` is empty where the admin has no form for it.
    """

    kind: str
    name: str
    state: str
    address: str


def place(use: Use) -> Place:
    kind = capfirst(use.page._meta.verbose_name)
    return Place(kind, str(use.page), use.state, form_if_any(use.page))


def places_for(records: list[Publishable]) -> list[Place]:
    """The places that use one of `records`, each once, without those among `records`."""
    found = {use.page: use for record in records for use in places_of(record)}
    return [place(use) for page, use in found.items() if page not in records]


def short_list(record: Publishable) -> dict[str, object]:
    """The first few places, and the number of the others, for the form of a record."""
    places = places_for([record])
    return {"places": places[:SHORT], "more": max(0, len(places) - SHORT)}


def uses(model_admin, request, record):
    """All that uses a record: what readers have, open drafts, clinics' lists, codes."""
    places = places_for([record])
    template = "admin/where_used.html"
    return page_about(model_admin, request, record, "Where used", template, places=places)
