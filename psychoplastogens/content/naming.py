"""Which texts, published or not, name a source, a number, a term or a status, or link to a page."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from psychoplastogens.content import prose
from psychoplastogens.content.models import Compound, GlossaryTerm
from psychoplastogens.content.models.written import Written, prose_fields
from psychoplastogens.editorial.models import Publishable
from psychoplastogens.editorial.uses import Naming, page_of, with_pages
from psychoplastogens.evidence.models import Finding, Source

KIND = {Source: "source", Finding: "finding", GlossaryTerm: "term", Compound: "status"}


def by_slug(record: Model) -> Naming | None:
    """How prose names `record` by its slug. A term's is no hint: it is written as one says it."""
    kind = KIND.get(type(record))
    if not kind:
        return None
    hint = "[[" if kind == "term" else record.slug
    return Naming(hint, lambda text: _names(text, kind, record.slug))


def by_link(record: Model) -> Naming | None:
    """How prose links to the page of `record`, or to a part of it; None where it has no page."""
    if not (isinstance(record, Publishable) and isinstance(record, (Written, Source))):
        return None
    address = record.get_absolute_url()
    return Naming(address, lambda text: f"]({address}" in text)


def texts_that_name(record: Model) -> Iterator[Publishable]:
    """The records whose prose names `record` by its slug; for a part, the page that it is of."""
    return _texts(by_slug(record))


def texts_that_link(record: Model) -> Iterator[Publishable]:
    """The records whose prose links to the page of `record`; for a part, the page that it is of."""
    return _texts(by_link(record))


def _names(text: str, kind: str, slug: str) -> bool:
    if kind == "term":
        return slug in prose.terms(text)
    return any((r.kind, r.slug) == (kind, slug) for r in prose.references(text))


def _texts(naming: Naming | None) -> Iterator[Publishable]:
    for model in apps.get_models() if naming else ():
        if issubclass(model, Written):
            candidates = _candidates(model, naming.hint).values_list("pk", *prose_fields(model))
            keys = [key for key, *texts in candidates if any(map(naming.is_named, texts))]
            yield from map(page_of, with_pages(model.objects.filter(pk__in=keys)))


def _candidates(model: type[Written], hint: str) -> QuerySet:
    """Rows whose prose holds `hint`: where that is short, many."""
    holds = Q()
    for field in prose_fields(model):
        holds |= Q(**{f"{field}__contains": hint})
    return model.objects.filter(holds)
