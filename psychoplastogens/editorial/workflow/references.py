"""Who uses a record: texts that name it and relations to it, published and in drafts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.fields import GenericRel
from django.db import models
from django.utils.text import get_text_list

from psychoplastogens.editorial.drafts.snapshots import fetch_with_parts, iter_rows
from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.models import (
    PagePointer,
    Publishable,
    Revision,
    Status,
    get_owner_field_name,
    get_page,
    get_pointer_models,
    get_related_model,
    select_pages,
)

ReferenceFinder = Callable[[models.Model], Iterable[Publishable]]
UnavailableReferenceFinder = Callable[[Publishable], Iterable[Publishable]]
_text_reference_finders: list[ReferenceFinder] = []
_link_reference_finders: list[ReferenceFinder] = []
_unavailable_reference_finders: list[UnavailableReferenceFinder] = []


@dataclass(frozen=True)
class TextReference:
    """How texts refer to a record: one of `hints` is in every such text, `is_named` decides."""

    hints: tuple[str, ...]
    is_named: Callable[[str], bool]


_text_reference_builders: list[Callable[[models.Model], TextReference | None]] = []


@dataclass
class RecordUse:
    """A page or list that uses a record: as it is now, in its open draft, or both."""

    page: models.Model
    is_current: bool = False
    draft: Revision | None = None

    @property
    def state(self) -> str:
        """Where it uses the record, in words for staff."""
        drafted = f"in its draft, revision {self.draft.number}" if self.draft else ""
        if not isinstance(self.page, Publishable):
            return "readers have it now" if getattr(self.page, "is_live", True) else "closed now"
        if self.is_current and self.page.is_published:
            return f"readers read it now, and {drafted}" if drafted else "readers read it now"
        return f"only {drafted}" if drafted else "not before readers"


def text_reference_finder(finder: ReferenceFinder) -> ReferenceFinder:
    """Decorator: `finder(record)` returns the records whose text names `record` by its slug."""
    _text_reference_finders.append(finder)
    return finder


def link_reference_finder(finder: ReferenceFinder) -> ReferenceFinder:
    """Decorator: `finder(record)` returns the records whose text links to `record`."""
    _link_reference_finders.append(finder)
    return finder


def unavailable_reference_finder(
    finder: UnavailableReferenceFinder,
) -> UnavailableReferenceFinder:
    """Decorator: `finder(record)` returns what `record` relies on and is unavailable."""
    _unavailable_reference_finders.append(finder)
    return finder


def get_unavailable_references(record: Publishable) -> list[Publishable]:
    """Return what a saved `record` relies on that was withdrawn or retracted."""
    return list(
        dict.fromkeys(lost for find in _unavailable_reference_finders for lost in find(record))
    )


def text_reference_builder(reference: Callable[[models.Model], TextReference | None]) -> Callable:
    """Decorator: the function returns the TextReference of a record, or None."""
    _text_reference_builders.append(reference)
    return reference


def find_text_references(record: models.Model) -> list[Publishable]:
    """Return the records, published or not, whose text names `record` by its slug."""
    return list(dict.fromkeys(page for find in _text_reference_finders for page in find(record)))


def find_dependents(record: models.Model) -> list[models.Model]:
    """Return the records that need `record` and so prevent its deletion.

    This includes records that need it only in their open draft. A part counts as its page.
    """
    pages: list[models.Model] = [*find_text_references(record)]
    for relation in _get_far_ends(type(record)):
        if _is_required_relation(relation):
            rows = select_pages(get_related_model(relation)._default_manager.all())
            pages += map(get_page, rows.filter(**{relation.field.name: record}))
    for model in get_pointer_models():
        if model.on_page_delete is models.PROTECT:
            pages += map(get_page, select_pages(model._default_manager.pointing_at([record])))
    pages += [page for page, _ in find_drafts_using([record], needed=True)]
    return list(dict.fromkeys(pages))


def find_uses(record: models.Model) -> list[RecordUse]:
    """Return all uses of `record` and its parts, published and in drafts, by model and name.

    Withdrawn records do not count. The number of queries is constant for each model.
    """
    rows = list(iter_rows(fetch_with_parts(record)))
    uses: dict[models.Model, RecordUse] = {}
    for page in _find_current_uses(rows):
        if getattr(page, "status", None) != Status.WITHDRAWN:
            uses.setdefault(page, RecordUse(page)).is_current = True
    for page, draft in find_drafts_using(rows):
        uses.setdefault(page, RecordUse(page)).draft = draft
    uses.pop(get_page(record), None)
    return sorted(uses.values(), key=lambda use: (use.page._meta.verbose_name, str(use.page)))


def reject_if_in_use(record: models.Model) -> None:
    """Raise WorkflowError with the pages that use `record`, if there are any."""
    if pages := [use.page for use in find_uses(record)]:
        raise WorkflowError(
            f"It is in use: {format_names(pages)}. Name what is to be read instead, or say that "
            "these may stay as they are."
        )


def _find_current_uses(rows: list[models.Model]) -> Iterator[models.Model]:
    """The pages that use one of `rows`, a record and its parts, as they stand."""
    yield from find_text_references(rows[0])
    for find in _link_reference_finders:
        yield from find(rows[0])
    for model in {type(row) for row in rows}:
        ours = [row for row in rows if type(row) is model]
        for relation in get_incoming_relations(model):
            pointing = select_pages(get_related_model(relation)._default_manager.all())
            yield from map(get_page, pointing.filter(**{f"{relation.field.name}__in": ours}))
    for model in get_pointer_models():
        yield from map(get_page, select_pages(model._default_manager.pointing_at(rows)))


def get_incoming_relations(model: type[models.Model]) -> list[models.ForeignObjectRel]:
    """Return the relations by which other pages, or their parts, point to `model`."""
    return [
        relation
        for relation in _get_far_ends(model)
        if not isinstance(relation, GenericRel)  # The near end points there.
        and not get_related_model(relation)._meta.auto_created
        and relation.field.name != get_owner_field_name(get_related_model(relation))
    ]


def _get_far_ends(model: type[models.Model]) -> list[models.ForeignObjectRel]:
    """The far ends of the relations of other models to `model`."""
    fields = model._meta.get_fields(include_hidden=True)
    return [field for field in fields if isinstance(field, models.ForeignObjectRel)]


def find_drafts_using(
    rows: list[models.Model], *, needed: bool = False
) -> Iterator[tuple[Publishable, Revision]]:
    """Yield the other pages whose open draft uses one of `rows`, a record and its parts.

    With `needed`, only those that cannot do without: a text, or a required relation.
    """
    references = [
        reference for find in _text_reference_builders for row in rows if (reference := find(row))
    ]
    keys = {str(row.pk) for row in rows}
    page = get_page(rows[0])
    hints = {hint for reference in references for hint in reference.hints}
    drafts = Revision.objects.open().containing_any(keys | hints).exclude(object_id=page.pk)
    for draft in drafts.select_related("author").prefetch_related("record"):
        used = (_does_row_use(row, keys, references, needed) for row in draft.snapshot)
        if draft.record and any(used):
            yield draft.record, draft


def does_revision_use(revision: Revision, record: models.Model) -> bool:
    """Whether the text of `revision` names `record` or points to it."""
    if revision.object_id == record.pk:
        return False
    references = [reference for find in _text_reference_builders if (reference := find(record))]
    keys = {str(record.pk)}
    return any(_does_row_use(row, keys, references, needed=False) for row in revision.snapshot)


def _does_row_use(
    row: dict[str, Any], keys: set[str], references: list[TextReference], needed: bool
) -> bool:
    """Whether one row of a snapshot points to one of `keys`, or names what `references` tell of."""
    model = apps.get_model(row["model"])
    for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
        value = row["fields"].get(field.name)
        if field.is_relation:
            counts = not needed or _is_required_relation(field.remote_field)
            if counts and keys & set(value if isinstance(value, list) else [value]):
                return True
        elif isinstance(value, str) and any(reference.is_named(value) for reference in references):
            return True
    if issubclass(model, PagePointer):
        counts = not needed or model.on_page_delete is models.PROTECT
        return counts and row["fields"]["page_id"] in keys
    return False


def _is_required_relation(relation) -> bool:
    """Is this the far end of a key that must not dangle, or of a list that must not be empty?"""
    if not relation.auto_created or relation.concrete:
        return False
    if relation.many_to_many:
        return not relation.field.blank
    return relation.on_delete is models.PROTECT


def format_names(records, most=5):
    """“A”, “B” and 3 more."""
    names = [f"“{record}”" for record in records[:most]]
    more = len(records) - most
    return get_text_list([*names, f"{more} more"] if more > 0 else names, "and")
