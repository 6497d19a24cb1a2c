"""Every address that was ever given out is opened again after renames and withdrawals.

tests/old_addresses.txt holds them, one a line: pages, steps, lists, short links, handouts. Nothing
is ever taken out of it; what is new is added, as the last test says.
"""

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from psychoplastogens.clinics.models import Clinic, Pack
from psychoplastogens.content.models import (
    Compound,
    Condition,
    Explainer,
    Faq,
    GlossaryTerm,
    Section,
)
from psychoplastogens.evidence.models import Source
from psychoplastogens.short_links.content_loader import map_records_by_address
from psychoplastogens.short_links.models import ShortLink
from psychoplastogens.walkthrough.models import Step, Walkthrough
from tests.factories import make_user

FILE = Path(__file__).resolve().parents[1] / "old_addresses.txt"
ADDRESSES = FILE.read_text().split()
PAGES = (Compound, Condition, Explainer, Faq, GlossaryTerm, Source, Walkthrough)
OTHERS = (Section, Step, Clinic, Pack)
BECAUSE = "Withdrawn to see what old links say."

pytestmark = [pytest.mark.usefixtures("content"), pytest.mark.django_db]


def after_one_hop(client, address, known=()):
    """The answer to whom follows one redirect; None where it leads to a page that is known."""
    response = client.get(address)
    if response.status_code not in (301, 302, 303):
        return response
    return None if response["Location"] in known else client.get(response["Location"])


def dead(client, *living):
    """{address: status} of those that lead, in one hop at most, to no page with such a status.

    What is in the sitemap is opened by tests/test_every_page.py.
    """
    in_sitemap, found = set(sitemap(client)), {}
    for address in set(ADDRESSES) - in_sitemap - {"/changes/feed/"}:
        response = after_one_hop(client, address, in_sitemap)
        if response is None:
            continue
        is_read = b"<h1" in response.content or response.content.startswith(b"%PDF-")
        if response.status_code not in living or not is_read:
            found[address] = response.status_code
    return found


def sitemap(client):
    text = client.get("/sitemap.xml").content.decode()
    return re.findall(r"<loc>http://[^/]+(/[^<]*)</loc>", text)


def test_each_of_them_opens(client):
    assert dead(client, 200) == {}


def test_each_of_them_opens_after_everything_was_renamed(client):
    for model in (*PAGES, *OTHERS):
        for record in model.objects.all():
            record.slug = f"{record.slug[:70]}-now"
            record.save()
    assert dead(client, 200) == {}


def test_each_of_them_says_why_after_everything_was_withdrawn(client):
    for model in PAGES:
        for record in model.objects.all():
            record.withdraw(by=make_user(), reason=BECAUSE)
    for pack in Pack.objects.all():
        pack.is_live = False
        pack.save()
    assert dead(client, 200, 410) == {}
    for address in ("/compounds/ketamine/", "/how-ketamine-works/", "/questions/antidepressants/"):
        link = ShortLink.objects.get_or_create_for(map_records_by_address()[address])
        response = after_one_hop(client, link.get_absolute_url())
        assert response.status_code == 410
        assert BECAUSE in response.content.decode()


def test_renamed_and_withdrawn_pages_say_why_too(client):
    faq = map_records_by_address()["/questions/antidepressants/"]
    faq.slug = "renamed"
    faq.save()
    faq.withdraw(by=make_user(), reason=BECAUSE)
    for address in ("/questions/antidepressants/", ShortLink.objects.get_or_create_for(faq)):
        address = getattr(address, "get_absolute_url", lambda a=address: a)()
        assert BECAUSE in after_one_hop(client, address).content.decode()


def test_a_database_that_was_built_anew_has_the_codes_of_the_file():
    """This test's database was: its keys are new, and the codes lead where they always led."""
    given = yaml.safe_load((settings.FIXTURES / "short_links.yaml").read_text())
    assert ShortLink.objects.get_destination_urls(given) == given
    assert {link.code for link in ShortLink.objects.all()} > set(given)


def test_the_file_holds_every_address_of_today(client):
    """It fails where a page is new: then add its address to tests/old_addresses.txt."""
    today = [*sitemap(client), *(link.get_absolute_url() for link in ShortLink.objects.all())]
    assert len(today) > 750
    assert set(today) <= set(ADDRESSES)


def test_every_page_that_a_link_may_lead_to_has_a_code():
    """It fails where a page is new: then give it a code in fixtures/short_links.yaml."""
    given = yaml.safe_load((settings.FIXTURES / "short_links.yaml").read_text())
    assert set(map_records_by_address()) == set(given.values())
    assert len(given) == len(set(given.values()))
