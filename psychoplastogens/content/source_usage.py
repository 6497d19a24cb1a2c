"""Find the published pages that use a source: by citation, by a number of it, by a status."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from django.core.cache import cache
from django.db import models

from psychoplastogens.content.models import Compound, CompoundStatus, Condition
from psychoplastogens.content.models.prose_model import ProseModel
from psychoplastogens.content.rendering import markdown
from psychoplastogens.editorial.models import (
    ContentVersion,
    current_language,
    get_page_models,
    get_related_model,
)
from psychoplastogens.evidence.models import Finding, Source


class PageLink(NamedTuple):
    title: str
    url: str


def find_pages_citing(source: Source) -> list[PageLink]:
    """The published pages that use `source`, by model.

    The uses of all sources are read at once and kept for this version of the content: after each
    publication every page is made anew, and more than half of them are those of sources.
    """
    # Read before the pages: what is published meanwhile belongs to the next number.
    number, key = ContentVersion.objects.get_current(), f"source-uses-{current_language()}"
    kept_number, uses = cache.get(key, (None, {}))
    if kept_number != number:
        uses = find_all_uses()
        cache.set(key, (number, uses), timeout=None)
    return uses.get(source.slug, [])


def find_all_uses() -> dict[str, list[PageLink]]:
    """{slug of a source: the published pages that use it}, in a constant number of queries."""
    marked, listed = _read_marked_sources(), _read_listed_sources()
    uses: dict[str, list[PageLink]] = {}
    for model in get_page_models():
        if not issubclass(model, ProseModel) or model.url_parent:
            continue
        records = model.get_owner_model().objects.published()
        for record in records.prefetch_related(*get_prose_parts(model)):
            page = PageLink(str(record), record.get_absolute_url())
            for slug in _find_cited_sources(record, marked) | listed.get(record.pk, set()):
                uses.setdefault(slug, []).append(page)
    return uses


@lru_cache
def get_prose_parts(model: type[models.Model], before: str = "") -> dict[str, type[ProseModel]]:
    """The parts of a record of `model` that hold prose, by relation; nested ones as `a__b`."""
    found: dict[str, type[ProseModel]] = {}
    for name in getattr(model, "parts", ()):
        part = get_related_model(model._meta.get_field(name))
        if issubclass(part, ProseModel):
            found[f"{before}{name}"] = part
        found |= get_prose_parts(part, f"{before}{name}__")
    return found


def _read_marked_sources() -> dict[tuple[str, str], str]:
    """{(kind, slug) of a finding or status that a text may show: the slug of its source}."""
    findings = Finding.objects.published().values_list("slug", "source__slug")
    statuses = CompoundStatus.objects.quotable(Compound.objects.values("slug"))
    return {("finding", slug): source for slug, source in findings} | {
        ("status", slug): status.source.slug for slug, status in statuses.items()
    }


def _read_listed_sources() -> dict[UUID, set[str]]:
    """{key of a compound or condition: the sources of its findings and statuses}."""
    found: dict[UUID, set[str]] = {}
    published = Finding.objects.published()
    pairs = [
        model.objects.filter(**{f"{name}__in": published}).values_list(
            "pk", f"{name}__source__slug"
        )
        for model in (Compound, Condition)
        for name in ("findings", "pictured")
    ]
    statuses = Compound.objects.filter(statuses__source__isnull=False)
    for key, slug in (*chain(*pairs), *statuses.values_list("pk", "statuses__source__slug")):
        found.setdefault(key, set()).add(slug)
    return found


def _find_cited_sources(record: ProseModel, marked: Mapping[tuple[str, str], str]) -> set[str]:
    references = (
        reference for text in _iter_texts(record) for reference in markdown.find_references(text)
    )
    return {
        one.slug if one.kind == "source" else marked[one.kind, one.slug]
        for one in references
        if one.kind == "source" or (one.kind, one.slug) in marked
    }


def _iter_texts(record: ProseModel) -> Iterator[str]:
    yield from record.prose_texts()
    for relation in get_prose_parts(type(record)):
        for part in _iter_parts(record, relation):
            yield from part.prose_texts()


def _iter_parts(record, relation: str) -> Iterator[ProseModel]:
    name, _, deeper = relation.partition("__")
    for part in getattr(record, name).all():
        yield from _iter_parts(part, deeper) if deeper else [part]
