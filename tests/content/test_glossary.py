import re

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.models import Status
from tests.factories import make_source, make_term
from tests.html_outline import find_faults

pytestmark = pytest.mark.django_db


def words(html):
    return re.sub(r"<[^>]+>|\s+", " ", html).split()


def test_page_list_and_fragment_hold_the_same_words(client):
    make_source(slug="a")
    make_term(slug="spine", term="Spine")
    make_term(slug="synapse", meaning="Where *two* [[spine|spines]] meet.[^a:cells]")
    for address in ("/glossary/", "/glossary/synapse/", "/glossary/synapse/fragment/"):
        html = client.get(address).text
        assert re.search(r"Where <em>two</em> <a[^>]*>spines</a> meet\.", html), address
        assert "Seen in cells" in html


def test_the_fragment_is_one_element_that_is_not_indexed(client):
    make_term(slug="synapse", pronunciation="SIN-aps")
    response = client.get("/glossary/synapse/fragment/")
    assert response["X-Robots-Tag"] == "noindex"
    assert response.text.strip().startswith('<div id="gloss"')
    assertContains(response, "SIN-aps")
    assertContains(response, 'href="/glossary/synapse/"')
    assertNotContains(response, "<html")


def test_a_number_in_the_fragment_leads_to_its_own_source_and_to_none_of_the_page_around(client):
    make_source(slug="a")
    make_term(slug="synapse", meaning="Where two cells meet.[^a]")
    response = client.get("/glossary/synapse/fragment/")
    assertNotContains(response, 'href="#s1"')
    assertContains(response, 'href="/glossary/synapse/#s1"')
    assertContains(client.get("/glossary/synapse/"), '<li id="s1">')


@pytest.mark.parametrize("address", ["/glossary/synapse/", "/glossary/synapse/fragment/"])
def test_a_draft_is_not_there(client, address):
    make_term(slug="synapse", status=Status.DRAFT)
    assert client.get(address).status_code == 404
    assertNotContains(client.get("/glossary/"), "Synapse")


def test_each_letter_has_one_heading_whatever_the_case(client):
    for term in ("Zebra", "apple", "Apricot", "5-HT", "antidepressant", "Éclair"):
        make_term(term=term)
    response = client.get("/glossary/")
    letters = re.findall(r"<h2 id=\"l-[^>]*>(.)</h2>", response.text)
    assert len(letters) == len(set(letters))
    assert {"5", "A", "Z"} <= set(letters)
    assert response.text.index("antidepressant") < response.text.index("Zebra")
    assert find_faults(response.text) == []


def test_other_names_are_shown(client):
    make_term(slug="synapse", synonyms=["synapses", "<b>"])
    assertContains(client.get("/glossary/synapse/"), "synapses, &lt;b&gt;")


def test_more_terms_need_no_more_queries(client, django_assert_num_queries):
    for number in range(5):
        make_term(slug=f"t{number}", meaning=f"Not [[t{number - 1}]].[^a]")
    with django_assert_num_queries(3):
        client.get("/glossary/")
