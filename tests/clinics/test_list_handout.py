"""A list that anybody made, as one handout: /list/<codes>/handout.pdf."""

import pytest
from django.core.cache import caches

from psychoplastogens.clinics.reading_lists import MAX_PAGES, make_page_code
from psychoplastogens.content.models import Compound
from psychoplastogens.handouts import pdf_rendering
from tests.factories import make_compound, make_explainer, make_faq, make_source, make_walkthrough
from tests.handouts import pdf_reader

pytestmark = pytest.mark.django_db
CODES = "".join(
    (
        make_page_code("explainer", "the-day"),
        make_page_code("section", "the-day/evening"),
        make_page_code("compound", "ketamine"),
        make_page_code("faq", "asked"),
        make_page_code("walkthrough", "tea"),
        make_page_code("question_list", ""),
    )
)
ADDRESS = f"/list/{CODES}/handout.pdf"
LENGTHS = ("short", "each", "full")


@pytest.fixture(autouse=True)
def pages():
    caches["handouts"].clear()
    make_source(slug="li-2010", title="On spines")
    make_explainer(
        {"slug": "morning", "title": "The morning", "plain": "Rest.[^li-2010]"},
        {"slug": "evening", "title": "The evening", "plain": ":::call-clinic If\nit hurts\n:::"},
        slug="the-day",
        title="The day of it",
    )
    make_compound(slug="ketamine", name="Ketamine")
    make_faq(slug="asked", question="Does it work?", answer="For some.[^li-2010]")
    make_walkthrough({"title": "Pour it"}, slug="tea", title="Making tea")


@pytest.mark.parametrize("query", ["", "?length=full&paper=a4", "?length=full&size=large"])
def test_it_is_sound_and_opens_the_list(client, query):
    pdf = client.get(ADDRESS + query).content
    assert pdf_reader.faults(pdf) == []
    assert pdf_reader.first_page_codes(pdf) == [f"http://127.0.0.1:8000/list/{CODES}/"]


def test_it_fits_the_paper(client):
    assert pdf_reader.size(client.get(f"{ADDRESS}?paper=a4").content) == (595, 842)
    assert pdf_reader.size(client.get(f"{ADDRESS}?paper=letter").content) == (612, 792)


def test_it_holds_every_page_of_the_list_in_order(client):
    whole = pdf_reader.opened(client.get(f"{ADDRESS}?length=full").content)
    marks = pdf_reader.bookmarks(whole)
    assert [mark for mark in marks if mark[:1].isdigit()] == [
        "1. The day of it",
        "2. The evening",
        "3. Ketamine",
        "4. Does it work?",
        "5. Making tea",
        "1. Pour it",
        "6. My questions for the visit",
    ]
    assert marks[-3:] == ["Help now", "Who checked this", "Sources"]


def test_it_names_no_clinic_and_the_whole_address_is_printed(client):
    words = pdf_reader.words(client.get(ADDRESS).content)
    assert "Your reading list" in words
    assert "Call or text 988" in words
    assert "In the words of" not in words
    assert CODES in words.replace(" ", "").replace("\u200b", "")


def test_the_same_list_gives_the_same_bytes_and_is_printed_once(client, monkeypatch):
    first = client.get(ADDRESS)
    caches["handouts"].clear()
    assert client.get(ADDRESS).content == first.content
    monkeypatch.setattr(
        pdf_rendering, "_run_typst_worker", lambda document: pytest.fail("It is printed again.")
    )
    again = client.get(ADDRESS)
    assert (again.content, again["ETag"]) == (first.content, first["ETag"])
    assert client.get(f"/list/{CODES.upper()}/handout.pdf").content == first.content


def test_another_order_or_another_text_is_another_file(client):
    before = {length: client.get(f"{ADDRESS}?length={length}")["ETag"] for length in LENGTHS}
    other = f"/list/{CODES[6:]}{CODES[:6]}/handout.pdf"
    ketamine = Compound.objects.get()
    ketamine.what_it_is = ketamine.short_benefit = "It is new."
    ketamine.summary = "It is new."
    ketamine.save()
    for length, etag in before.items():
        assert client.get(f"{other}?length={length}")["ETag"] != etag
        assert client.get(f"{ADDRESS}?length={length}")["ETag"] != etag
    assert len(set(before.values())) == len(LENGTHS)


def test_one_sheet_has_each_page_in_a_line(client):
    pdf = client.get(ADDRESS).content
    assert len(pdf_reader.opened(pdf).pages) == 1
    words = pdf_reader.words(pdf)
    assert "1. The day of it (1 min)" in words
    assert "3. Ketamine (1 min)" in words
    assert "6. My questions for the visit" in words
    assert "it hurts" not in words


def test_a_sheet_for_each_page_stands_alone(client):
    pdf = client.get(f"{ADDRESS}?length=each").content
    assert pdf_reader.faults(pdf) == []
    marks = pdf_reader.bookmarks(pdf_reader.opened(pdf))
    titles = ["The day of it", "The evening", "Ketamine", "Does it work?", "Making tea"]
    assert [mark for mark in marks if mark in titles] == titles
    words = pdf_reader.words(pdf)
    assert words.count("Call or text 988 Suicide & Crisis Lifeline") == 6
    assert words.count("Sources:") == 1
    # Each begins on the front of its paper.
    assert len(pdf_reader.opened(pdf).pages) > 2 * len(titles)


def test_its_answer_is_for_machines_to_keep_and_not_to_list(client):
    response = client.get(ADDRESS)
    assert response["Content-Disposition"] == 'inline; filename="reading-list.pdf"'
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Cache-Control"].startswith("public, max-age=60")
    assert not response.cookies


def test_it_holds_20_pages_at_most(client):
    codes = ""
    for number in range(MAX_PAGES + 1):
        make_faq(slug=f"q-{number}", question=f"Number {number}?")
        codes += make_page_code("faq", f"q-{number}")
    marks = pdf_reader.bookmarks(
        pdf_reader.opened(client.get(f"/list/{codes}/handout.pdf?length=full").content)
    )
    assert f"{MAX_PAGES}. Number {MAX_PAGES - 1}?" in marks
    assert not any(mark.startswith(f"{MAX_PAGES + 1}. ") for mark in marks)


@pytest.mark.parametrize("codes", ["zzzzzz", "-", "call-900-555-0199"])
def test_a_list_of_nothing_has_none(client, codes):
    response = client.get(f"/list/{codes}/handout.pdf")
    assert response.status_code == 404
    assert "900-555" not in response.content.decode()


def test_where_there_is_no_press_it_says_so_and_leads_to_the_list(client, monkeypatch):
    monkeypatch.setattr(pdf_rendering, "is_typst_installed", lambda: False)
    response = client.get(ADDRESS)
    assert response.status_code == 503
    assert f'href="http://127.0.0.1:8000/list/{CODES}/"' in response.content.decode()


@pytest.mark.parametrize("page", [f"/list/{CODES}/", f"/list/{CODES}/hand-out/"])
def test_its_door_is_on_the_list_and_among_its_copies(client, page):
    html = client.get(page).content.decode()
    assert f'href="{ADDRESS}"' in html
    assert f'<form class="flow" action="{ADDRESS}">' in html


def test_a_request_can_put_no_words_on_it(client):
    response = client.get(f"{ADDRESS}?phone=555-0199&clinic=Marmots")
    assert (response.status_code, response["Location"]) == (302, ADDRESS)
