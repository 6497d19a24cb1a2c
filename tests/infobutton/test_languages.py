"""The language of an answer, and what is said where a language is asked for that we lack."""

import pytest

from psychoplastogens.content.models import Condition
from tests.factories import make_code, make_compound, make_condition, make_translation
from tests.infobutton.infobutton_client import (
    ATOM,
    JSON,
    RXNORM,
    ask,
    categories,
    criterion,
    feed_of,
    sound_xml,
)

pytestmark = pytest.mark.django_db
SPANISH = {"informationRecipient.languageCode.c": "es"}
SPANISH_HELP = "http://127.0.0.1:8000/help/#es"


@pytest.fixture(autouse=True)
def pages():
    make_code("F43.1", page=make_condition(slug="ptsd", name="PTSD"))


@pytest.fixture
def spanish(settings):
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish")]
    ketamina = make_compound(slug="ketamina", name="Ketamina", language="es")
    make_code("6130", system="rxnorm", language="es", page=ketamina)


@pytest.mark.parametrize("language", ["es", "es-MX", "ES", "sp", "spa"])
def test_an_answer_is_in_the_language_of_the_reader(client, spanish, language):
    asked = criterion("6130", RXNORM) | {"informationRecipient.languageCode.c": language}
    feed = feed_of(ask(client, asked | JSON))
    assert feed["lang"] == feed["entry"][0]["lang"] == "es"
    assert feed["entry"][0]["title"]["_value"] == "Ketamina"
    assert categories(feed)["informationRecipient.languageCode.c"] == "es"
    assert sound_xml(ask(client, asked)).findall("*")


def test_a_page_that_is_not_translated_is_answered_in_ours(client, spanish):
    asked = criterion("F43.1") | {"informationRecipient.languageCode.c": "es"}
    feed = feed_of(ask(client, asked | JSON))
    assert (feed["lang"], feed["entry"][0]["lang"]) == ("en", "en")
    assert feed["entry"][1]["link"][0]["hreflang"] == "es"
    asked |= {"informationRecipient.languageCode.c1": "fr", "performer.languageCode.c": "en"}
    assert feed_of(ask(client, asked | JSON))["lang"] == "en"


@pytest.mark.parametrize("parameter", ["informationRecipient", "performer"])
def test_who_asks_for_spanish_is_told_in_spanish_what_there_is(client, parameter):
    asked = criterion("F43.1") | {f"{parameter}.languageCode.c": "es-US"}
    feed = feed_of(ask(client, asked | JSON))
    assert [entry["lang"] for entry in feed["entry"]] == ["en", "es"]
    said = feed["entry"][1]
    assert (said["link"][0]["href"], said["link"][0]["hreflang"]) == (SPANISH_HELP, "es")
    assert "en español" in said["summary"]["_value"]
    assert "llame al 988 y oprima 2" in said["summary"]["_value"]
    assert len(sound_xml(ask(client, asked)).findall(f"{ATOM}entry")) == 2


def test_a_subject_without_a_page_has_no_entry_in_any_language(client):
    feed = feed_of(ask(client, criterion("Z00.0") | SPANISH | JSON))
    assert feed["entry"] == []
    assert [link["href"] for link in feed["link"]][1:] == [SPANISH_HELP]
    assert len(sound_xml(ask(client, criterion("Z00.0") | SPANISH)).findall(f"{ATOM}link")) == 2


def test_a_page_in_spanish_needs_no_word_about_its_language(client, spanish):
    asked = criterion("6130", RXNORM) | SPANISH | {"performer.languageCode.c": "en"}
    assert [entry["lang"] for entry in feed_of(ask(client, asked | JSON))["entry"]] == ["es"]


def test_a_page_with_a_text_in_spanish_is_answered_with_it_first(client):
    ptsd = Condition.objects.get()
    make_translation(ptsd, slug="tept", title="Estrés postraumático")
    asked = criterion("F43.1") | SPANISH
    entries = feed_of(ask(client, asked | JSON))["entry"]
    assert [entry["lang"] for entry in entries] == ["es", "en"]
    assert entries[0]["title"]["_value"] == "Estrés postraumático"
    assert entries[0]["link"][0]["href"].endswith("/es/tept/")
    assert len(sound_xml(ask(client, asked)).findall(f"{ATOM}entry")) == 2
    page = client.get("/connect/application", asked).text
    assert "Todavía no tenemos esta información en español" not in page
    in_english = feed_of(ask(client, criterion("F43.1") | JSON))["entry"]
    assert [entry["lang"] for entry in in_english] == ["en"]


def test_who_to_call_stays_before_a_page_in_spanish(client):
    thoughts = make_condition(slug="suicidal-thoughts", name="Thoughts of suicide")
    make_code("R45.851", page=thoughts)
    make_translation(thoughts, title="Pensamientos de suicidio")
    entries = feed_of(ask(client, criterion("R45.851") | SPANISH | JSON))["entry"]
    assert [entry["lang"] for entry in entries] == ["en", "es", "en"]
    assert "988" in entries[0]["summary"]["_value"]
    assert "llame al 988 y oprima 2" in entries[1]["summary"]["_value"]


@pytest.mark.parametrize("first", ["en", "fr", "xx", "<b>", ""])
def test_who_wants_another_language_more_gets_no_spanish(client, first):
    asked = criterion("F43.1") | {"informationRecipient.languageCode.c": first}
    asked |= {"performer.languageCode.c": "es" if first == "en" else "de"}
    assert [e["lang"] for e in feed_of(ask(client, asked | JSON))["entry"]] == ["en"]
