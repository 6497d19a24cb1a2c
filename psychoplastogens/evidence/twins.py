"""What says that a source or a number is there already."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from psychoplastogens.editorial.workflow.twins import register_twin_finder
from psychoplastogens.evidence.models import Finding, Source


@register_twin_finder(Source)
def find_same_source(source: Source, others: QuerySet) -> QuerySet:
    """Those with its DOI, or its address, or its title in the same year."""
    title, address = source.title.rstrip(". "), source.url.rstrip("/")
    is_same = Q(year=source.year) & (Q(title__iexact=title) | Q(title__iexact=f"{title}."))
    if source.doi:
        is_same |= Q(doi__iexact=source.doi)
    if address:
        is_same |= Q(url__in=[address, f"{address}/"])
    return others.filter(is_same)


@register_twin_finder(Finding)
def find_same_number(finding: Finding, others: QuerySet) -> QuerySet:
    """Those with its name from its source."""
    return others.filter(source=finding.source_id, name__iexact=finding.name)
