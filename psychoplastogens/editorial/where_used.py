"""Where a record is used, as staff are shown it: on its form, and on a page of its own."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.admin.utils import quote
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst

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


def place(use: Use, site) -> Place:
    options = use.page._meta
    name = f"{site.name}:{options.app_label}_{options.model_name}_change"
    try:
        address = reverse(name, args=[quote(use.page.pk)])
    except NoReverseMatch:
        address = ""
    return Place(capfirst(options.verbose_name), str(use.page), use.state, address)


def places_for(site, records: list[Publishable]) -> list[Place]:
    """The places that use one of `records`, each once, without those among `records`."""
    found = {use.page: use for record in records for use in places_of(record)}
    return [place(use, site) for page, use in found.items() if page not in records]


def short_list(site, record: Publishable) -> dict[str, object]:
    """The first few places, and the number of the others, for the form of a record."""
    places = places_for(site, [record])
    return {"places": places[:SHORT], "more": max(0, len(places) - SHORT)}


def uses(model_admin, request, record):
    """All that uses a record: what readers have, open drafts, clinics' lists, codes."""
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"Where used: {record}",
        "opts": model_admin.opts,
        "original": record,
        "places": places_for(model_admin.admin_site, [record]),
    }
    return TemplateResponse(request, "admin/where_used.html", context)
