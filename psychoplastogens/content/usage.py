"""Where a source is used: the published pages whose prose cites it or draws a number from it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from psychoplastogens.content import prose
from psychoplastogens.content.models import (
    Compound,
    Condition,
    ConditionEvidence,
    ConditionOption,
    Explainer,
    Faq,
    GlossaryTerm,
    Section,
)
from psychoplastogens.content.models.written import Written, prose_fields
from psychoplastogens.editorial.models import Publishable
from psychoplastogens.evidence.models import Finding, Source

# Each kind of page, with those of its parts that hold prose
WRITTEN_PARTS: dict[type[Publishable], dict[str, type[Written]]] = {
    Compound: {},
    Condition: {"options": ConditionOption, "evidence": ConditionEvidence},
    Explainer: {"sections": Section},
    Faq: {},
    GlossaryTerm: {},
}


def look_into(page: type[Publishable], parts: dict[str, type[Written]]) -> None:
    """For rooms above this one: look for sources in their pages too. Parts of parts: `a__b`."""
    WRITTEN_PARTS[page] = parts


def pages_citing(source: Source) -> list[Publishable]:
    """The published records that rest on `source`, kind by kind, in a fixed number of queries."""
    findings = Finding.objects.published().from_source(source)
    used = {("source", source.slug)}
    used |= {("finding", slug) for slug in findings.values_list("slug", flat=True)}
    used |= {("status", slug) for slug in Compound.objects.with_status_from(source)}
    listed = _listing(source, findings)
    return [
        record
        for model, parts in WRITTEN_PARTS.items()
        for record in _candidates(model, used, listed)
        if record.pk in listed or _names(record, parts, used)
    ]


def _listing(source: Source, findings: QuerySet) -> set:
    """The keys of compounds and conditions that list a finding of it or name it for a status."""
    numbers = Q(findings__in=findings) | Q(pictured__in=findings)
    resting = [
        Compound.objects.filter(numbers | Q(statuses__source=source)),
        Condition.objects.filter(numbers),
    ]
    return {key for records in resting for key in records.values_list("pk", flat=True)}


def _candidates(model: type[Publishable], used: set[tuple[str, str]], listed: set):
    """Records that may rest on the source: they hold its mark, draw a finding, or list one."""
    # Spaces may stand between {{ and the kind.
    marks = {f"[^{slug}" if kind == "source" else f"{kind}:" for kind, slug in used}
    fields = prose_fields(model)
    for relation, part in WRITTEN_PARTS[model].items():
        fields += [f"{relation}__{name}" for name in prose_fields(part)]
    found = Q()
    for field in fields:
        for mark in marks:
            found |= Q(**{f"{field}__contains": mark})
    keys = model.objects.filter(found | Q(pk__in=listed)).values("pk")
    parts = WRITTEN_PARTS[model]
    return model.objects.published().filter(pk__in=keys).prefetch_related(*parts)


def _names(record, parts, used: set[tuple[str, str]]) -> bool:
    return any(
        (r.kind, r.slug) in used for text in _texts(record, parts) for r in prose.references(text)
    )


def _texts(record, parts) -> Iterator[str]:
    yield from record.prose_texts()
    for relation in parts:
        for part in _parts(record, relation):
            yield from part.prose_texts()


def _parts(record, relation: str) -> Iterator[Written]:
    name, _, deeper = relation.partition("__")
    for part in getattr(record, name).all():
        yield from _parts(part, deeper) if deeper else [part]
