"""The few words in languages that no page is written in."""

import re

import pytest

from psychoplastogens.content.models import Compound
from psychoplastogens.content.other_languages import OTHER_LANGUAGES, find_other_language
from psychoplastogens.evidence.models import Source

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("content")
def test_the_help_page_says_who_to_call_in_spanish(client):
    html = client.get("/help/").text
    part = re.search(r'<section [^>]*lang="es">.*?</section>', html, re.DOTALL)
    assert '<h2 id="es">' in part[0]
    (said,) = (
        Source.objects.published().with_slugs(["988-expect"]).values_list("supports", flat=True)
    )
    for words, in_source in (("988 y oprima 2", "2 for Spanish"), ("AYUDA al 988", "text AYUDA")):
        assert words in part[0]
        assert in_source in said


@pytest.mark.usefixtures("content")
def test_no_page_is_published_in_spanish(client):
    assert not Compound.objects.exclude(language="en").exists()
    assert client.get("/es/")["Location"] == "/help/#es"
    assert client.get("/es/compounds/ketamine/").status_code == 404


@pytest.mark.usefixtures("content")
def test_a_page_is_the_same_for_a_browser_that_prefers_spanish(client):
    usual = client.get("/compounds/ketamine/")
    asked = client.get("/compounds/ketamine/", headers={"Accept-Language": "es-MX,es;q=0.9"})
    assert asked.content == usual.content
    assert "Accept-Language" not in usual.get("Vary", "")


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
