from datetime import date
from xml.etree import ElementTree

import pytest

from psychoplastogens.editorial.models import Status
from tests import factories

pytestmark = pytest.mark.django_db
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def locations(client):
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    return [place.text for place in tree.iter(f"{SITEMAP}loc")]


def test_every_address_is_absolute_once_and_answers(client, settings):
    settings.SITE_ORIGIN = "https://site.example"
    for maker in (
        factories.make_compound,
        factories.make_condition,
        factories.make_faq,
        factories.make_term,
    ):
        maker()
    factories.make_source()
    factories.make_explainer({}, {})
    found = locations(client)
    assert len(found) == len(set(found)) >= 20
    for address in found:
        assert address.startswith("https://site.example/")
        assert client.get(address.removeprefix("https://site.example")).status_code == 200


@pytest.mark.parametrize("status", [s for s in Status if s != Status.PUBLISHED])
def test_only_published_pages_are_named(client, status):
    for maker in (
        factories.make_compound,
        factories.make_condition,
        factories.make_faq,
        factories.make_term,
    ):
        maker(slug="secret", status=status)
    factories.make_source(slug="secret", status=status)
    factories.make_explainer({"slug": "secret"}, slug="secret-guide", status=status)
    factories.make_faq(slug="secret", language="es")
    assert not [address for address in locations(client) if "secret" in address]


def test_fragments_searches_and_staff_are_not_named(client):
    factories.make_term()
    text = " ".join(locations(client))
    assert not [word for word in ("fragment", "admin", "search", "ask", "?") if word in text]


def test_a_page_says_when_its_meaning_changed(client):
    factories.make_faq(slug="drive", written_on=date(2026, 1, 1), updated_on=date(2026, 2, 3))
    assert "/questions/drive/</loc><lastmod>2026-02-03</lastmod>" in client.get("/sitemap.xml").text


@pytest.mark.parametrize("records", [1, 6])
def test_more_records_need_no_more_queries(client, django_assert_num_queries, records):
    for _ in range(records):
        factories.make_faq()
        factories.make_explainer({}, {})
    with django_assert_num_queries(13):
        client.get("/sitemap.xml")


def test_robots_are_led_to_it(client):
    assert "/sitemap.xml" in client.get("/robots.txt").text
