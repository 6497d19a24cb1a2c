"""A clinic's own color: on its name on paper, readable there, and on nothing of ours."""

import pypdfium2
import pytest
from django.core.cache import caches
from django.core.exceptions import ValidationError
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.clinics.fields import compute_contrast_on_white, validate_brand_color
from tests.factories import make_clinic, make_compound, make_faq, make_pack
from tests.handouts import pdf_reader

pytestmark = pytest.mark.django_db
COLOR, RGB = "#7b1fa2", (0x7B, 0x1F, 0xA2)
ADDRESS = "/c/oakside/before/handout.pdf"


@pytest.fixture
def make_list():
    caches["handouts"].clear()

    def make(color):
        clinic = make_clinic(slug="oakside", name="Oakside", color=color)
        return make_pack(make_compound(slug="ketamine"), make_faq(), clinic=clinic, slug="before")

    return make


def colors_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    found = set()
    for page in document:
        found |= {color for _, color in page.render(scale=2).to_pil().getcolors(1 << 24)}
    document.close()
    return found


@pytest.mark.parametrize("length", ["short", "each", "full"])
def test_it_is_on_the_handouts_of_the_clinic(client, make_list, length):
    make_list(COLOR)
    pdf = client.get(f"{ADDRESS}?length={length}").content
    assert pdf_reader.faults(pdf) == []
    assert RGB in colors_of(pdf)


def test_without_one_a_handout_is_as_it_was(client, make_list):
    make_list("")
    pdf = client.get(ADDRESS).content
    assert pdf_reader.faults(pdf) == []
    assert RGB not in colors_of(pdf)


def test_it_is_on_no_page_of_ours(client, make_list):
    make_list(COLOR)
    for address in ("/c/oakside/", "/c/oakside/before/", "/c/oakside/before/1/"):
        assertNotContains(client.get(address), COLOR)
    assert RGB not in colors_of(client.get("/compounds/ketamine/handout.pdf").content)


def test_the_poster_has_a_bar_of_it_and_no_style(admin_client, make_list):
    pack = make_list(COLOR)
    poster = admin_client.get(f"/admin/clinics/pack/{pack.pk}/hand-out/poster/")
    assertContains(poster, f'fill="{COLOR}"', count=1)
    assertNotContains(poster, "style=")


@pytest.mark.parametrize(("color", "ratio"), [("#000000", 21), ("#ffffff", 1), ("#777777", 4.48)])
def test_contrast_is_that_of_wcag(color, ratio):
    assert compute_contrast_on_white(color) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize(
    "color",
    ["#777777", "#ffffff", "#ffeb3b", "red", "#123", "#12345g", "#1234567", "#12345\n", '#"><b>x'],
)
def test_what_is_no_color_or_too_pale_is_refused(color):
    with pytest.raises(ValidationError):
        validate_brand_color(color)


@pytest.mark.parametrize("color", ["#767676", "#7B1FA2", "#000000"])
def test_what_can_be_read_is_taken(color):
    validate_brand_color(color)
