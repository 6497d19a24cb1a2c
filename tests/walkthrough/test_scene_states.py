"""The states of a picture: each an address, a part of a page, words, and a still on paper."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.models import Status
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.walkthrough import scenes
from psychoplastogens.walkthrough.models import SceneState, Walkthrough
from psychoplastogens.walkthrough.scene_picture import ScenePicture
from psychoplastogens.walkthrough.sheets import (
    build_short_walkthrough_sheet,
    build_walkthrough_sheet,
)
from tests.check_helpers import get_problems
from tests.factories import make_source, make_walkthrough
from tests.html_outline import find_faults
from tests.test_every_page import STATIC

pytestmark = pytest.mark.django_db
PAGE, FRAGMENT = "/tea/pour/", "/tea/pour/picture/fragment/"
STATES = [
    {"slug": "on", "label": "Lid on", "hidden": "ket mainfires", "pale": "main"},
    {"slug": "off", "label": "Lid off", "hidden": "hold", "sentence": "It pours.[^li-2010]"},
]


@pytest.fixture
def tea():
    make_source(slug="li-2010")
    pour = {"slug": "pour", "scene": "brake-released", "states": [dict(one) for one in STATES]}
    return make_walkthrough(pour, {"slug": "drink"}, slug="tea", title="Making tea")


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def shown(client, query):
    """The state of the picture: what is hidden and what is pale, by the names of the parts."""
    parts = scenes.get_scene_parts("brake-released")
    classes = re.search(r'id="picture-state" class="state ([^"]*)"', text_of(client, PAGE + query))
    pairs = (one.split("-") for one in classes[1].split())
    return {f"{verb} {parts[int(number) - 1]}" for verb, number in pairs}


@pytest.mark.parametrize("query", ["", "?state=off", "?state=no", "?state=off&depth=more"])
def test_every_state_is_a_sound_page(client, tea, query):
    assert find_faults(text_of(client, PAGE + query)) == []


def test_a_state_hides_and_pales_its_parts_and_no_others(client, tea):
    assert shown(client, "?state=on") == {"hide ket", "hide mainfires", "pale main"}
    assert shown(client, "?state=off") == {"hide hold"}


@pytest.mark.parametrize("query", ["", "?state=", "?state=steam", "?state=%22%3E", "?state=é"])
def test_without_a_state_that_there_is_the_first_one_is_shown(client, tea, query):
    assert shown(client, query) == shown(client, "?state=on")


@pytest.mark.parametrize("query", ["?state=on", "?state=off", ""])
def test_a_fragment_is_all_of_its_page_but_the_drawing(client, tea, query):
    response = client.get(FRAGMENT + query)
    page, part = text_of(client, PAGE + query), response.content.decode()
    pieces = re.findall(r"<input .*?>|<nav .*?</nav>|<p .*?</p>|<span id.*?</span>", part, re.S)
    assert len(pieces) == 4
    for piece in pieces:
        assert piece in page
    assert "<svg viewBox" not in part
    assert len(part) <= 6_000
    assert response["X-Robots-Tag"] == "noindex"
    assert response["HX-Push-Url"] == f"{PAGE}?state={query[7:] or 'on'}"


def test_the_words_of_the_picture_and_what_is_said_follow_the_state(client, tea):
    page = text_of(client, f"{PAGE}?state=off")
    assert re.search(r'id="picture-said" role="status">It pours\.', page)
    assert re.search(r'id="scene-words">\s*A bare branch\.\s*<span id="picture-words">Still', page)
    assert 'aria-current="true"' in re.search('<a id="state-off"[^>]*>', page)[0]
    assert 'aria-current="true"' not in re.search('<a id="state-on"[^>]*>', page)[0]


def test_sources_have_the_same_numbers_in_every_state(client, tea):
    pages = [text_of(client, f"{PAGE}?state={slug}") for slug in ("on", "off")]
    for page in pages:
        assert "li-2010" in page
    assert "Source 1" in client.get(f"{FRAGMENT}?state=off").content.decode()


def test_without_a_stylesheet_the_drawing_shows_its_state(client, tea):
    """So do stills: in print, in frames, on the page of all steps."""
    drawing = re.search(r"<svg viewBox.*?</svg>", text_of(client, PAGE), re.DOTALL)[0]
    number = scenes.get_scene_parts("brake-released").index("ket") + 1
    assert f'class="p p{number}" display="none"' in drawing
    for address in (PAGE, "/tea/all/", "/embed/tea/pour/"):
        page = text_of(client, address)
        stills = re.findall("<figure>.*?</figure>", page.split('class="states')[1], re.DOTALL)
        assert ["Lid on" in still for still in stills] == [True, False]
        assert ["It pours" in still for still in stills] == [False, True]


def test_the_way_between_states_keeps_more_detail(client, tea):
    link = re.search('<a id="state-off"[^>]*>', text_of(client, f"{PAGE}?depth=more"))[0]
    assert f'href="{PAGE}?state=off&amp;depth=more#picture"' in link


def test_a_step_without_states_has_neither_control_nor_fragment(client, tea):
    assertNotContains(client.get("/tea/drink/"), "picture-control")
    for address in ("/tea/drink/picture/fragment/", "/tea/no/picture/fragment/"):
        assert client.get(address).status_code == 404


def test_states_are_read_only_once_their_walkthrough_is_published(client, tea):
    tea.status = Status.DRAFT
    tea.save()
    assert client.get(f"{FRAGMENT}?state=off").status_code == 404


def test_more_states_take_no_more_queries(client, tea, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(f"{PAGE}?state=off")
    queries = len(few)
    for n in range(4):
        fields = {"label": f"L{n}", "slug": f"l{n}", "sentence": "So.", "alt": "So."}
        tea.steps.get(slug="pour").states.create(order=5 + n, **fields)
    client.get(PAGE)
    with django_assert_num_queries(queries):
        client.get(f"{PAGE}?state=off")


def test_a_part_that_the_scene_does_not_have_is_named(tea):
    state = SceneState.objects.get(slug="on")
    state.pale = "main lid"
    with pytest.raises(ValidationError, match="no part “lid”. It has: thread, main"):
        state.full_clean()


def test_two_states_cannot_share_an_address(tea):
    fields = {"label": "Lid on again", "slug": "on", "sentence": "So.", "alt": "So."}
    with pytest.raises(IntegrityError, match=r"step_id.*slug|walkthrough_scenestate_once"):
        tea.steps.get(slug="pour").states.create(**fields)


def test_a_state_has_a_name(tea):
    with pytest.raises(IntegrityError):
        SceneState.objects.filter(slug="on").update(slug="")


def test_one_state_alone_and_a_part_that_a_new_scene_lacks_are_told_of(tea):
    SceneState.objects.filter(slug="off").delete()
    tea.steps.filter(slug="pour").update(scene="ways")
    found = {one.field for one in get_problems(tea, CheckRule.PICTURES)}
    assert {"steps[pour].states", "steps[pour].states[on].hidden"} <= found


def test_a_new_scene_without_the_parts_of_a_state_is_still_drawn(client, tea):
    tea.steps.filter(slug="pour").update(scene="ways")
    assertContains(client.get(PAGE), 'class="state "')


def test_a_handout_draws_all_states_and_the_short_one_the_last(tea):
    tea = Walkthrough.objects.with_steps().get()
    blocks = build_walkthrough_sheet(tea).blocks
    drawn = next(b for b in blocks if isinstance(b, dict) and b["kind"] == "pictures")["of"]
    assert [one["title"] for one in drawn] == ["Lid on", "Lid off"]
    assert drawn[0]["svg"] != drawn[1]["svg"]
    pictures = build_short_walkthrough_sheet(tea).blocks[-1]
    assert pictures["of"][0]["svg"] == drawn[1]["svg"]


def test_the_stylesheet_knows_each_number_that_a_part_can_have():
    sheet = (STATIC / "scene.css").read_text()
    for number in range(1, scenes.MAX_PARTS + 1):
        assert re.search(rf"\.hide-{number} ~ svg \.p{number}\b", sheet)
        assert re.search(rf"\.pale-{number} ~ svg \.p{number}\b", sheet)
    assert f".p{scenes.MAX_PARTS + 1}" not in sheet


def test_a_picture_whose_file_is_gone_has_no_parts(tea):
    step = tea.steps.get(slug="pour")
    step.scene = "gone"
    assert ScenePicture(step, "on").classes == ""
