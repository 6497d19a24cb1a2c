"""Which texts, published or not, name a source, a number or a term: they would miss it."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from psychoplastogens.content import prose
from psychoplastogens.content.models import GlossaryTerm
from psychoplastogens.content.models.written import Written, prose_fields
from psychoplastogens.editorial.models import Publishable
from psychoplastogens.editorial.uses import page_of, with_pages
from psychoplastogens.evidence.models import Finding, Source

KIND = {Source: "source", Finding: "finding", GlossaryTerm: "term"}


def texts_that_name(record: Model) -> Iterator[Publishable]:
    """The records whose prose names `record` by its slug; for a part, the page that it is of."""
    kind = KIND.get(type(record))
    if kind:
        for model in apps.get_models():
            if issubclass(model, Written):
                yield from _naming(model, kind, record.slug)


def _naming(model: type[Written], kind: str, slug: str) -> Iterator[Publishable]:
    for row in _candidates(model, "[[" if kind == "term" else slug):
        named = (reference for text in row.prose_texts() for reference in prose.references(text))
        if any((reference.kind, reference.slug) == (kind, slug) for reference in named):
            yield page_of(row)


def _candidates(model: type[Written], hint: str) -> QuerySet:
    """Rows whose prose holds `hint`. A term's slug is no hint: it is written as readers say it."""
    holds = Q()
    for field in prose_fields(model):
        holds |= Q(**{f"{field}__contains": hint})
    return with_pages(model.objects.filter(holds))
