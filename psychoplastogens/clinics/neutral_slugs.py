"""The address of a reading list shows on locked phones: it names no medicine and no illness."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.text import slugify

from psychoplastogens.content.models import Compound, Condition
from psychoplastogens.search.models import Synonym

NEUTRAL_SLUG = "reading-list"
"""Where a title says nothing else."""
MAX_LENGTH = 70
TELLING_KINDS = (Synonym.Kind.MEDICINE, Synonym.Kind.SUBSTANCE, Synonym.Kind.CONDITION)


def propose_slug(title: str) -> str:
    """Return a slug made of a title, without names of medicines and illnesses."""
    slug = f"-{slugify(title)}-"
    for name in find_telling_names(slug):
        while f"-{name}-" in slug:
            slug = slug.replace(f"-{name}-", "-")
    return slug.strip("-")[:MAX_LENGTH].strip("-") or NEUTRAL_SLUG


def find_telling_names(slug: str) -> list[str]:
    """Return the names of medicines and illnesses in a slug, as slugs, the longest first."""
    names = {slugify(name) for name in _iter_telling_names()} - {""}
    return sorted((name for name in names if f"-{name}-" in f"-{slug}-"), key=len, reverse=True)


def _iter_telling_names() -> Iterator[str]:
    for compound in Compound.objects.published().only("name", "brand", "other_names"):
        yield from (compound.name, compound.brand, *compound.other_names)
    for condition in Condition.objects.published().only("name", "short_name", "other_names"):
        yield from (condition.name, condition.short_name, *condition.other_names)
    for synonym in Synonym.objects.filter(kind__in=TELLING_KINDS).only("name", "other_names"):
        yield from (synonym.name, *synonym.other_names)
