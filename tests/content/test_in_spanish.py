"""The one page in Spanish: who to call, how to ask for an interpreter."""

import re

import pytest

from psychoplastogens.content.models import Compound
from psychoplastogens.content.other_languages import OTHER_LANGUAGES, find_other_language
from psychoplastogens.evidence.models import Source

pytestmark = [pytest.mark.usefixtures("content"), pytest.mark.django_db]


@pytest.fixture
def article(client):
    html = client.get("/es/").text
    return re.search(r"<article.*?</article>", html, re.DOTALL)[0]


def test_its_words_are_marked_as_spanish_and_those_to_show_as_english(article):
    assert article.startswith('<article class="flow measure" lang="es">')
    assert re.search(r'<b lang="en">\s*I speak Spanish. I need an interpreter', article)


def test_its_numbers_are_those_that_a_source_says_are_answered_in_spanish(client, article):
    named = {path.split("/")[2] for path in re.findall(r'href="(/sources/[^"]+)"', article)}
    assert named == {"988-expect", "poison-org", "samhsa-helpline"}
    said = " ".join(Source.objects.published().with_slugs(named).values_list("supports", flat=True))
    for number in re.findall(r'href="(?:tel|sms):1?(\d+)"', article):
        assert number in re.sub(r"(?<=\d)-(?=\d)", "", said), number
    for word in ("AYUDA", "2 for Spanish", "English and Spanish"):
        assert word in said


def test_it_says_that_no_clinician_has_reviewed_it(article):
    assert "Ningún profesional de la salud ha revisado esta página" in " ".join(article.split())


@pytest.mark.parametrize("address", ["/", "/compounds/ketamine/", "/help/", "/search/?q=qqqqzzzz"])
def test_every_page_leads_to_it_in_its_own_language(client, address):
    html = client.get(address).text
    assert '<a href="/es/" lang="es">En español</a>' in html[html.index("<footer") :]


def test_a_page_is_the_same_for_a_browser_that_prefers_spanish(client):
    usual = client.get("/compounds/ketamine/")
    asked = client.get("/compounds/ketamine/", headers={"Accept-Language": "es-MX,es;q=0.9"})
    assert asked.content == usual.content
    assert "Accept-Language" not in usual.get("Vary", "")


def test_search_finds_it(client):
    for words in ("espanol", "español", "spanish"):
        assert 'href="/es/"' in client.get("/search/", {"q": words}).text.partition("<footer")[0]


def test_no_record_is_published_in_spanish_with_it(client):
    assert not Compound.objects.exclude(language="en").exists()
    assert client.get("/es/compounds/ketamine/").status_code == 404


@pytest.mark.parametrize(
    ("wanted", "shown", "found"),
    [
        (["es"], "en", "es"),
        (["fr", "es"], "en", "es"),
        (["en", "es"], "en", None),
        (["es", "en"], "en", "es"),
        (["es"], "es", None),
        (["fr"], "en", None),
        ([], "en", None),
    ],
)
def test_the_language_wanted_most_decides(wanted, shown, found):
    assert find_other_language(wanted, shown) == OTHER_LANGUAGES.get(found)
