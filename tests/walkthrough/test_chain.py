"""The chain: links that readers take away, and in whom each was seen."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.models import Status
from psychoplastogens.walkthrough.models import ChainLink
from tests.factories import make_source, make_walkthrough
from tests.html_outline import find_faults

pytestmark = pytest.mark.django_db
PAGE = "/tea/chain/"
STATES = ["", "?without=milk", "?lens=people", "?without=milk&lens=people", "?without=salt"]


@pytest.fixture
def tea():
    make_source(slug="li-2010")
    milk = [
        {"done": "Rats had no milk.", "result": "No foam.[^li-2010:animals]"},
        {"subject": "people", "done": "Ten had none.", "effect": "stayed", "result": "It foamed."},
    ]
    links = [
        {"slug": "pot", "name": "Pot", "people": "yes", "seen_in_people": "A pot was seen."},
        {"slug": "milk", "name": "Milk", "without": "Rats had no foam.", "experiments": milk},
        {"slug": "foam", "name": "Foam", "people": "sign", "seen_in_people": "Froth, perhaps."},
        {"slug": "biscuit", "name": "Biscuit", "beside": True},
    ]
    return make_walkthrough({}, slug="tea", title="Making tea", links=links)


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def drawn(client, query):
    """{name: classes} of the links in the picture."""
    pattern = r'class="link ([\w ]*)"(?:(?!<text).)*<text[^>]*>\s*(\w+)'
    links = re.findall(pattern, text_of(client, PAGE + query), re.DOTALL)
    return {name: classes.split() for classes, name in links}


@pytest.mark.parametrize("query", STATES)
def test_every_state_is_a_sound_page_of_its_own(client, tea, query):
    assert find_faults(text_of(client, PAGE + query)) == []


@pytest.mark.parametrize("query", STATES)
def test_a_fragment_holds_the_parts_of_its_page_to_the_byte(client, tea, query):
    response = client.get(f"{PAGE}fragment/{query}")
    assert response["X-Robots-Tag"] == "noindex"
    page = text_of(client, PAGE + query)
    html = response.content.decode()
    status, shown = html.index('<p id="chain-status"'), html.index('<div id="chain-shown"')
    parts = (html[:status], html[status:shown], html[shown:])
    for part in parts:
        assert part.strip() in page


def test_what_comes_after_a_link_fades_with_it_and_what_is_beside_does_not(client, tea):
    expected = {"Pot": [], "Milk": ["away"], "Foam": ["lost"], "Biscuit": []}
    assert drawn(client, "?without=milk") == expected
    assertContains(client.get(f"{PAGE}?without=milk"), "Rats had no foam.")


def test_through_a_lens_a_link_fades_by_what_was_seen_there(client, tea):
    assert drawn(client, "?without=milk&lens=people")["Foam"] == ["sign"]
    assert drawn(client, "?without=milk&lens=animals")["Foam"] == ["lost", "no"]


def test_a_lens_marks_and_counts_what_was_seen_there(client, tea):
    expected = {"Pot": ["yes"], "Milk": ["no"], "Foam": ["sign"], "Biscuit": ["no"]}
    assert drawn(client, "?lens=people") == expected
    page = client.get(f"{PAGE}?lens=people")
    assertContains(page, "1 of 4 links were seen, 1 only as a sign, 2 not")
    assertContains(page, "Froth, perhaps.")


def test_the_card_says_what_was_done_in_whom_and_where_nobody_tried(client, tea):
    card = (
        text_of(client, f"{PAGE}?without=milk").split('id="chain-card"')[1].split("</section>")[0]
    )
    assert re.search(r"In people.*Ten had none.*It came all the same.*It foamed", card, re.S)
    assert re.search(r"In animals.*Rats had no milk.*It stopped.*No foam", card, re.S)
    assert re.search(r"In cells.*We know of no such test", card, re.S)


@pytest.mark.parametrize("query", ["?without=salt", "?without=", "?lens=plants", "?without=%22"])
def test_a_link_or_lens_that_there_is_not_shows_the_whole_chain(client, tea, query):
    assert drawn(client, query) == {"Pot": [], "Milk": [], "Foam": [], "Biscuit": []}


def test_a_press_keeps_the_lens_and_a_second_one_puts_the_link_back(client, tea):
    page = text_of(client, f"{PAGE}?without=milk&lens=people")
    assert f'href="{PAGE}?without=foam&amp;lens=people"' in page
    assert re.search(rf'id="without-milk"\s+aria-current="true"\s+href="{PAGE}\?lens=people"', page)


@pytest.mark.parametrize(("query", "whole"), [("", True), ("?without=milk", False)])
def test_the_whole_chain_is_a_press_that_stays_where_it_is(client, tea, query, whole):
    """It has an id of its own, so that the focus stays on it when all is put back."""
    chip = re.search(r'<a[^>]*id="chain-whole"[^>]*>', text_of(client, PAGE + query))[0]
    assert f'href="{PAGE}"' in chip
    assert ('aria-current="true"' in chip) is whole


def test_the_table_for_paper_has_each_link_and_what_was_seen_in_whom(client, tea):
    table = text_of(client, PAGE).split("<table>")[1].split("</table>")[0]
    rows = [re.sub(r"<[^>]+>|\s+", " ", row) for row in table.split("<tr>")[2:]]
    assert [row.split()[0] for row in rows] == ["Pot", "Milk", "Foam", "Biscuit"]
    assert re.search(r"Ten had none\..*It foamed\..*Rats had no milk\..*No foam", rows[1])
    assert "A pot was seen." in rows[0]
    assert rows[0].count("Not seen, in the studies that we read.") == 2


def test_the_sitemap_and_search_name_a_chain_that_there_is(client, tea):
    from psychoplastogens.search.documents import build_documents

    make_walkthrough({}, slug="water")
    sitemap = text_of(client, "/sitemap.xml")
    assert f"{PAGE}</loc>" in sitemap
    assert "/water/chain/" not in sitemap
    found = {document.address: document for document in build_documents()}
    assert "Rats had no foam." in found[PAGE].text
    assert found[PAGE].part_of == "Making tea"
    assert "/water/chain/" not in found
    tea.status = Status.DRAFT
    tea.save()
    assert PAGE not in text_of(client, "/sitemap.xml")
    assert PAGE not in {document.address for document in build_documents()}


def test_the_start_and_the_last_step_lead_to_a_chain_that_there_is(client, tea):
    make_walkthrough({}, slug="water")
    for address in ("/tea/", "/tea/step-1/"):
        assertContains(client.get(address), PAGE)
        assertNotContains(client.get(address.replace("tea", "water")), "/water/chain/")
    assert client.get("/water/chain/").status_code == 404


def test_a_chain_is_read_only_once_its_walkthrough_is_published(client, tea):
    tea.status = Status.DRAFT
    tea.save()
    for address in (PAGE, f"{PAGE}fragment/"):
        assert client.get(address).status_code == 404


def test_longer_chains_take_no_more_queries(client, tea, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(PAGE)
    with CaptureQueriesContext(connection) as short:
        client.get(f"{PAGE}?without=milk")
    queries = len(short)
    for n in range(5):
        link = ChainLink.objects.create(
            walkthrough=tea, slug=f"cup-{n}", name=f"Cup {n}", picture="bdnf", order=5 + n
        )
        link.experiments.create(subject="cells", done="None.", effect="unclear", result="Dry.")
    client.get(PAGE)
    with django_assert_num_queries(queries):
        client.get(f"{PAGE}?without=milk")


def test_what_is_said_to_be_seen_has_words(tea):
    with pytest.raises(IntegrityError):
        ChainLink.objects.filter(slug="milk").update(cells="yes")


def test_a_picture_is_one_of_those_there_are(tea):
    link = tea.links.get(slug="milk")
    link.picture = "spoon"
    with pytest.raises(ValidationError, match="There is no scene “spoon”"):
        link.full_clean()


def test_a_link_whose_picture_is_gone_still_has_its_name(client, tea):
    tea.links.update(picture="gone")
    assert list(drawn(client, "")) == ["Pot", "Milk", "Foam", "Biscuit"]
