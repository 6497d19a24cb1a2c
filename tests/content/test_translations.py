"""A page in another language, with the one that tests/content/spanish_page/ holds."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.checks import check_page, translations
from psychoplastogens.content.models import Faq, Translation
from psychoplastogens.content.unavailable_references import find_pages_with_unavailable_references
from psychoplastogens.editorial.content_loader import InvalidFixture, load_content
from psychoplastogens.editorial.models import Status
from psychoplastogens.editorial.workflow import transitions
from psychoplastogens.editorial.workflow.references import find_uses
from psychoplastogens.evidence.models import Source
from psychoplastogens.search import index_cache
from tests import factories
from tests.admin_forms import address_of
from tests.html_outline import find_faults
from tests.po_file import read_po
from tests.workflow_helpers import approve_draft, publish_draft, save_draft

pytestmark = pytest.mark.django_db
SPANISH, ENGLISH = "/es/manejar-y-trabajar/", "/questions/driving-and-work/"
FOLDER = Path(__file__).parent / "spanish_page"
PRESS_2 = "Llame al 988 y oprima 2"
ORIGIN = settings.SITE_ORIGIN


@pytest.fixture(autouse=True)
def clear_indexes():
    index_cache.clear_index_cache()
    yield
    index_cache.clear_index_cache()


@pytest.fixture
def spanish(content):
    """The starter content with one page in Spanish."""
    load_content(FOLDER)
    return Translation.objects.get()


@pytest.fixture
def pair():
    """A small page in Spanish and the question that it translates."""
    faq = factories.make_faq(slug="driving", question="Can I drive?", answer="No.[^label]")
    factories.make_source(slug="label", title="The label")
    return factories.make_translation(
        faq, slug="manejar", title="¿Puedo manejar?", text="No maneje.[^label]"
    )


def alternates(response):
    return dict(re.findall(r'<link rel="alternate" hreflang="(\w+)" href="([^"]+)"', response.text))


def test_the_page_is_in_spanish_and_says_so(client, spanish):
    response = client.get(SPANISH)
    assert response.status_code == 200
    assert response["Content-Language"] == "es"
    html = response.text
    assert re.search(r'<html\s+lang="es"\s+dir="ltr"', html)
    assert f'<link rel="canonical" href="{ORIGIN}{SPANISH}">' in html
    assert '"inLanguage":"es"' in html
    assert "no maneje ni use máquinas hasta el día siguiente" in html
    assert "21 de noviembre de 2026" in html
    assert find_faults(html) == []
    assert not response.cookies


def test_it_shows_no_english_words_around_its_text(client, spanish):
    words = read_po((settings.LOCALE_PATHS[0] / "es/LC_MESSAGES/django.po").read_text())
    english = [msgid for msgid, _ in words if " " in msgid and "%" not in msgid]
    assert len(english) > 50
    for address, status in ((SPANISH, 200), ("/es/", 200), ("/es/nada/", 404)):
        response = client.get(address)
        assert response.status_code == status
        assert [text for text in english if text in response.text] == []


def test_each_page_names_the_other_and_leads_to_it(client, spanish):
    expected = {"en": ORIGIN + ENGLISH, "es": ORIGIN + SPANISH}
    english, other = client.get(ENGLISH), client.get(SPANISH)
    assert alternates(english) == alternates(other) == expected
    assertContains(english, f'<a href="{SPANISH}" hreflang="es" lang="es">En español</a>')
    assertContains(other, f'<a href="{ENGLISH}" hreflang="en" lang="en">In English</a>')


def test_a_page_in_english_alone_says_nothing_of_languages(client, spanish):
    response = client.get("/questions/antidepressants/")
    assert alternates(response) == {}
    assertNotContains(response, "En español")
    assert "Content-Language" not in response.headers
    assertContains(response, 'lang="en-us"')


def test_the_sitemap_names_both_with_the_way_to_each_other(client, spanish):
    sitemap = client.get("/sitemap.xml").text
    for address in (ENGLISH, SPANISH):
        [entry] = re.findall(f"<url><loc>{ORIGIN}{address}</loc>.*?</url>", sitemap)
        for code, path in (("en", ENGLISH), ("es", SPANISH)):
            assert f'<xhtml:link rel="alternate" hreflang="{code}" href="{ORIGIN}{path}"/>' in entry
    assert sitemap.count("xhtml:link") == 4


def test_help_comes_first_in_spanish(client, spanish):
    html = client.get(SPANISH).text
    assert "Ayuda ya" in html[: html.index("<main")]
    footer = html[html.index("<footer") :]
    assert footer.index(PRESS_2) < footer.index("Llame al 911")
    assert "AYUDA" in html
    assert 'href="/help/#es"' in html


def test_a_page_about_suicide_begins_with_who_to_call(client, pair):
    Translation.objects.update(text="Pensar en el suicidio es una emergencia.[^label]")
    html = client.get("/es/manejar/").text
    main = html[html.index("<main") :]
    assert main.index(PRESS_2) < main.index("Pensar en el suicidio")


def test_so_does_one_that_names_it_in_its_first_sentence_alone(client, pair):
    Translation.objects.update(summary="Qué hacer si piensa en el suicidio.")
    main = client.get("/es/manejar/").text.partition("<main")[2]
    assert main.index(PRESS_2) < main.index("Qué hacer si piensa")


def test_words_in_spanish_find_it_and_it_is_no_result_in_english(client, spanish):
    found = client.get("/es/?q=maneja")  # The page has "manejar" and "maneje".
    assertContains(found, f'href="{SPANISH}"')
    assertContains(found, "1 resultado")
    for words in ("manejar", "sueño reparador", "driving"):
        assertNotContains(client.get("/search/", {"q": words}), "/es/")
    assertNotContains(client.get("/es/?q=antidepressants"), "/questions/")


def test_who_searches_in_spanish_for_a_way_out_gets_help_first(client, spanish):
    html = client.get("/es/", {"q": "quiero morir"}).text
    panel = html[html.index('class="help-panel') :]
    assert panel.index(PRESS_2) < panel.index("AYUDA") < panel.index("Llame al 911")
    assert "Parece que usted carga con mucho dolor." in panel


def test_the_pages_are_listed_and_without_one_spanish_help_is_offered(client, content):
    response = client.get("/es/")
    assert (response.status_code, response["Location"]) == (302, "/help/#es")
    load_content(FOLDER)
    assertContains(client.get("/es/"), f'href="{SPANISH}"')


@pytest.mark.parametrize(
    "address", ["/es/nada/", "/es/questions/driving/", "/es/compounds/ketamine/", "/es/search/"]
)
def test_no_other_address_answers_in_english_below_es(client, pair, address):
    response = client.get(address)
    assert response.status_code == 404
    assert 'lang="es"' in response.text
    assert PRESS_2 in response.text


@pytest.mark.parametrize("status", [Status.DRAFT, Status.IN_REVIEW, Status.APPROVED])
def test_what_is_not_published_is_nowhere(client, pair, status):
    Translation.objects.update(status=status)
    assert client.get("/es/manejar/").status_code == 404
    assert client.get("/es/").status_code == 302
    assert alternates(client.get("/questions/driving/")) == {}
    assertNotContains(client.get("/sitemap.xml"), "/es/")


def test_a_draft_reaches_readers_when_it_was_approved_and_published(client, pair):
    save_draft(pair, title="¿Puedo conducir hoy?")
    assertNotContains(client.get("/es/manejar/"), "conducir")
    approve_draft(pair)
    assertNotContains(client.get("/es/manejar/"), "conducir")


def test_a_published_draft_is_read(client, pair):
    save_draft(pair, title="¿Puedo conducir hoy?")
    publish_draft(pair)
    assertContains(client.get("/es/manejar/"), "¿Puedo conducir hoy?")


def test_it_goes_with_the_page_that_it_translates(client, pair):
    publisher = factories.make_user()
    transitions.withdraw(pair.page, by=publisher, reason="It was wrong.", leave_uses=True)
    response = client.get("/es/manejar/")
    assert response.status_code == 410
    assertContains(response, "It was wrong.", status_code=410)
    assertContains(response, "Esta página se retiró", status_code=410)
    assert client.get("/es/").status_code == 302
    assertNotContains(client.get("/sitemap.xml"), "/es/")


def test_it_is_not_read_before_the_page_that_it_translates(client, pair):
    Faq.objects.update(status=Status.DRAFT)
    assert client.get("/es/manejar/").status_code == 404
    assertNotContains(client.get("/sitemap.xml"), "/es/")


def change_page(page, **fields):
    type(page).objects.filter(pk=page.pk).update(**fields)


def notice_of(client):
    found = re.search(r"La página en inglés cambió el ([^.]+)\.", client.get("/es/manejar/").text)
    return found and found[1]


def test_readers_are_told_that_the_page_has_changed_since(client, pair):
    today = timezone.localdate()
    assert not notice_of(client)
    change_page(pair.page, updated_on=today - timedelta(days=1))
    assert not notice_of(client)
    Translation.objects.update(compared_on=date(2026, 3, 1))
    change_page(pair.page, updated_on=date(2026, 3, 5))
    assert notice_of(client) == "5 de marzo de 2026"
    Translation.objects.update(compared_on=date(2026, 3, 6))
    assert not notice_of(client)


def test_a_change_of_meaning_later_on_the_same_day_is_told(client, pair):
    save_draft(pair.page, answer="Not today.[^label]")
    publish_draft(pair.page)
    assert notice_of(client)


def test_a_new_wording_of_the_page_is_no_news(client, pair):
    Translation.objects.update(compared_on=timezone.localdate() - timedelta(days=3))
    pair.page.publish(by=factories.make_user())
    assert not notice_of(client)


def test_a_text_that_was_not_compared_again_is_not_approved(pair):
    assert not list(translations.check_compared(pair))
    change_page(pair.page, updated_on=date(2026, 3, 5))
    pair.compared_on = date(2026, 3, 1)
    pair.page.refresh_from_db()
    [problem] = translations.check_compared(pair)
    assert "Compare this text" in problem.message
    pair.compared_on = timezone.localdate() + timedelta(days=2)
    [problem] = translations.check_compared(pair)
    assert "not come yet" in problem.message


def test_the_checks_know_spanish_from_english(spanish):
    assert list(check_page(spanish)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Ayuda a 69 de 100 personas.",
        "Ayuda.[^nobody]",
        "{{finding:halved}}",
        "Una [[gate]].[^label]",
        "Está {{status:mossine}}.",
    ],
)
def test_a_text_names_nothing_that_readers_would_not_see(pair, text):
    factories.make_finding(slug="halved")
    factories.make_term(slug="gate")
    factories.make_compound(slug="mossine")
    Translation.objects.update(text=text, evidence_checked_on=timezone.localdate())
    assert [problem.severity for problem in check_page(pair)] == ["error"]


def test_it_cites_the_sources_of_the_site(client, pair):
    response = client.get("/es/manejar/")
    assertContains(response, 'href="/sources/label/"')
    assertContains(response, "1 fuente.")
    assertContains(response, '<ol class="list num small" lang="en">')
    assert pair in [use.page for use in find_uses(Source.objects.get(slug="label"))]


def test_a_source_that_was_taken_back_is_listed_for_staff(pair):
    Source.objects.filter(slug="label").update(is_retracted=True)
    assert pair in [page for page, _lost in find_pages_with_unavailable_references()]


def test_whoever_withdraws_the_page_is_told_of_it(pair):
    assert [use.page for use in find_uses(pair.page)] == [pair]


def test_its_old_address_leads_on(client, pair):
    pair.slug = "conducir"
    pair.save()
    response = client.get("/es/manejar/")
    assert (response.status_code, response["Location"]) == (301, "/es/conducir/")


def test_an_address_in_capitals_leads_to_it(client, pair):
    assert client.get("/ES/MANEJAR/")["Location"] == "/es/manejar/"


def test_a_page_has_one_text_in_a_language(pair):
    with pytest.raises(IntegrityError):
        factories.make_translation(pair.page)


def test_the_language_of_the_browser_changes_nothing(client, spanish):
    for address in (ENGLISH, SPANISH, "/", "/es/"):
        usual = client.get(address)
        asked = client.get(address, headers={"Accept-Language": "de,es;q=0.9"})
        assert asked.content == usual.content
        assert "Accept-Language" not in usual.get("Vary", "")


def test_english_is_english_again_after_it(client, spanish):
    before = client.get("/about/").content
    client.get(SPANISH)
    client.get("/es/nada/")
    assert client.get("/about/").content == before


def test_it_is_whole_on_paper(client, pair):
    html = client.get("/es/manejar/").text
    assert f"{ORIGIN}/es/manejar/" in html[html.index('class="on-print') :]
    assert "Todavía no la ha revisado un profesional de la salud." in html


def test_staff_are_told_which_texts_are_to_be_compared_again(admin_client, pair):
    assertContains(admin_client.get("/admin/"), "Every page in Spanish says what")
    change_page(pair.page, updated_on=timezone.localdate())
    Translation.objects.update(compared_on=date(2026, 3, 1))
    cache.clear()
    page = admin_client.get("/admin/")
    assertContains(page, "Pages in Spanish to compare again")
    assertContains(page, f'href="{address_of(pair)}">¿Puedo manejar?')


def test_staff_write_preview_and_review_it(admin_client, pair):
    save_draft(pair, title="¿Puedo conducir hoy?")
    for action in ("change", "preview", "review", "history", "uses"):
        assert admin_client.get(address_of(pair, action)).status_code == 200
    drawn = admin_client.get(address_of(pair, "previewed"), {"number": 0})
    assertContains(drawn, "¿Puedo conducir hoy?")
    assertContains(drawn, "Todavía no la ha revisado un profesional de la salud.")
    found = admin_client.get("/admin/content/translation/pages/?term=drive").json()["results"]
    assert found[0]["children"][0]["text"] == "Can I drive?"


def test_a_file_for_a_language_holds_no_other(tmp_path, content):
    (tmp_path / "es").mkdir()
    text = (FOLDER / "es/translations.yaml").read_text()
    (tmp_path / "es/translations.yaml").write_text(
        text.replace("  page:", "  language: en\n  page:")
    )
    with pytest.raises(InvalidFixture, match="this folder is for “es”"):
        load_content(tmp_path)


def test_a_file_that_was_loaded_is_loaded_once(spanish):
    report = load_content(FOLDER)
    assert (report.same, report.new, report.changed) == (1, 0, 0)
    assert Translation.objects.count() == 1


def test_nothing_in_another_language_is_published_with_the_site(content):
    assert not Translation.objects.exists()
