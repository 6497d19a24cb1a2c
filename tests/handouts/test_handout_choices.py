"""How a handout is chosen: its letters, its paper, the parts of a guide; and what is no choice."""

import re

import pytest

from psychoplastogens.handouts import pdf_rendering
from tests import html_outline
from tests.factories import (
    make_compound,
    make_condition,
    make_explainer,
    make_faq,
    make_walkthrough,
)
from tests.handouts import pdf_reader

pytestmark = pytest.mark.django_db
GUIDE = "/explainers/the-day/handout.pdf"


@pytest.fixture(autouse=True)
def pages():
    make_compound(slug="ketamine")
    make_condition(slug="depression")
    make_faq(slug="does-it-work")
    make_walkthrough({}, slug="how-it-works")
    make_explainer(
        {"slug": "morning", "title": "The morning"},
        {"slug": "evening", "title": "The evening", "more": "Rest more."},
        slug="the-day",
    )


def test_a_section_that_is_not_there_is_said_and_the_others_are_offered(client):
    page = client.get(f"{GUIDE}?section=marmots&section=evening")
    html = page.content.decode()
    assert page.status_code == 404
    assert "This guide has no such part" in html
    assert "marmots" not in html
    assert re.findall(r'name="section" value="([^"]+)"( checked)?', html) == [
        ("morning", ""),
        ("evening", " checked"),
    ]
    assert 'action="/explainers/the-day/handout.pdf"' in html
    assert html_outline.find_faults(html) == []


def test_very_many_sections_are_no_trouble(client):
    query = "&".join(["section=evening"] * 90 + ["section=morning"])
    words = pdf_reader.words(client.get(f"{GUIDE}?{query}").content)
    assert words.index("The morning") < words.index("The evening")
    assert words.count("The evening") == 1


def choices(client, page, name):
    html = client.get(page).content.decode()
    form = re.search(r'<form class="flow" action="([^"]*handout.pdf)">.*?</form>', html, re.S)
    return form[1], re.findall(rf'name="{name}" value="([^"]+)"( checked)?', form[0])


@pytest.mark.parametrize(
    "page", ["/compounds/ketamine/", "/conditions/depression/", "/questions/does-it-work/"]
)
def test_a_page_offers_large_print_and_each_paper(client, page):
    assert choices(client, page, "size") == (
        f"{page}handout.pdf",
        [("normal", " checked"), ("large", "")],
    )
    assert choices(client, page, "paper")[1] == [("letter", " checked"), ("a4", "")]


def test_the_paper_that_is_usual_here_comes_first(client, settings):
    settings.CRISIS_COUNTRY = "GB"
    assert choices(client, "/how-it-works/", "paper")[1] == [("a4", " checked"), ("letter", "")]


@pytest.mark.parametrize("page", ["/explainers/the-day/", "/explainers/the-day/all/"])
def test_a_guide_offers_its_parts_and_more_detail(client, page):
    assert choices(client, page, "section") == (
        "/explainers/the-day/handout.pdf",
        [("morning", ""), ("evening", "")],
    )
    assert choices(client, f"{page}?depth=more", "depth")[1] == [
        ("plain", ""),
        ("more", " checked"),
    ]


def test_every_choice_of_the_form_is_answered(client):
    for query in ("size=normal&paper=letter&depth=plain", "size=large&paper=a4&depth=more"):
        assert pdf_reader.faults(client.get(f"{GUIDE}?{query}").content) == []


def test_where_nothing_can_be_printed_nothing_is_offered(client, monkeypatch):
    monkeypatch.setattr(pdf_rendering, "is_typst_installed", lambda: False)
    for page in ("/compounds/ketamine/", "/explainers/the-day/", "/how-it-works/"):
        assert "handout.pdf" not in client.get(page).content.decode()
