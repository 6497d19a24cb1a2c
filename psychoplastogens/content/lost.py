"""What pages rest on and readers no longer have: withdrawn or retracted sources, numbers, terms
and pages. A page is found by what its texts name or link to, and by what its fields point to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.db.models import Model

from psychoplastogens.content import prose
from psychoplastogens.content.models.written import Written
from psychoplastogens.content.naming import KIND
from psychoplastogens.editorial.desk import kinds
from psychoplastogens.editorial.models import Publishable, Status
from psychoplastogens.editorial.snapshots import rows_of, with_parts, with_ways
from psychoplastogens.evidence.models import Finding, Source, SpineChange

_LINK = re.compile(r"\]\((/[a-z0-9-]+(?:/[a-z0-9-]+)*/)")


@dataclass
class Lost:
    """The records that readers no longer have, by each way in which a page may rest on one.

    A number whose source is lost stands for that source.
    """

    by_key: dict[Any, Publishable] = field(default_factory=dict)
    by_name: dict[tuple[str, str, str], Publishable] = field(default_factory=dict)
    by_address: dict[str, Publishable] = field(default_factory=dict)

    def add(self, record: Publishable, lost: Publishable) -> None:
        self.by_key[record.pk] = lost
        if kind := KIND.get(type(record)):
            self.by_name[kind, record.language, record.slug] = lost
        if record is lost and isinstance(record, (Written, Source)):
            self.by_address[record.get_absolute_url()] = lost


def lost_now() -> Lost:
    """In a fixed number of queries."""
    lost = Lost()
    for kind in kinds():
        for record in kind._base_manager.filter(status=Status.WITHDRAWN):
            lost.add(record, record)
    for source in Source.objects.filter(is_retracted=True):
        lost.add(source, source)
    for kind in (Finding, SpineChange):
        for number in kind.objects.filter(source__in=list(lost.by_key)):
            lost.add(number, lost.by_key[number.source_id])
    return lost


def pages_that_lost() -> list[tuple[Publishable, list[Publishable]]]:
    """(page, what it lost) of everything that readers read, in a fixed number of queries."""
    lost = lost_now()
    if not lost.by_key:
        return []
    live = chain.from_iterable(
        with_ways(kind._base_manager.filter(status=Status.PUBLISHED)) for kind in kinds()
    )
    found = ((page, _lost_by(rows_of(page), page.language, lost)) for page in live)
    return [(page, records) for page, records in found if records]


def lost_by(record: Publishable) -> list[Publishable]:
    """What one saved record rests on, and readers no longer have."""
    lost = lost_now()
    if not lost.by_key:
        return []
    return _lost_by(rows_of(with_parts(record)), record.language, lost)


def _lost_by(rows: Iterable[Model], language: str, lost: Lost) -> list[Publishable]:
    found = {}
    for row in rows:
        for record in chain(_named(row, language, lost), _pointed_to(row, lost)):
            if record.pk != row.pk:
                found[record] = None
    return list(found)


def _named(row: Model, language: str, lost: Lost) -> Iterator[Publishable]:
    for text in row.prose_texts() if isinstance(row, Written) else ():
        for named in prose.references(text or ""):
            if record := lost.by_name.get((named.kind, language, named.slug)):
                yield record
        for address in _LINK.findall(text or ""):
            yield from (r for a, r in lost.by_address.items() if address.startswith(a))


def _pointed_to(row: Model, lost: Lost) -> Iterator[Publishable]:
    """By a key; or by a list of what pages rest on. Lists of pages only offer more to read."""
    for one in row._meta.concrete_fields:
        if one.many_to_one and (record := lost.by_key.get(getattr(row, one.attname))):
            yield record
    for many in row._meta.many_to_many:
        if issubclass(many.related_model, (*KIND, SpineChange)):
            keys = (record.pk for record in getattr(row, many.name).all())
            yield from (lost.by_key[key] for key in keys if key in lost.by_key)
