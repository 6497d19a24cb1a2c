"""Readers of a page past its review date are told so, whatever kind of page it is."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import (
    make_claim,
    make_compound,
    make_condition,
    make_explainer,
    make_faq,
    make_pack,
    make_source,
    make_term,
    make_walkthrough,
)

pytestmark = pytest.mark.django_db
TOLD = "was due for a check in"
PAGES = {
    "/explainers/it/": lambda **f: make_explainer({"slug": "part"}, **f),
    "/explainers/it/all/": lambda **f: make_explainer({"slug": "part"}, **f),
    "/explainers/it/part/": lambda **f: make_explainer({"slug": "part"}, **f),
    "/compounds/it/": make_compound,
    "/compounds/it/numbers/": make_compound,
    "/conditions/it/": make_condition,
    "/conditions/it/numbers/": make_condition,
    "/questions/it/": make_faq,
    "/questions/": make_faq,
    "/questions/fragment/": make_faq,
    "/glossary/it/": make_term,
    "/glossary/it/fragment/": make_term,
    "/claims/": make_claim,
    "/claims/fragment/": make_claim,
    "/sources/it/": make_source,
    "/it/": lambda **f: make_walkthrough({"slug": "step"}, **f),
    "/it/all/": lambda **f: make_walkthrough({"slug": "step"}, **f),
    "/it/step/": lambda **f: make_walkthrough({"slug": "step"}, **f),
    "/it/step/fragment/": lambda **f: make_walkthrough({"slug": "step"}, **f),
}


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_past_its_date_says_so(client, address):
    PAGES[address](slug="it", review_due=in_days(-1))
    assertContains(client.get(address), TOLD)


@pytest.mark.parametrize("address", PAGES)
def test_on_the_day_itself_and_without_a_date_nothing_is_said(client, address):
    record = PAGES[address](slug="it", review_due=in_days(0))
    assertNotContains(client.get(address), TOLD)
    type(record).objects.update(review_due=None)
    assertNotContains(client.get(address), TOLD)


def test_a_page_in_a_reading_list_says_so_too(client):
    pack = make_pack(make_faq(review_due=in_days(-1)))
    assertContains(client.get(f"{pack.get_absolute_url()}1/"), TOLD)
