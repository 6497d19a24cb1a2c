"""Where a walkthrough begins: one picture, one sentence, one button, the story in one breath."""

import re

import pytest
from django.core.exceptions import ValidationError
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import make_walkthrough
from tests.html_outline import find_faults

pytestmark = pytest.mark.django_db
LINKS = [
    {"name": "Pot", "sentence": "A pot warms.", "people": "yes", "seen_in_people": "Seen."},
    {"name": "Biscuit", "sentence": "A biscuit waits.", "beside": True},
    {"name": "Foam", "sentence": "Foam rises.", "picture": "gone"},
]
FIRST = {"scene": "two-cells", "opening": "Water meets leaf.", "alt": "A pot and a cup."}


def text_of(client):
    response = client.get("/tea/")
    assert response.status_code == 200
    return response.content.decode()


def test_the_picture_comes_first_then_its_sentence_then_the_button(client):
    make_walkthrough({}, slug="tea", links=[dict(link) for link in LINKS], **FIRST)
    page = text_of(client)
    order = ["<h1>", "<svg viewBox", "Water meets leaf.", 'href="/tea/step-1/"', "Eight steps."]
    places = [page.index(mark, page.index("<main")) for mark in order]
    assert places == sorted(places)
    assert re.search(r'id="scene-words">\s*A pot and a cup\.', page)
    assert find_faults(page) == []


def test_the_chain_is_told_in_order_and_says_what_people_showed(client):
    make_walkthrough({}, slug="tea", links=[dict(link) for link in LINKS], **FIRST)
    told = text_of(client).split('class="breath plain"')[1].split("</ol>")[0]
    assert re.findall(r"A pot warms|Foam rises|A biscuit waits", told) == [
        "A pot warms",
        "Foam rises",
    ]
    assertContains(client.get("/tea/"), "1 of 2 links were seen, 0 only as a sign, 1 not")


def test_without_picture_or_chain_it_still_is_whole(client):
    make_walkthrough({}, slug="tea")
    page = client.get("/tea/")
    assert find_faults(page.content.decode()) == []
    assertContains(page, "Start with step 1")
    for mark in ("scene-words", 'id="told"', "<figure"):
        assertNotContains(page, mark)


def test_a_picture_whose_file_is_gone_leaves_the_rest(client):
    make_walkthrough({}, slug="tea", **FIRST | {"scene": "gone"})
    assertNotContains(client.get("/tea/"), "<figure")


def test_a_first_picture_is_one_of_those_there_are():
    walkthrough = make_walkthrough({}, slug="tea")
    walkthrough.scene = "spoon"
    with pytest.raises(ValidationError, match="There is no scene “spoon”"):
        walkthrough.full_clean()
