"""A sheet of sticky labels: every code on it opens the list, and each stands within its label."""

import pypdfium2
import pytest
import zxingcpp
from django.core.cache import caches
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.clinics.models import SharedList
from psychoplastogens.clinics.reading_lists import make_page_code
from tests.factories import make_clinic, make_compound, make_faq, make_pack
from tests.handouts import pdf_reader

pytestmark = pytest.mark.django_db
LIST = make_page_code("compound", "ketamine") + make_page_code("faq", "asked")
PAGE = f"/list/{LIST}/hand-out/"
LABELS = f"{PAGE}labels.pdf"
INCH = 72  # points
MILLIMETRE = INCH / 25.4
# Left and top of the first label, its width and height, the step to the next: points.
SHEETS = {
    "letter": (3, 10, 0.1875 * INCH, 0.5 * INCH, 2.625 * INCH, INCH, 2.75 * INCH),
    "a4": (3, 8, 7.21 * MILLIMETRE, 12.9 * MILLIMETRE, 63.5 * MILLIMETRE, 33.9 * MILLIMETRE,
           66.04 * MILLIMETRE),
}  # fmt: skip


@pytest.fixture(autouse=True)
def pages(settings):
    caches["handouts"].clear()
    settings.SITE_ORIGIN = "https://understory.example"
    make_compound(slug="ketamine", name="Ketamine")
    make_faq(slug="asked", question="Does it work?")


@pytest.fixture
def address():
    link = SharedList.objects.get_or_create_link(LIST)
    return f"https://understory.example{link.get_absolute_url()}"


def codes_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    picture = document[0].render(scale=3).to_pil()
    document.close()
    return zxingcpp.read_barcodes(picture)


@pytest.mark.parametrize("paper", SHEETS)
def test_each_label_has_one_code_that_opens_the_list(client, address, paper):
    pdf = client.get(f"{LABELS}?paper={paper}").content
    assert pdf_reader.faults(pdf) == []
    columns, rows, left, top, width, height, step = SHEETS[paper]
    found = codes_of(pdf)
    assert {code.text for code in found} == {address.upper()}
    places = set()
    for code in found:
        x, y = code.position.top_left.x / 3 - left, code.position.top_left.y / 3 - top
        x2, y2 = code.position.bottom_right.x / 3 - left, code.position.bottom_right.y / 3 - top
        column, row = int(x // step), int(y // height)
        assert column * step <= x < x2 <= column * step + width
        assert row * height <= y < y2 <= (row + 1) * height
        places.add((column, row))
    assert len(places) == len(found) == columns * rows


def test_a_label_says_the_address_and_names_the_list_only_when_asked(client, address):
    shown = address.removeprefix("https://").rstrip("/")
    neutral = pdf_reader.words(client.get(LABELS).content)
    assert neutral.replace("\u200b", "").count(shown) == 30
    assert neutral.count("Something to read from your clinic") == 30
    named = pdf_reader.words(client.get(f"{LABELS}?words=named").content)
    assert named.count("Your reading list") == 30


def test_an_address_too_long_for_a_label_leads_back_to_where_it_is_shortened(client):
    codes = LIST + make_page_code("question_list", "")
    for number in range(2):
        make_faq(slug=f"more-{number}", question=f"And {number}?")
        codes += make_page_code("faq", f"more-{number}")
    page = f"/list/{codes}/hand-out/"
    response = client.get(f"{page}labels.pdf?paper=a4")
    assert (response.status_code, response["Location"]) == (302, page)
    assertNotContains(client.get(page), "labels.pdf")
    SharedList.objects.get_or_create_link(codes)
    assertContains(client.get(page), "labels.pdf?words=neutral&amp;paper=a4")


def test_a_clinics_own_list_has_labels_in_the_admin(admin_client):
    clinic = make_clinic(slug="oakside", discreet_previews=False)
    pack = make_pack(make_compound(slug="other"), clinic=clinic, title="T" * 80)
    response = admin_client.get(f"/admin/clinics/pack/{pack.pk}/hand-out/labels.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert pdf_reader.faults(response.content) == []
    assert len(codes_of(response.content)) == 30
