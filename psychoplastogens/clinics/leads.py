"""The lists of anybody that hold a record or one of its parts."""

from __future__ import annotations

from collections.abc import Iterator

from psychoplastogens.clinics.models import SharedList
from psychoplastogens.clinics.reading_lists import build_listable_page
from psychoplastogens.editorial.models import Page
from psychoplastogens.editorial.workflow.leads import Lead, Rows, lead_finder


@lead_finder
def find_shared_lists(rows: Rows) -> Iterator[Lead]:
    pages = (row for row in rows if isinstance(row, Page) and row.is_shareable)
    codes = [build_listable_page(page).code for page in pages]
    if number := SharedList.objects.count_with_any(codes):
        yield Lead("Lists of anybody", str(number), "each with a short link")
