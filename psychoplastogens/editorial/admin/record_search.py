"""One search over all that an account may see in the admin: records, texts and drafts.

A record is found as in the list of its kind; a text by words in any field of a page or a part, live
or in an open draft. The number of queries depends on the kinds of records alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from operator import and_
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.db import models
from django.db.models import Case, Q, When
from django.urls import NoReverseMatch
from django.utils.text import capfirst

from psychoplastogens.editorial.admin.record_pages import get_list_url, get_record_admin_url
from psychoplastogens.editorial.models import Publishable

MAX_WORDS, MAX_QUERY_LENGTH = 6, 100  # The length is in characters.
MAX_OF_A_KIND = 8
PAGES, EVIDENCE, OTHERS = "Pages", "Numbers and sources", "Everything else"
"""Groups of kinds. The admin of a kind says its own as `search_group`."""


@dataclass(frozen=True)
class FoundRecord:
    """A record: its name, kind, a detail, the address of its form, and by what it is found.

    It `is_named` where readers read it, and the query is its whole title, or the last part of its
    address.
    """

    name: str
    kind: str
    detail: str
    address: str
    is_named: bool = False


@dataclass(frozen=True)
class FoundGroup:
    """Records of a group of kinds. `lists` are (title, address) of lists that hold more."""

    title: str
    records: list[FoundRecord] = field(default_factory=list)
    lists: list[tuple[str, str]] = field(default_factory=list)


def split_query(query: str) -> list[str]:
    """The words of a query, as many as are looked for."""
    return query[:MAX_QUERY_LENGTH].split()[:MAX_WORDS]


def get_visible_admins(request) -> list[admin.ModelAdmin]:
    """The admins of all that the account may see."""
    registered = admin.site._registry.values()
    return [one for one in registered if one.has_view_permission(request)]


def get_title_field(model: type[models.Model]) -> str:
    """The name of the field that names a record; that of its address where there is none."""
    title = getattr(model, "title_field", "name")
    return title if hasattr(model, title) else "slug"


def find_records(request, words: list[str]) -> list[FoundGroup]:
    """What the lists of the admin find, grouped as the admins of the kinds say."""
    groups = {title: FoundGroup(title) for title in (PAGES, EVIDENCE, OTHERS)}
    for model_admin in get_visible_admins(request):
        if not model_admin.get_search_fields(request):
            continue
        group = groups[getattr(model_admin, "search_group", OTHERS)]
        rows = _search_list(model_admin, request, words)
        group.records.extend(_describe(model_admin, row, words) for row in rows[:MAX_OF_A_KIND])
        if len(rows) > MAX_OF_A_KIND:
            name = capfirst(str(model_admin.opts.verbose_name_plural))
            group.lists.append((name, _get_list_url(model_admin, words)))
    return [group for group in groups.values() if group.records]


def _search_list(model_admin, request, words: list[str]) -> list[models.Model]:
    """The first rows that the list of a kind finds, those by their title first.

    There is one more than are shown.
    """
    rows = model_admin.get_queryset(request)
    if related := model_admin.get_list_select_related(request):
        rows = rows.select_related(*related)
    rows, may_repeat = model_admin.get_search_results(request, rows, " ".join(words))
    if issubclass(model_admin.model, Publishable):
        title = f"{get_title_field(model_admin.model)}__icontains"
        in_title = reduce(and_, (Q(**{title: word}) for word in words))
        by_title = Case(When(in_title, then=0), default=1)
        rows = rows.annotate(found_by=by_title).order_by("found_by", *rows.model._meta.ordering)
    return list((rows.distinct() if may_repeat else rows)[: MAX_OF_A_KIND + 1])


def get_named_record(groups: list[FoundGroup]) -> FoundRecord | None:
    """The one record that a query names whole; None if there is none, or more."""
    named = [record for group in groups for record in group.records if record.is_named]
    return named[0] if len(named) == 1 else None


def _describe(model_admin, record: models.Model, words: list[str]) -> FoundRecord:
    kind = capfirst(str(model_admin.opts.verbose_name))
    state = str(model_admin.state(record)) if isinstance(record, Publishable) else ""
    slug = getattr(record, "slug", "")
    details = filter(None, ["" if slug in str(record) else slug, state])
    try:
        address = get_record_admin_url(record)
    except NoReverseMatch:
        address = _get_list_url(model_admin, [])
    title = getattr(record, get_title_field(type(record)), "")
    is_named = isinstance(record, Publishable) and " ".join(words).casefold() in (
        slug.casefold(),
        str(title).casefold(),
    )
    return FoundRecord(str(record), kind, " · ".join(details), address, is_named)


def _get_list_url(model_admin, words: list[str]) -> str:
    """The list of a kind; with words, what it finds by them."""
    address = get_list_url(model_admin.opts)
    return f"{address}?{urlencode({SEARCH_VAR: ' '.join(words)})}" if words else address
