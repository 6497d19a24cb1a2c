"""A clinic's name and phone, typed for one print: on that sheet, and nowhere else."""

import re

import pytest
from django.core.cache import caches
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.clinics.models import Clinic
from psychoplastogens.clinics.reading_lists import make_page_code
from psychoplastogens.handouts import pdf_rendering
from tests.factories import make_clinic, make_compound, make_explainer, make_faq, make_pack
from tests.handouts import pdf_reader
from tests.short_links.test_privacy import tables
from tests.valid_html import problems

pytestmark = pytest.mark.django_db
LIST = make_page_code("compound", "ketamine") + make_page_code("faq", "asked")
NAME, PHONE = "Marmot Clinic", "503-555-0100"
MARK = "Added by whoever printed this."
PAGES = ["/compounds/ketamine/", "/questions/asked/", "/explainers/the-day/", f"/list/{LIST}/"]
POSTER = f"/list/{LIST}/hand-out/poster/"
LENGTHS = ["short", "each", "full"]


@pytest.fixture(autouse=True)
def pages():
    caches["handouts"].clear()
    make_compound(slug="ketamine", name="Ketamine")
    make_faq(slug="asked", question="Does it work?", answer=":::call-clinic\nRing.\n:::")
    make_explainer({"slug": "evening", "title": "The evening"}, slug="the-day", title="The day")


def print_with(client, page, **sent):
    return client.post(f"{page}handout/clinic/", {"name": NAME, "phone": PHONE} | sent)


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("page", PAGES)
def test_the_sheet_has_both_marked_as_the_words_of_whoever_printed_it(client, page, length):
    response = print_with(client, page, length=length, paper="a4")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; ")
    assert pdf_reader.faults(response.content) == []
    assert pdf_reader.size(response.content) == (595, 842)
    words = pdf_reader.words(response.content)
    marked = words.count(f"{NAME} {PHONE} {MARK}")
    assert marked >= 1
    # Nowhere without the mark: in no card of ours, and not above the other pages.
    assert words.count(NAME) == words.count(PHONE) == marked


def test_a_part_of_a_guide_gets_them_too(client):
    pdf = client.post(
        "/explainers/the-day/handout/clinic/?section=evening", {"name": NAME, "phone": PHONE}
    ).content
    assert f"{PHONE} {MARK}" in pdf_reader.words(pdf)
    gone = client.get("/explainers/the-day/handout/clinic/?section=gone")
    assert gone["Location"] == "/explainers/the-day/handout.pdf?section=gone"


def test_without_a_phone_there_is_a_line_to_write_it_on(client):
    words = pdf_reader.words(print_with(client, PAGES[0], phone="").content)
    assert f"{NAME} {MARK} My clinic’s phone:" in words
    assert "My clinic’s phone:" not in pdf_reader.words(print_with(client, PAGES[0]).content)


def test_the_poster_has_both_with_the_mark(client):
    response = client.post(POSTER, {"name": NAME, "phone": PHONE, "paper": "a4"})
    assertContains(response, f'<p class="from">{NAME}</p>', html=True)
    assertContains(response, f"Questions? {PHONE}")
    assertContains(response, "Name and phone: added by whoever printed this.")
    assertContains(response, 'class="poster a4 wordy"')
    assert problems(response.text) == []
    assertNotContains(client.get(POSTER), NAME)


@pytest.mark.parametrize("address", [f"{PAGES[0]}handout/clinic/", POSTER])
def test_nothing_of_it_is_kept(client, caplog, address):
    before = tables()
    response = client.post(address, {"name": NAME, "phone": PHONE})
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex"
    assert "ETag" not in response
    assert not response.cookies
    assert tables() == before
    assert not Clinic.objects.exists()
    assert caches["handouts"]._cache == {}
    assert NAME not in caplog.text
    assert PHONE not in caplog.text


def test_the_log_quotes_nothing_of_a_print_that_failed(client, caplog, monkeypatch, tmp_path):
    worker = tmp_path / "worker.py"
    worker.write_text("import sys; sys.exit(sys.stdin.read())")
    monkeypatch.setattr(pdf_rendering, "TYPST_WORKER", worker)
    response = print_with(client, PAGES[0])
    assertNotContains(response, NAME, status_code=503)
    assert "could not be printed" in caplog.text
    assert NAME not in caplog.text


def test_each_print_counts_against_the_limit(client, monkeypatch):
    monkeypatch.setattr(pdf_rendering.HANDOUTS, "burst", 2)
    monkeypatch.setattr(pdf_rendering, "_run_typst_worker", lambda document, **options: b"%PDF-")
    statuses = [print_with(client, PAGES[0]).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_what_is_wrong_is_said_beside_its_field_which_keeps_it(client):
    for address in (f"{PAGES[0]}handout/clinic/", f"{PAGES[3]}handout/clinic/", POSTER):
        response = client.post(address, {"name": NAME, "phone": "12"})
        assert response.status_code == 422
        assert response["Cache-Control"] == "no-store"
        html = response.text
        assert f'value="{NAME}"' in html
        assert "It has too few digits." in html
        assert 'aria-describedby="id_phone_error"' in html
        assert html.count(NAME) == 1
        assert problems(response.text) == []


@pytest.mark.parametrize("page", PAGES)
def test_its_form_is_a_link_away_and_says_what_becomes_of_it(client, page):
    form = f"{page}handout/clinic/"
    response = client.get(form)
    assertContains(response, "kept nowhere")
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.cookies
    names = re.findall(r'<input[^>]* name="(\w+)"', response.text.partition("<main")[2])
    assert {"name", "phone", "length", "size", "paper"} <= set(names)
    assertContains(client.get(page), f'href="{form}"')


@pytest.mark.parametrize("address", [f"{PAGES[0]}handout/clinic/", POSTER])
def test_no_other_site_and_no_address_fills_it_in(client, address):
    sent = {"name": NAME, "phone": PHONE}
    response = client.post(address, sent, headers={"sec-fetch-site": "cross-site"})
    assertNotContains(response, NAME, status_code=403)
    response = client.get(address, sent)
    assert (response.status_code, response["Location"]) == (302, address)


def test_a_clinics_own_list_asks_for_no_other_name(client, admin_client):
    pack = make_pack(make_compound(slug="esketamine"), clinic=make_clinic(slug="oakside"))
    for page in (pack.get_absolute_url(), f"/admin/clinics/pack/{pack.pk}/hand-out/"):
        assertNotContains(admin_client.get(page), "handout/clinic/")
    assert client.get(f"{pack.get_absolute_url()}handout/clinic/").status_code == 404
    assertNotContains(
        admin_client.get(f"/admin/clinics/pack/{pack.pk}/hand-out/poster/"), "<form m"
    )
