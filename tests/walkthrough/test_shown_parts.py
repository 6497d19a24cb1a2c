"""Words in a step and shapes in its picture show a part of it, and grey the rest."""

import re

import pytest
from django.core.exceptions import ValidationError
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.rendering import markdown, readability
from psychoplastogens.content.rendering.syntax_errors import find_syntax_errors
from psychoplastogens.walkthrough import legend, scenes
from tests.admin_forms import address_of, errors_of, typed
from tests.factories import make_faq, make_walkthrough
from tests.html_outline import find_faults

pytestmark = pytest.mark.django_db
PAGE, FRAGMENT = "/tea/pour/", "/tea/pour/picture/fragment/"
PLAIN = "[[part:ket|This *red* one]] meets [[part:nmda|<b>a lock</b>]]."
STATES = [{"slug": "on", "label": "On", "hidden": "ket"}, {"slug": "off", "label": "Off"}]


@pytest.fixture
def tea():
    return make_walkthrough(
        {"slug": "pour", "scene": "brake-released", "plain": PLAIN, "states": STATES},
        {"slug": "drink", "scene": "synapse-blocked", "plain": "[[part:glu|Seeds]] fall."},
        {"slug": "rest", "scene": "ways"},
        slug="tea",
        title="Making tea",
    )


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def pale_parts(html, scene="brake-released"):
    classes = re.search(r'id="picture-state" class="state ([^"]*)"', html)[1]
    parts = scenes.get_scene_parts(scene)
    return {parts[int(number) - 1] for number in re.findall(r"pale-(\d+)", classes)}


def test_a_shown_part_greys_all_others_and_is_named(client, tea):
    page = text_of(client, f"{PAGE}?show=nmda")
    assert pale_parts(page) == set(scenes.get_scene_parts("brake-released")) - {"nmda"}
    said = re.search(r'id="picture-said" role="status">(.*?)</p>', page, re.DOTALL)[1]
    assert (
        re.sub("<[^>]*>", "", said).split() == "NMDA receptor: a gate; ketamine blocks it.".split()
    )
    assert find_faults(page) == []


def test_a_word_leads_to_its_part_in_the_state_of_the_page(client, tea):
    page = text_of(client, f"{PAGE}?state=off&depth=more")
    link = re.search('<a class="word"[^>]*show=nmda[^>]*>[^/]*/b', page)[0]
    assert f'href="{PAGE}?state=off&amp;show=nmda&amp;depth=more#picture"' in link
    assert f'hx-get="{FRAGMENT}?show=nmda"' in link
    assert 'hx-include="#picture-state"' in link
    assert link.endswith("&lt;b&gt;a lock&lt;/b")


@pytest.mark.parametrize("query", ["?show=ket", "?show=ket&state=on", "?show=ket&state=off"])
def test_a_part_is_shown_in_a_state_that_has_it(client, tea, query):
    for address in (PAGE, FRAGMENT):
        page = text_of(client, address + query)
        assert 'name="state" value="off"' in page
        assert "ket" not in pale_parts(page)


@pytest.mark.parametrize("part", ["lid", "hold", "", "%22%3E", "mainfires"])
def test_what_is_no_part_that_has_a_name_shows_the_whole_picture(client, tea, part):
    page = text_of(client, f"{PAGE}?show={part}")
    assert pale_parts(page) == set()
    assert 'id="show-all"' not in page


def test_the_fragment_says_what_its_page_says_and_names_it(client, tea):
    response = client.get(f"{FRAGMENT}?show=nmda&state=off")
    assert response["HX-Push-Url"] == f"{PAGE}?state=off&show=nmda"
    part, page = response.content.decode(), text_of(client, f"{PAGE}?state=off&show=nmda")
    for piece in re.findall(r"<input .*?>|<a .*?</a>|<p .*?</p>", part, re.DOTALL):
        assert piece in page
    assert f'id="show-all" href="{PAGE}?state=off#picture"' in part.replace('class="tool" ', "")
    assert len(part) <= 6_000


def test_shapes_are_links_with_names_that_say_what_they_are(client, tea):
    page = text_of(client, "/tea/drink/")
    drawing = re.search('<svg viewBox="0 0 360.*?</svg>', page, re.DOTALL)[0]
    assert 'role="group"' in drawing
    names = re.findall(r'<a class="p p\d+"[^>]*? aria-label="([^"]+)" href="([^"]+)"', drawing)
    assert ("Glutamate", "/tea/drink/?show=glu#picture") in names
    assert len(names) == len(scenes.get_shown_parts("synapse-blocked"))


def test_a_scene_whose_parts_have_no_names_is_a_picture_as_before(client, tea):
    page = text_of(client, "/tea/rest/")
    assert 'role="img"' in page
    for word in ("picture-control", "scene.css", "#picture"):
        assert word not in page
    assert client.get("/tea/rest/picture/fragment/?show=ket").status_code == 404


def test_where_the_picture_does_not_change_the_words_are_plain(client, tea):
    for address in ("/tea/all/", "/embed/tea/pour/", "/search/?q=red"):
        page = text_of(client, address)
        assert "part:" not in page
        assert 'class="word"' not in page
    for address in ("/tea/all/", "/embed/tea/pour/"):
        assertContains(client.get(address), "&lt;b&gt;a lock&lt;/b&gt;")
        drawings = re.findall("<svg viewBox.*?</svg>", text_of(client, address), re.DOTALL)
        assert not any("href" in link for d in drawings for link in re.findall("<a [^>]*>", d))


@pytest.mark.parametrize("name", ["lid", "hold", "Ket"])
def test_a_word_for_a_part_that_cannot_be_shown_is_refused_with_those_that_can(tea, name):
    step = tea.steps.get(slug="pour")
    step.more = f"A [[part:{name}|word]]."
    with pytest.raises(ValidationError) as refused:
        step.full_clean()
    assert "more" in refused.value.message_dict
    if name != "Ket":
        assert "It has: main, brake, nmda, ket, glu." in str(refused.value)


def test_a_text_without_a_picture_cannot_show_a_part():
    faq = make_faq()
    faq.answer = "A [[part:ket|lozenge]]."
    with pytest.raises(ValidationError, match="no picture here with a part “ket”"):
        faq.full_clean()


def test_an_editor_marks_a_word_in_the_admin(admin_client, tea):
    step = address_of(tea.steps.get(slug="drink"))
    sent = typed(admin_client.get(step), plain="[[part:lid|Lids]] fall.")
    page = admin_client.post(step, sent, follow=True)
    assert "no part “lid”" in str(errors_of(page)) + page.content.decode()
    sent = typed(admin_client.get(step), plain="[[part:ion|Charges]] wait.")
    assert admin_client.post(step, sent, follow=True).redirect_chain


def test_a_marked_word_is_no_term_and_is_read_as_its_words(client, tea):
    assertNotContains(client.get("/tea/drink/"), "/glossary/part")
    assert readability.strip_markup("[[part:glu|Seeds]] fall.") == "Seeds fall."
    assert markdown.get_term_slugs("[[part:glu|Seeds]] [[synapse]]") == {"synapse"}
    assert find_syntax_errors("[[part:glu]]")


@pytest.mark.parametrize("name", scenes.get_scene_names())
def test_each_part_that_can_be_shown_has_a_name_and_a_meaning(name):
    assert set(scenes.get_shown_parts(name)) <= legend.PARTS.keys()
