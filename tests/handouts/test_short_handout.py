"""A page on one sheet of paper: what somebody needs at hand, on two sides at most."""

import pytest
from django.core.cache import caches

from tests.factories import (
    make_compound,
    make_condition,
    make_explainer,
    make_faq,
    make_finding,
    make_reviewer,
    make_source,
    make_walkthrough,
)
from tests.handouts import pdf_reader

pytestmark = pytest.mark.django_db
CALLS = """
It is a medicine.

:::advice
Bring a list.
:::

:::call-clinic Call us for
- a rash
:::

:::emergency Call 911 for
- chest pain
:::

:::good-to-know
It rains.
:::
"""


@pytest.fixture(autouse=True)
def empty_cache():
    caches["handouts"].clear()


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content


def test_it_has_the_points_the_numbers_the_advice_and_when_to_call(client):
    source = make_source(slug="li-2010", authors="Li N", year=2010)
    make_compound(
        slug="ketamine",
        short_benefit="It helps some.[^li-2010:people]",
        short_not_for="People with a rash.[^li-2010]",
        risks=CALLS,
        questions_to_ask="Why this one?",
        pictured=[make_finding(source=source)],
    )
    pdf = read(client, "/compounds/ketamine/handout.pdf")
    words = pdf_reader.words(pdf)
    parts = ["It helps some.", "69 of 100", "Bring a list.", "• a rash", "• chest pain"]
    places = [words.index(part) for part in [*parts, "Why this one?", "Call or text 988 "]]
    assert places == sorted(places)
    assert "Not for: People with a rash." in words
    assert "It is a medicine." not in words
    assert "It rains." not in words
    assert "Sources: 1. Li N 2010." in words
    assert "My clinic’s phone:" in words
    assert pdf_reader.faults(pdf) == []
    assert pdf_reader.first_page_codes(pdf) == ["http://127.0.0.1:8000/compounds/ketamine/"]
    told = pdf_reader.pictures_in_words(pdf_reader.opened(pdf))
    assert "69 of 100 figures are filled in" in told
    assert "52 of 100 figures are filled in" in told


@pytest.mark.parametrize("length", ["short", "full"])
def test_when_to_call_is_on_the_paper_of_a_medicine(client, length):
    make_compound(slug="ketamine", risks=CALLS)
    words = pdf_reader.words(read(client, f"/compounds/ketamine/handout.pdf?length={length}"))
    assert words.count("a rash") == words.count("chest pain") == 1


def test_questions_and_options_give_way_to_when_to_call(client):
    long = "".join(
        f":::call-clinic Call us for\n- {'a rash on the arm ' * 30}\n:::\n" for _ in "12345678"
    )
    condition = {
        "slug": "depression",
        "questions_to_ask": "Why now?",
        "options": [{"name": "Rest"}],
    }
    make_condition(**condition)
    assert "Why now?" in pdf_reader.words(read(client, "/conditions/depression/handout.pdf"))
    make_condition(**condition | {"slug": "long"}, what_it_is=long)
    words = pdf_reader.words(read(client, "/conditions/long/handout.pdf"))
    assert words.count("Call us for") == 8
    assert "Why now?" not in words


def test_a_guide_gathers_the_advice_and_the_calls_of_its_parts(client):
    make_explainer({"slug": "one", "plain": CALLS}, {"slug": "two", "plain": CALLS}, slug="the-day")
    words = pdf_reader.words(read(client, "/explainers/the-day/handout.pdf"))
    assert words.count("Bring a list.") == words.count("a rash") == words.count("chest pain") == 2


def test_a_walkthrough_shows_each_step(client):
    make_walkthrough(
        {"title": "Pour it", "scene": "synapse-blocked"},
        {"title": "Aside", "scene": "synapse-blocked", "side_path": True},
        slug="tea",
    )
    pdf = read(client, "/tea/handout.pdf")
    words = pdf_reader.words(pdf)
    assert "1. Pour it" in words
    assert "Aside" not in words
    told = pdf_reader.pictures_in_words(pdf_reader.opened(pdf))
    assert told.count("A bare branch.") == 1


def test_help_comes_first_where_the_words_call_for_it(client):
    make_faq(slug="dark", question="And thoughts of suicide?", answer="For some people.")
    make_faq(slug="light", question="Does it work?", answer="For some people.")
    for slug, first in (("dark", True), ("light", False)):
        words = pdf_reader.words(read(client, f"/questions/{slug}/handout.pdf"))
        assert words.count("Suicide & Crisis Lifeline") == 1
        is_first = words.index("Suicide & Crisis Lifeline") < words.index("For some people.")
        assert is_first == first


def test_it_says_who_reviewed_it_and_that_it_is_overdue(client):
    reviewed = {"reviewed_by": make_reviewer(), "reviewed_at": "2026-05-04"}
    make_faq(slug="reviewed", review_due="2026-11-01", **reviewed)
    words = pdf_reader.words(read(client, "/questions/reviewed/handout.pdf"))
    assert "Reviewed by Ada Moss, MD, psychiatrist, on 4 May 2026." in words
    assert "was due for a check in November 2026" in words


def test_the_same_content_gives_the_same_bytes(client):
    make_faq(slug="asked")
    first = read(client, "/questions/asked/handout.pdf")
    caches["handouts"].clear()
    assert read(client, "/questions/asked/handout.pdf") == first


def test_a_page_offers_the_whole_text(client):
    make_faq(slug="asked")
    html = client.get("/questions/asked/").content.decode()
    assert 'name="length" value="full"' in html
    assert 'value="each"' not in html
