"""Find pages that use something unavailable: withdrawn records, and retracted sources.

A page uses what its prose names or links to, and what its relations point to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.db.models import Model

from psychoplastogens.content.models.prose_model import ProseModel
from psychoplastogens.content.prose_references import REFERENCE_KINDS
from psychoplastogens.content.rendering import markdown
from psychoplastogens.content.rendering.published_references import SOURCE_LANGUAGE
from psychoplastogens.editorial.admin.dashboard import get_publishable_models
from psychoplastogens.editorial.drafts.snapshots import fetch_with_parts, iter_rows, prefetch_parts
from psychoplastogens.editorial.models import (
    Page,
    PagePointer,
    Publishable,
    Status,
    get_related_model,
)
from psychoplastogens.editorial.workflow.references import unavailable_reference_finder
from psychoplastogens.evidence.models import Finding, Source, SpineChange

_LINK = re.compile(r"\]\((/[a-z0-9-]+(?:/[a-z0-9-]+)*/)")


@dataclass
class UnavailableRecords:
    """Unavailable records, indexed by each way in which a page may refer to one.

    A number with an unavailable source maps to that source.
    """

    by_key: dict[Any, Publishable] = field(default_factory=dict)
    by_name: dict[tuple[str, str, str], Publishable] = field(default_factory=dict)
    by_address: dict[str, Publishable] = field(default_factory=dict)

    def add(self, record: Publishable, lost: Publishable) -> None:
        self.by_key[record.pk] = lost
        if kind := REFERENCE_KINDS.get(type(record)):
            self.by_name[kind, record.language, record.slug] = lost
        if record is lost and isinstance(record, Page) and record.has_own_page:
            self.by_address[record.get_absolute_url()] = lost


def find_unavailable_records() -> UnavailableRecords:
    """All unavailable records, in a constant number of queries."""
    lost = UnavailableRecords()
    for kind in get_publishable_models():
        for record in kind._base_manager.filter(status=Status.WITHDRAWN):
            lost.add(record, record)
    for source in Source.objects.filter(is_retracted=True):
        lost.add(source, source)
    for kind in (Finding, SpineChange):
        for number in kind.objects.filter(source__in=list(lost.by_key)):
            lost.add(number, lost.by_key[number.source_id])
    return lost


def find_pages_with_unavailable_references() -> list[tuple[Publishable, list[Publishable]]]:
    """(page, unavailable records) of published pages, in a constant number of queries."""
    lost = find_unavailable_records()
    if not lost.by_key:
        return []
    live = chain.from_iterable(
        prefetch_parts(kind._base_manager.filter(status=Status.PUBLISHED))
        for kind in get_publishable_models()
    )
    found = ((page, _find_in_rows(iter_rows(page), page.language, lost)) for page in live)
    return [(page, records) for page, records in found if records]


@unavailable_reference_finder
def find_unavailable_references(record: Publishable) -> list[Publishable]:
    """The unavailable records that one saved record uses."""
    lost = find_unavailable_records()
    if not lost.by_key:
        return []
    return _find_in_rows(iter_rows(fetch_with_parts(record)), record.language, lost)


def _find_in_rows(
    rows: Iterable[Model], language: str, lost: UnavailableRecords
) -> list[Publishable]:
    found: dict[Publishable, None] = {}
    for row in rows:
        for record in chain(_find_in_prose(row, language, lost), _find_in_relations(row, lost)):
            if record.pk != row.pk:
                found[record] = None
    return list(found)


def _find_in_prose(row: Model, language: str, lost: UnavailableRecords) -> Iterator[Publishable]:
    for text in row.prose_texts() if isinstance(row, ProseModel) else ():
        for named in markdown.find_references(text or ""):
            spoken = SOURCE_LANGUAGE if named.kind == "source" else language
            if record := lost.by_name.get((named.kind, spoken, named.slug)):
                yield record
        for address in _LINK.findall(text or ""):
            yield from (r for a, r in lost.by_address.items() if address.startswith(a))


def _find_in_relations(row: Model, lost: UnavailableRecords) -> Iterator[Publishable]:
    """By key, or by many-to-many to evidence and terms; other lists are further reading."""
    for one in row._meta.concrete_fields:
        if one.many_to_one and (record := lost.by_key.get(getattr(row, one.attname))):
            yield record
    if isinstance(row, PagePointer) and (record := lost.by_key.get(row.page_id)):
        yield record
    for many in row._meta.many_to_many:
        if issubclass(get_related_model(many), (*REFERENCE_KINDS, SpineChange)):
            keys = (record.pk for record in getattr(row, many.name).all())
            yield from (lost.by_key[key] for key in keys if key in lost.by_key)
