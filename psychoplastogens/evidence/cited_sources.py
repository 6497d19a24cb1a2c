"""The sources that a reviewer is shown beside what changed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.db.models import Q

from psychoplastogens.editorial.review.cited_sources import CitedSource, cited_source_finder
from psychoplastogens.evidence.models import Source


@cited_source_finder
def find_sources(slugs: set[str], keys: set[str]) -> Iterator[tuple[str, CitedSource]]:
    """Sources by slug and by key, published or not."""
    for source in Source.objects.filter(Q(slug__in=slugs) | Q(pk__in=filter(_is_key, keys))):
        year = str(source.year or "")
        yield (
            source.slug,
            CitedSource(source.slug, source.title, year, source.supports, source.link),
        )


def _is_key(text: str) -> bool:
    try:
        return bool(uuid.UUID(text))
    except ValueError:
        return False
