"""Find the published pages that use a source: by citation, by a number of it, by a status."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from django.db import models
from django.db.models import Q, QuerySet

from psychoplastogens.content.models import Compound, Condition
from psychoplastogens.content.models.prose_model import ProseModel, get_prose_fields
from psychoplastogens.content.rendering import markdown
from psychoplastogens.editorial.models import Page, Publishable, get_page_models, get_related_model
from psychoplastogens.evidence.models import Finding, Source


def find_pages_citing(source: Source) -> list[Publishable]:
    """The published records that use `source`, by model, in a constant number of queries."""
    findings = Finding.objects.published().from_source(source)
    used = {("source", source.slug)}
    used |= {("finding", slug) for slug in findings.values_list("slug", flat=True)}
    used |= {("status", slug) for slug in Compound.objects.slugs_with_status_from(source)}
    listed = _get_keys_listing(source, findings)
    return [
        record
        for model in get_page_models()
        if issubclass(model, ProseModel) and not model.url_parent
        for record in _filter_candidates(model, used, listed)
        if record.pk in listed or _uses_any(record, used)
    ]


@cache
def get_prose_parts(model: type[models.Model], before: str = "") -> dict[str, type[ProseModel]]:
    """The parts of a record of `model` that hold prose, by relation; nested ones as `a__b`."""
    found: dict[str, type[ProseModel]] = {}
    for name in getattr(model, "parts", ()):
        part = get_related_model(model._meta.get_field(name))
        if issubclass(part, ProseModel):
            found[f"{before}{name}"] = part
        found |= get_prose_parts(part, f"{before}{name}__")
    return found


def _get_keys_listing(source: Source, findings: QuerySet) -> set:
    """Keys of compounds and conditions that list a finding of the source or use it for a status."""
    numbers = Q(findings__in=findings) | Q(pictured__in=findings)
    resting = [
        Compound.objects.filter(numbers | Q(statuses__source=source)),
        Condition.objects.filter(numbers),
    ]
    return {key for records in resting for key in records.values_list("pk", flat=True)}


def _filter_candidates(model: type[Page], used: set[tuple[str, str]], listed: set) -> QuerySet:
    """Records that may use the source: those that cite it, draw a finding or list one."""
    # Spaces may stand between {{ and the kind.
    marks = {f"[^{slug}" if kind == "source" else f"{kind}:" for kind, slug in used}
    fields = get_prose_fields(model)
    parts = get_prose_parts(model)
    for relation, part in parts.items():
        fields += [f"{relation}__{name}" for name in get_prose_fields(part)]
    found = Q()
    for field in fields:
        for mark in marks:
            found |= Q(**{f"{field}__contains": mark})
    records = model.get_owner_model().objects
    keys = records.filter(found | Q(pk__in=listed)).values("pk")
    return records.published().filter(pk__in=keys).prefetch_related(*parts)


def _uses_any(record: ProseModel, used: set[tuple[str, str]]) -> bool:
    return any(
        (r.kind, r.slug) in used
        for text in _iter_texts(record)
        for r in markdown.iter_references(text)
    )


def _iter_texts(record: ProseModel) -> Iterator[str]:
    yield from record.prose_texts()
    for relation in get_prose_parts(type(record)):
        for part in _iter_parts(record, relation):
            yield from part.prose_texts()


def _iter_parts(record, relation: str) -> Iterator[ProseModel]:
    name, _, deeper = relation.partition("__")
    for part in getattr(record, name).all():
        yield from _iter_parts(part, deeper) if deeper else [part]
