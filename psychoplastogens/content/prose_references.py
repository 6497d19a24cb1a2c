"""Find the records, published or not, whose prose names a record or links to its page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from itertools import product

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from psychoplastogens.content.models import Compound, GlossaryTerm
from psychoplastogens.content.models.prose_model import ProseModel, get_prose_fields
from psychoplastogens.content.rendering import markdown
from psychoplastogens.editorial.models import (
    OldAddress,
    Page,
    Publishable,
    get_publishable,
    select_pages,
)
from psychoplastogens.editorial.workflow.references import (
    TextReference,
    link_reference_finder,
    text_reference_builder,
    text_reference_finder,
)
from psychoplastogens.evidence.models import Finding, Source

REFERENCE_KINDS: dict[type[Model], str] = {
    Source: "source",
    Finding: "finding",
    GlossaryTerm: "term",
    Compound: "status",
}


@text_reference_builder
def reference_by_slug(record: Model) -> TextReference | None:
    """How prose names `record` by its slug. A term may be written in other words than its slug."""
    kind = REFERENCE_KINDS.get(type(record))
    if not (kind and isinstance(record, Publishable)):
        return None
    slug = record.slug
    hint = "[[" if kind == "term" else slug
    return TextReference((hint,), lambda text: _is_named_in(text, kind, slug))


@text_reference_builder
def reference_by_link(record: Model) -> TextReference | None:
    """How prose links to the page of `record` or to a part of it; None if it has no page.

    An address that the page once had leads there too.
    """
    if not (isinstance(record, Page) and isinstance(record, Publishable) and record.has_own_page):
        return None
    renamed, addresses = copy(record), [record.get_absolute_url()]
    for renamed.slug in OldAddress.objects.get_slugs_of(record):
        addresses.append(renamed.get_absolute_url())
    links = [f"]({address}" for address in addresses]
    return TextReference(tuple(addresses), lambda text: any(link in text for link in links))


@text_reference_finder
def find_records_naming(record: Model) -> Iterator[Publishable]:
    """Yield the records whose prose names `record` by its slug; for a part, its page."""
    return _find_records(reference_by_slug(record))


@link_reference_finder
def find_records_linking_to(record: Model) -> Iterator[Publishable]:
    """Yield the records whose prose links to the page of `record`; for a part, its page."""
    return _find_records(reference_by_link(record))


def _is_named_in(text: str, kind: str, slug: str) -> bool:
    if kind == "term":
        return slug in markdown.get_term_slugs(text)
    return any((r.kind, r.slug) == (kind, slug) for r in markdown.find_references(text))


def _find_records(naming: TextReference | None) -> Iterator[Publishable]:
    if naming is None:
        return
    for model in apps.get_models():
        if issubclass(model, ProseModel):
            candidates = _filter_candidates(model, naming.hints).values_list(
                "pk", *get_prose_fields(model)
            )
            keys = [key for key, *texts in candidates if any(map(naming.is_named, texts))]
            if keys:
                rows = model._default_manager.filter(pk__in=keys)
                yield from map(get_publishable, select_pages(rows))


def _filter_candidates(model: type[ProseModel], hints: Iterable[str]) -> QuerySet:
    """Rows whose prose holds one of `hints`; a short one matches many."""
    holds = Q()
    for field, hint in product(get_prose_fields(model), hints):
        holds |= Q(**{f"{field}__contains": hint})
    return model._default_manager.filter(holds).order_by()
