"""Pages that lost what they rest on, and sources that nothing uses: on the admin's first page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from django.apps import apps

from psychoplastogens.content import prose
from psychoplastogens.content.lost import pages_that_lost
from psychoplastogens.content.models.written import Written, prose_fields
from psychoplastogens.editorial.admin_pages import form_address
from psychoplastogens.editorial.desk import LINES, Line, Pile, as_texts_stand, waits
from psychoplastogens.editorial.revision import Revision
from psychoplastogens.editorial.snapshots import Snapshot
from psychoplastogens.editorial.uses import in_a_row, relations_to
from psychoplastogens.evidence.models import Source

CITES = "[^"


@waits
def pages_without_ground() -> Pile:
    """What readers read, and what it rests on was withdrawn or retracted."""
    return as_texts_stand("pages-that-lost", _pages_without_ground)


def _pages_without_ground() -> Pile:
    found = pages_that_lost()
    lines = [
        Line(str(page), f"rests on {in_a_row(lost)}", form_address(page, "review"))
        for page, lost in found[:LINES]
    ]
    title = "Readers read it, and what it rests on was withdrawn or retracted"
    return Pile(title, len(found), lines, "All that pages rest on is there.")


@waits
def unused_sources() -> Pile:
    """Not cited by any text, number or claim, whether readers see that or it is a draft."""
    return as_texts_stand("unused-sources", _unused_sources)


def _unused_sources() -> Pile:
    unused = unused_now()
    lines = [
        Line(source.title, source.get_status_display(), form_address(source))
        for source in unused[:LINES]
    ]
    title = "Sources that nothing uses"
    return Pile(title, len(unused), lines, "Every source is used.")


def unused_now() -> list[Source]:
    """In a number of queries that does not grow with the records."""
    drafted = set(_values(Revision.objects.open().values_list("snapshot", flat=True)))
    cited = _cited(chain(_texts(), (value for value in drafted if CITES in value)))
    pointed_to = drafted | _pointed_to()
    return [
        source
        for source in Source.objects.all()
        if source.slug not in cited and str(source.pk) not in pointed_to and not source.is_withdrawn
    ]


def _texts() -> Iterator[str]:
    """Every text of the content that may cite, as it stands."""
    for model in apps.get_models():
        if issubclass(model, Written):
            for name in prose_fields(model):
                holding = model.objects.filter(**{f"{name}__contains": CITES})
                yield from holding.values_list(name, flat=True)


def _cited(texts: Iterable[str]) -> set[str]:
    """The slugs of all sources that texts cite."""
    return set().union(*map(prose.cited, texts))


def _pointed_to() -> set[str]:
    """The keys of all sources that another record points to."""
    rows = (
        relation.related_model.objects.values_list(relation.field.name, flat=True).distinct()
        for relation in relations_to(Source)
    )
    return {str(key) for key in chain.from_iterable(rows)}


def _values(snapshots: Iterable[Snapshot]) -> Iterator[str]:
    """Every text and key in the fields of snapshots."""
    for row in chain.from_iterable(snapshots):
        for value in row["fields"].values():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, str):
                    yield one
