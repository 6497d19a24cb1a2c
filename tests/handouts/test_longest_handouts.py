"""The longest pages of the content on one sheet of paper."""

import pytest
from django.core.cache import caches

from tests.handouts import pdf_reader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
LONGEST = [
    "/compounds/ketamine/",
    "/compounds/esketamine/",
    "/conditions/major-depressive-disorder/",
    "/decide/ketamine-for-depression/",
    "/explainers/safety-and-side-effects/",
    "/how-ketamine-works/",
]


@pytest.mark.parametrize("page", LONGEST)
@pytest.mark.parametrize(("query", "sides"), [("", 2), ("?paper=a4", 2), ("?size=large", 4)])
def test_they_fit(client, page, query, sides):
    caches["handouts"].clear()
    pdf = client.get(f"{page}handout.pdf{query}").content
    assert len(pdf_reader.opened(pdf).pages) <= sides
    assert pdf_reader.faults(pdf) == []
