"""Who would miss a record: the pages that name it in their text, and those that rest on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import models

from psychoplastogens.editorial.models import Publishable

Finder = Callable[[Publishable], Iterable[Publishable]]
_finders: list[Finder] = []


def finds_texts(finder: Finder) -> Finder:
    """Decorator: `finder(record)` gives the records whose text names `record` by its slug."""
    _finders.append(finder)
    return finder


def texts_naming(record: models.Model) -> list[Publishable]:
    """The records, published or not, whose text names `record` by its slug."""
    return list(dict.fromkeys(page for find in _finders for page in find(record)))


def uses_of(record: models.Model) -> list[models.Model]:
    """The records that cannot stay as they are without `record`; a part counts as its page."""
    pages = texts_naming(record)
    for relation in record._meta.get_fields(include_hidden=True):
        if _is_needed(relation):
            rows = with_pages(relation.related_model._default_manager.all())
            pages += map(page_of, rows.filter(**{relation.field.name: record}))
    return list(dict.fromkeys(pages))


def _is_needed(relation) -> bool:
    """Is this the far end of a key that must not dangle, or of a list that must not be empty?"""
    if not relation.auto_created or relation.concrete:
        return False
    if relation.many_to_many:
        return not relation.field.blank
    return relation.on_delete is models.PROTECT


def owner_of(model: type[models.Model]) -> str | None:
    """The name of the key by which a part belongs to its page; None for a page."""
    keys = (f for f in model._meta.concrete_fields if f.many_to_one)
    return next((f.name for f in keys if f.remote_field.on_delete is models.CASCADE), None)


def page_of(row: models.Model) -> models.Model:
    """The page that a part belongs to, however deep it stands in it; a page itself."""
    while owner := owner_of(type(row)):
        row = getattr(row, owner)
    return row


def with_pages(rows: models.QuerySet) -> models.QuerySet:
    """`rows` fetched together with what `page_of` gives for them."""
    model, way = rows.model, []
    while owner := owner_of(model):
        way.append(owner)
        model = model._meta.get_field(owner).related_model
    return rows.select_related("__".join(way)) if way else rows
