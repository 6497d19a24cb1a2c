"""Where a walkthrough begins: one picture, one sentence, one button, the story in short."""

import re

import pytest
from django.core.exceptions import ValidationError
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.walkthrough.models import OpeningState
from tests.check_helpers import get_problems
from tests.factories import make_source, make_walkthrough
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
    seen = text_of(client).split('<dl class="pairs">')[1].split("</dl>")[0]
    assert re.sub("<[^>]+>|\\s+", " ", seen).split() == "Seen Pot Not seen Foam".split()


def test_the_story_stands_under_its_times(client):
    times = {"Pot": "during", "Foam": "24h", "Lid": "24h"}
    links = [{"name": name, "sentence": f"{name} it is.", "time": t} for name, t in times.items()]
    make_walkthrough({}, slug="tea", links=links, **FIRST)
    told = text_of(client).split('id="told"')[1].split("<details")[0]
    order = re.findall(r"<h3>(.*?)</h3>|(\w+) it is", told)
    assert order == [("During", ""), ("", "Pot"), ("24 hours", ""), ("", "Foam"), ("", "Lid")]
    assert told.count("<ol") == 2


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


VIEWS = [
    {"slug": "far", "label": "Far", "hidden": "cell branch gap lock", "sentence": "From afar."},
    {"slug": "cell", "label": "Near", "hidden": "brain", "sentence": "Near.[^li-2010]"},
]


@pytest.fixture
def closer():
    make_source(slug="li-2010")
    views = [dict(view) for view in VIEWS]
    first = FIRST | {"scene": "from-brain-to-lock", "opening": ""}
    return make_walkthrough({}, slug="tea", states=views, **first)


def read_state(page):
    return re.search(r'id="picture-state" class="state ([^"]*)"', page)[1]


def test_the_first_picture_goes_closer_and_each_view_is_an_address(client, closer):
    for query, hidden, said in (
        ("", "hide-2 hide-3 hide-4 hide-5", "From afar."),
        ("?state=no", "hide-2 hide-3 hide-4 hide-5", "From afar."),
        ("?state=cell", "hide-1", "Near."),
    ):
        page = client.get(f"/tea/{query}").content.decode()
        assert read_state(page) == hidden
        assert re.search(rf'id="picture-said" role="status">\s*{said}', page)
        assert find_faults(page) == []


def test_a_view_is_sent_without_its_drawing(client, closer):
    response = client.get("/tea/picture/fragment/?state=cell")
    part, page = response.content.decode(), client.get("/tea/?state=cell").content.decode()
    assert read_state(part) == read_state(page) == "hide-1"
    assert "<svg viewBox" not in part
    assert response["HX-Push-Url"] == "/tea/?state=cell"
    source = re.search(r'id="picture-said".*?</p>', part, re.DOTALL)[0]
    assert "Source 1" in source
    assert source in page


def test_the_ring_in_the_picture_leads_to_the_view_after_it(client, closer):
    ring = re.search(r"<a ([^>]*)><circle class=\"next\"", text_of(client))[1]
    assert 'aria-label="Look closer: Near"' in ring
    assert 'href="/tea/?state=cell#picture"' in ring
    drawn = text_of(client).split('<svg viewBox="0 0 360 380"')[1].split("</svg>")[0]
    assert drawn.count("<a ") == 1  # No ring leads to a view that there is not.


def test_a_picture_without_views_has_no_fragment(client):
    make_walkthrough({}, slug="tea", **FIRST)
    assert client.get("/tea/picture/fragment/").status_code == 404


def test_each_view_is_a_still_on_paper(client, closer):
    stills = client.get("/tea/all/").content.decode().split('class="states"')[1].split("<h2")[0]
    assert re.findall(r"<b>(\w+):</b>", stills) == ["Far", "Near"]


def test_two_views_cannot_share_an_address_and_one_is_no_choice(closer):
    with pytest.raises(ValidationError, match="Two states of a picture cannot share"):
        OpeningState(walkthrough=closer, **VIEWS[0] | {"alt": "A."}).full_clean()
    closer.states.filter(slug="cell").delete()
    assert "states" in {one.field for one in get_problems(closer, CheckRule.PICTURES)}


def test_a_first_picture_is_one_of_those_there_are():
    walkthrough = make_walkthrough({}, slug="tea")
    walkthrough.scene = "spoon"
    with pytest.raises(ValidationError, match="There is no scene “spoon”"):
        walkthrough.full_clean()
