"""The synonyms by which a search leads to a record."""

from __future__ import annotations

from collections.abc import Iterator

from psychoplastogens.editorial.workflow.leads import Lead, Rows, get_addresses, lead_finder
from psychoplastogens.search.models import Synonym


@lead_finder
def find_synonyms(rows: Rows) -> Iterator[Lead]:
    for synonym in Synonym.objects.answered_at(get_addresses(rows)):
        yield Lead("Synonym", str(synonym), "a search for it leads there", synonym)
