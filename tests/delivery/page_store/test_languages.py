"""A page and its text in another language: in the store, the address alone tells them apart."""

import pytest

from tests import factories

pytestmark = pytest.mark.django_db
ENGLISH, SPANISH = "/questions/driving/", "/es/manejar/"


@pytest.fixture
def pair(db):
    return factories.make_translation(factories.make_faq(slug="driving"), slug="manejar")


def test_both_are_stored_whatever_the_browser_prefers(pair, site):
    for address, language in ((ENGLISH, b'lang="en-us"'), (SPANISH, b'lang="es"')):
        first = site.get(address, accept_language="es")
        assert language in first.body
        assert site.is_stored(address, accept_language="de")
        assert site.get(address).body == first.body
    assert site.get(SPANISH).headers["content-language"] == "es"
    assert "content-language" not in site.get(ENGLISH).headers


def test_the_page_gets_its_link_and_loses_it_with_the_next_version(pair, site, numbers):
    link = f'hreflang="es" href="http://127.0.0.1:8000{SPANISH}"'.encode()
    assert link in site.get(ENGLISH).body
    pair.withdraw(by=factories.make_user(), reason="It was wrong.")
    numbers["content"] += 1
    site.look()
    assert link not in site.get(ENGLISH).body
    assert site.get(SPANISH).status == 410


def test_the_text_goes_with_the_page_with_the_next_version(pair, site, numbers):
    assert site.get(SPANISH).status == 200
    pair.original.withdraw(by=factories.make_user(), reason="It was wrong.")
    numbers["content"] += 1
    site.look()
    assert site.get(SPANISH).status == 410
