"""Say it back: cards in the order of the story, kept in the address alone."""

import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.models import Status
from psychoplastogens.walkthrough.card_order import CardOrder
from tests.factories import make_source, make_walkthrough
from tests.html_outline import find_faults

pytestmark = pytest.mark.django_db
PAGE = "/tea/say-it-back/"
STATES = ["", "?order=milk", "?order=pot.milk.foam", "?order=milk.pot.foam", "?order=x..pot.pot"]
STORY = [
    SimpleNamespace(slug=slug, name=slug.title(), order=place, beside=False)
    for place, slug in enumerate(("water", "pot", "milk", "foam"))
]


@pytest.fixture
def tea():
    make_source(slug="li-2010")
    links = [
        {"slug": "pot", "name": "Pot", "sentence": "A pot is warmed.[^li-2010:animals]"},
        {"slug": "milk", "name": "Milk", "sentence": "Then milk is poured."},
        {"slug": "foam", "name": "Foam", "people": "sign", "seen_in_people": "Froth, perhaps."},
        {"slug": "biscuit", "name": "Biscuit", "beside": True},
    ]
    return make_walkthrough({}, slug="tea", title="Making tea", links=links)


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def status_of(page):
    words = re.search(r'id="cards-status" role="status">(.*?)</p>', page, re.S)[1]
    return " ".join(words.split())


@pytest.mark.parametrize("query", STATES)
def test_every_state_is_a_sound_page_of_its_own(client, tea, query):
    page = text_of(client, PAGE + query)
    assert find_faults(page) == []
    assert re.search(r'<link rel="canonical" href="[^"]*"', page)[0].endswith(f'{PAGE}"')


@pytest.mark.parametrize("query", STATES)
def test_a_fragment_holds_the_parts_of_its_page_to_the_byte(client, tea, query):
    response = client.get(f"{PAGE}fragment/{query}")
    assert response["X-Robots-Tag"] == "noindex"
    html, page = response.content.decode(), text_of(client, PAGE + query)
    for part in html.partition('<div id="cards"')[::2]:
        assert part.strip() in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Tap what comes first in the story."),
        ("?order=milk", "Milk is number 1. 2 cards are left."),
        ("?order=milk.foam", "Foam is number 2. 1 card is left."),
        ("?order=biscuit.spoon", "Tap what comes first in the story."),
        ("?order=milk.pot.foam", "Two could be swapped: Pot comes before Milk."),
        ("?order=pot.milk.foam", "in the order in which the story is told."),
    ],
)
def test_one_sentence_or_two_tell_the_change(client, tea, query, words):
    assert words in status_of(text_of(client, PAGE + query))


def test_a_press_puts_a_card_behind_the_others_and_a_second_one_takes_it_back(client, tea):
    page = text_of(client, f"{PAGE}?order=milk.pot")
    links = dict(re.findall(r'id="card-(\w+)".*?href="([^"]*)"', page, re.S))
    assert links == {
        "foam": f"{PAGE}?order=milk.pot.foam",
        "milk": f"{PAGE}?order=pot",
        "pot": f"{PAGE}?order=milk",
    }


def test_the_first_pair_that_could_be_swapped_comes_with_the_reason_and_a_way(client, tea):
    page = text_of(client, f"{PAGE}?order=milk.pot.foam")
    reason = page[page.index('id="swap-why"') : page.index("</section>", page.index("swap-why"))]
    assert reason.index("A pot is warmed.") < reason.index("Then milk is poured.")
    assert f'href="{PAGE}?order=pot.milk.foam"' in reason
    assertNotContains(client.get(f"{PAGE}?order=pot.milk.foam"), "swap-why")


def test_the_story_is_told_in_its_order_once_all_cards_lie_there(client, tea):
    assertNotContains(client.get(f"{PAGE}?order=milk.pot"), "to-take-along")
    told = text_of(client, f"{PAGE}?order=foam.milk.pot").split('id="to-take-along"')[1]
    assert told.index("Pot.") < told.index("Milk.") < told.index("Foam.")
    assert "In people: only a sign of it." in " ".join(told.split())
    assert "Biscuit" not in told


def test_whoever_does_not_want_to_play_is_shown_the_order(client, tea):
    assertContains(client.get(PAGE), f'href="{PAGE}?order=pot.milk.foam"')


def test_nothing_of_it_is_stored(client, tea):
    from django.urls import resolve

    for address in (PAGE, f"{PAGE}fragment/"):
        assert resolve(address).func.storage_policy.parameters == frozenset()
        response = client.get(f"{address}?order=milk")
        assert not response.cookies
    assertNotContains(client.get(PAGE), "data-keep=")


def test_the_cards_belong_to_a_published_walkthrough_with_a_chain(client, tea):
    make_walkthrough({}, slug="water")
    make_walkthrough({}, slug="bread", links=[{"beside": True}])
    for slug in ("water", "bread"):
        assert client.get(f"/{slug}/say-it-back/").status_code == 404
        assertNotContains(client.get(f"/{slug}/"), "say-it-back")
    assertContains(client.get("/tea/step-1/"), f'href="{PAGE}"')
    tea.status = Status.DRAFT
    tea.save()
    assert client.get(PAGE).status_code == client.get(f"{PAGE}fragment/").status_code == 404


def test_a_step_cannot_take_its_address(tea):
    from django.core.exceptions import ValidationError

    step = tea.steps.get()
    step.slug = "say-it-back"
    with pytest.raises(ValidationError, match="uses this address"):
        step.full_clean()


@given(st.text(max_size=60))
def test_every_text_is_an_order(text):
    order = CardOrder(STORY, text)
    assert len(order.said) + order.left == len(STORY)


@given(st.permutations(STORY))
def test_swaps_lead_to_the_story(said):
    for _ in range(10):
        order = CardOrder(STORY, ".".join(link.slug for link in said))
        if not order.swap:
            break
        said = CardOrder(STORY, order.swapped_query.partition("=")[2]).said
    assert said == STORY
