"""Who would miss a record: what names it in a text or points to it, live and in drafts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.text import get_text_list

from psychoplastogens.editorial.models import Publishable, Status
from psychoplastogens.editorial.revision import NotNow, Revision
from psychoplastogens.editorial.snapshots import rows_of, with_parts

Finder = Callable[[Publishable], Iterable[Publishable]]
_finders: list[Finder] = []
_link_finders: list[Finder] = []
_loss_finders: list[Finder] = []


@dataclass(frozen=True)
class Naming:
    """How texts name a record: `hint` stands in every text that does, `is_named` decides."""

    hint: str
    is_named: Callable[[str], bool]


_namings: list[Callable[[models.Model], Naming | None]] = []


@dataclass
class Use:
    """A page or a clinic's list that uses a record: as it stands, in its open draft, or in both."""

    page: models.Model
    stands: bool = False
    draft: Revision | None = None

    @property
    def state(self) -> str:
        """Where it uses the record, in words for colleagues."""
        drafted = f"in its draft, revision {self.draft.number}" if self.draft else ""
        if not isinstance(self.page, Publishable):
            return "readers have it now" if getattr(self.page, "is_live", True) else "closed now"
        if self.stands and self.page.is_published:
            return f"readers read it now, and {drafted}" if drafted else "readers read it now"
        return f"only {drafted}" if drafted else "not before readers"


def finds_texts(finder: Finder) -> Finder:
    """Decorator: `finder(record)` gives the records whose text names `record` by its slug."""
    _finders.append(finder)
    return finder


def finds_links(finder: Finder) -> Finder:
    """Decorator: `finder(record)` gives the records whose text links to the page of `record`."""
    _link_finders.append(finder)
    return finder


def finds_losses(finder: Finder) -> Finder:
    """Decorator: `finder(record)` gives what `record` rests on and readers no longer have."""
    _loss_finders.append(finder)
    return finder


def lost_by(record: Publishable) -> list[Publishable]:
    """What a saved `record` rests on that was withdrawn or retracted, each once."""
    return list(dict.fromkeys(lost for find in _loss_finders for lost in find(record)))


def tells_texts(naming: Callable[[models.Model], Naming | None]) -> Callable:
    """Decorator: `naming(record)` says how a text names `record` or links to it; None for never."""
    _namings.append(naming)
    return naming


def texts_naming(record: models.Model) -> list[Publishable]:
    """The records, published or not, whose text names `record` by its slug."""
    return list(dict.fromkeys(page for find in _finders for page in find(record)))


def uses_of(record: models.Model) -> list[models.Model]:
    """The records that cannot stay as they are without `record`; a part counts as its page.

    A page counts that needs it in its open draft only.
    """
    pages = texts_naming(record)
    for relation in record._meta.get_fields(include_hidden=True):
        if _is_needed(relation):
            rows = with_pages(relation.related_model._default_manager.all())
            pages += map(page_of, rows.filter(**{relation.field.name: record}))
    pages += [draft.record for draft in drafts_using([record], needed=True)]
    return list(dict.fromkeys(pages))


def places_of(record: models.Model) -> list[Use]:
    """All that uses `record` or a part of it, by kind and name: what readers have, and drafts.

    What was withdrawn does not count, nor does the record itself. A fixed number of queries for
    each kind of thing that may use it.
    """
    rows = list(rows_of(with_parts(record)))
    places: dict[models.Model, Use] = {}
    for page in _standing(rows):
        if getattr(page, "status", None) != Status.WITHDRAWN:
            places.setdefault(page, Use(page)).stands = True
    for draft in drafts_using(rows):
        places.setdefault(draft.record, Use(draft.record)).draft = draft
    places.pop(page_of(record), None)
    return sorted(places.values(), key=lambda use: (use.page._meta.verbose_name, str(use.page)))


def refuse_what_is_used(record: models.Model) -> None:
    """Raises NotNow with the places where `record` is used, where there are any."""
    if pages := [use.page for use in places_of(record)]:
        raise NotNow(
            f"It is in use: {in_a_row(pages)}. Name what is to be read instead, or say that these "
            "may stay as they are."
        )


def _standing(rows: list[models.Model]) -> Iterator[models.Model]:
    """The pages that use one of `rows`, a record and its parts, as they stand."""
    yield from texts_naming(rows[0])
    for find in _link_finders:
        yield from find(rows[0])
    for model in {type(row) for row in rows}:
        ours = [row for row in rows if type(row) is model]
        for relation in relations_to(model):
            pointing = with_pages(relation.related_model._default_manager.all())
            yield from map(page_of, pointing.filter(**{f"{relation.field.name}__in": ours}))


def relations_to(model: type[models.Model]) -> list:
    """The far ends of all keys and lists by which other pages, or their parts, point to `model`."""
    far_ends = (r for r in model._meta.get_fields(include_hidden=True) if r.auto_created)
    return [
        relation
        for relation in far_ends
        if not relation.concrete
        and not relation.related_model._meta.auto_created
        and relation.field.name != owner_of(relation.related_model)
    ]


def drafts_using(rows: list[models.Model], *, needed: bool = False) -> Iterator[Revision]:
    """The open drafts of other pages that use one of `rows`, a record and its parts.

    With `needed`, only those that would lack it: in a text, or by a key that must not dangle.
    """
    namings = [naming for find in _namings for row in rows if (naming := find(row))]
    keys = {str(row.pk) for row in rows}
    page, hints = page_of(rows[0]), {*keys, *(naming.hint for naming in namings)}
    drafts = Revision.objects.open().naming(hints).exclude(object_id=page.pk)
    for draft in drafts.select_related("author").prefetch_related("record"):
        if draft.record and any(_uses(row, keys, namings, needed) for row in draft.snapshot):
            yield draft


def _uses(row: dict[str, Any], keys: set[str], namings: list[Naming], needed: bool) -> bool:
    """Whether one row of a snapshot points to one of `keys`, or names what `namings` tell of."""
    model = apps.get_model(row["model"])
    for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
        value = row["fields"].get(field.name)
        if field.is_relation:
            counts = not needed or _is_needed(field.remote_field)
            if counts and keys & set(value if isinstance(value, list) else [value]):
                return True
        elif isinstance(value, str) and any(naming.is_named(value) for naming in namings):
            return True
    return False


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


def in_a_row(records, most=5):
    """“A”, “B” and 3 more."""
    names = [f"“{record}”" for record in records[:most]]
    more = len(records) - most
    return get_text_list([*names, f"{more} more"] if more > 0 else names, "and")
