"""Long lists stand in pages; each page is an address of its own."""

import re

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content import sitemaps
from psychoplastogens.content.models import Faq, GlossaryTerm
from psychoplastogens.content.views import evidence, faqs, glossary
from psychoplastogens.editorial.models import Status
from psychoplastogens.evidence.models import Source
from tests.factories import make_faq, make_source, make_term, make_topic
from tests.html_outline import find_faults

pytestmark = pytest.mark.django_db
LISTS = {
    "/questions/": (make_faq, "question"),
    "/glossary/": (make_term, "term"),
    "/sources/": (make_source, "title"),
}


@pytest.fixture(autouse=True)
def short_pages(monkeypatch):
    monkeypatch.setattr(faqs, "QUESTIONS_PER_PAGE", 2)
    monkeypatch.setattr(glossary, "TERMS_PER_PAGE", 2)
    monkeypatch.setattr(evidence, "SOURCES_PER_PAGE", 2)


def fill(address, *words):
    make, field = LISTS[address]
    for word in words:
        make(slug=word.lower(), **{field: word})


def get_links(html):
    """{rel: href} of the head."""
    links = re.findall(r'<link\s+rel="(canonical|prev|next)"\s+href="([^"]*)"', html)
    return {rel: href.removeprefix("http://127.0.0.1:8000") for rel, href in links}


@pytest.mark.parametrize("address", LISTS)
def test_every_record_stands_on_one_page(client, address):
    fill(address, "Anna", "Bela", "Cora", "Dora", "Ella")
    pages = [client.get(address, {"page": number}).text for number in (1, 2, 3)]
    shown = [re.findall("Anna|Bela|Cora|Dora|Ella", page.split("<main")[1]) for page in pages]
    assert [set(names) for names in shown] == [{"Anna", "Bela"}, {"Cora", "Dora"}, {"Ella"}]
    assert find_faults(pages[1]) == []


@pytest.mark.parametrize("address", LISTS)
def test_a_page_names_itself_and_its_neighbours(client, address):
    fill(address, "Anna", "Bela", "Cora", "Dora", "Ella")
    first, second, third = (client.get(address, {"page": n}).text for n in (1, 2, 3))
    one, two, three = (f"{address}?page={number}" for number in (1, 2, 3))
    assert get_links(first) == {"canonical": address, "next": two}
    assert get_links(second) == {"canonical": two, "prev": one, "next": three}
    assert get_links(third) == {"canonical": three, "prev": two}
    titles = {re.search("<title>(.*?)</title>", page, re.DOTALL)[1] for page in (first, second)}
    assert len(titles) == 2


@pytest.mark.parametrize("address", [*LISTS, "/questions/fragment/"])
@pytest.mark.parametrize("page", ["4", "0", "-1", "1.5", "x", "9" * 30])
def test_there_is_no_page_beyond_the_last(client, address, page):
    fill(address.replace("fragment/", ""), "Anna", "Bela", "Cora", "Dora", "Ella")
    assert client.get(address, {"page": page}).status_code == 404


@pytest.mark.parametrize("address", LISTS)
def test_a_list_of_one_page_offers_no_other(client, address):
    fill(address, "Anna", "Bela")
    assert get_links(client.get(address).text) == {"canonical": address}
    assertNotContains(client.get(address), "page=")
    assertNotContains(client.get(address), 'name="page"')


@pytest.mark.parametrize("address", LISTS)
def test_drafts_take_no_place(client, address):
    fill(address, "Anna", "Bela")
    make, field = LISTS[address]
    make(slug="a", status=Status.DRAFT, **{field: "Aaron"})
    assert client.get(address, {"page": 2}).status_code == 404


def test_the_filter_of_questions_stays_and_so_do_those_chosen(client):
    topic = make_topic(slug="cost")
    for number in range(5):
        make_faq(slug=f"f{number}", question=f"Cost {number}?", topic=topic)
    response = client.get("/questions/", {"topic": "cost", "find": "Cost", "q": "f0", "page": 2})
    assert get_links(response.text)["next"] == "/questions/?topic=cost&amp;find=Cost&amp;page=3"
    assertContains(response, '<input type="hidden" name="q" value="f0">')
    assertContains(response, "5 questions")
    assertContains(response, 'name="page" value="3"')


def test_the_kind_of_sources_stays(client):
    for number in range(3):
        make_source(slug=f"s{number}", kind=Source.Kind.LABEL)
    response = client.get("/sources/", {"kind": "label"})
    assertContains(response, 'href="?kind=label&amp;page=2"')


def test_sources_stand_in_the_order_of_what_is_read_first(client):
    make_source(slug="a", authors="Li N", title="Zinc")
    make_source(slug="b", publisher="kind Press", title="Alms")
    make_source(slug="c", publisher="", title="Moss")
    pages = [client.get("/sources/", {"page": number}).text for number in (1, 2)]
    shown = [re.findall(r'href="/sources/([abc])/"', page) for page in pages]
    assert shown == [["b", "a"], ["c"]]


def test_letters_of_the_glossary_lead_to_the_page_that_they_begin_on(client):
    fill("/glossary/", "Axon", "brain", "Bud", "cell", "Coma")
    letters = re.compile('<a\\s+href="([^"]*)"\\s*>([A-Z])</a>')
    found = {
        number: dict(letters.findall(client.get("/glossary/", {"page": number}).text))
        for number in (1, 2, 3)
    }
    assert found[1] == {"#l-A": "A", "#l-B": "B", "?page=2#l-C": "C"}
    assert found[2] == {"?page=1#l-A": "A", "?page=1#l-B": "B", "#l-C": "C"}
    assert found[3] == {"?page=1#l-A": "A", "?page=1#l-B": "B", "?page=2#l-C": "C"}


def test_a_long_sitemap_is_an_index_of_files_that_name_every_page(client, monkeypatch):
    for number in range(5):
        make_faq(slug=f"f{number}")
    whole = set(re.findall("<loc>(.*?)</loc>", client.get("/sitemap.xml").text))
    monkeypatch.setattr(sitemaps, "MAX_PAGES_IN_FILE", 2)
    monkeypatch.setattr(sitemaps.SiteSitemap, "limit", 2)
    index = client.get("/sitemap.xml")
    assert index["Content-Type"] == "application/xml"
    files = re.findall("<loc>http://127.0.0.1:8000(.*?)</loc>", index.text)
    assert len([file for file in files if "faq" in file]) == 3
    found = [re.findall("<loc>(.*?)</loc>", client.get(file).text) for file in files]
    assert max(map(len, found)) == 2
    assert sorted(sum(found, [])) == sorted(whole)
    assert client.get("/sitemap-content-faq.xml?p=4").status_code == 404
    assert client.get("/sitemap-nothing.xml").status_code == 404


@pytest.mark.usefixtures("content")
def test_the_starter_content_stands_on_first_pages(client, monkeypatch):
    """So every link to a place on these lists that was ever given out still finds it."""
    monkeypatch.undo()
    for address, model in (("/questions/", Faq), ("/glossary/", GlossaryTerm)):
        anchors = set(re.findall('id="([^"]+)"', client.get(address).text))
        assert anchors >= set(model.objects.published().values_list("slug", flat=True))
