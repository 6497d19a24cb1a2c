"""Who wrote the pages of a list, and whether clinicians reviewed them: as their records say."""

from datetime import date

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.clinics.reading_lists import make_page_code
from tests.factories import make_clinic, make_explainer, make_faq, make_pack, make_reviewer
from tests.handouts import pdf_reader

pytestmark = pytest.mark.django_db
NONE = "Understory wrote these pages. No clinician has reviewed them yet."
SOME = "Understory wrote these pages. Clinicians reviewed 1 of 2, the others not yet."
ALL = "Understory wrote these pages, and clinicians reviewed them."


@pytest.fixture
def make_page():
    reviewer = make_reviewer()

    def make(slug, reviewed):
        fields = {"reviewed_by": reviewer, "reviewed_at": date(2026, 11, 1)} if reviewed else {}
        return make_faq(slug=slug, **fields)

    return make


@pytest.mark.parametrize(
    ("reviewed", "said"), [((0, 0), NONE), ((1, 0), SOME), ((0, 1), SOME), ((1, 1), ALL)]
)
def test_a_list_says_how_many_of_its_pages_a_clinician_reviewed(client, make_page, reviewed, said):
    pages = [make_page(f"q-{number}", is_so) for number, is_so in enumerate(reviewed)]
    codes = "".join(make_page_code("faq", page.slug) for page in pages)
    make_pack(*pages, None, clinic=make_clinic(slug="oakside", name="Oakside"), slug="before")
    assertContains(client.get(f"/list/{codes}/"), said)
    assertContains(
        client.get("/c/oakside/before/"),
        f"Oakside chose these pages; a clinic cannot change them. {said}",
    )
    assert said in pdf_reader.words(client.get("/c/oakside/before/handout.pdf").content)


def test_parts_of_one_guide_are_one_record(client):
    guide = make_explainer({"slug": "a", "title": "A"}, {"slug": "b", "title": "B"}, slug="guide")
    make_pack(*guide.sections.all(), clinic=make_clinic(slug="oakside"), slug="before")
    assertContains(client.get("/c/oakside/before/"), NONE)


def test_nothing_claims_a_check_that_no_record_shows(client, make_page):
    make_pack(make_page("q", False), clinic=make_clinic(slug="oakside"), slug="before")
    code = make_page_code("faq", "q")
    for address in ("/c/oakside/", "/c/oakside/before/", f"/list/{code}/"):
        assertNotContains(client.get(address), "written and checked")


def test_a_list_of_nothing_but_the_question_list_has_no_review(client):
    page = client.get(f"/list/{make_page_code('question_list', '')}/")
    assertContains(page, "How we check facts")
    assertNotContains(page, "reviewed")
