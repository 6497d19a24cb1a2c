import pytest
from pytest_django.asserts import assertContains

from tests.factories import make_explainer, make_source, make_term
from tests.html_outline import find_faults

pytestmark = pytest.mark.django_db
URL = "/explainers/guide/all/"


def test_it_holds_every_text_in_order(client):
    sections = [{"plain": f"Plain {n}.", "more": f"More {n}."} for n in range(3)]
    make_explainer(*sections, slug="guide", key_points="Points.")
    html = client.get(URL).text
    texts = ["Points.", "Plain 0.", "More 0.", "Plain 1.", "More 1.", "Plain 2.", "More 2."]
    places = [html.index(text) for text in texts]
    assert places == sorted(places)
    assert find_faults(html) == []


def test_sources_are_numbered_and_terms_opened_once_for_the_whole_page(client):
    make_source(slug="a")
    make_source(slug="b")
    make_term(slug="synapse")
    text = "A [[synapse]].[^b] B.[^a]"
    make_explainer({"plain": text}, {"plain": text, "more": text}, slug="guide", key_points=text)
    html = client.get(URL).text
    assert html.count('<a class="term"') == 1
    assert html.count('href="#s1"') == html.count('href="#s2"') == 4
    assert html.index("/sources/b/") < html.index("/sources/a/")


def test_each_part_has_its_anchor(client):
    make_explainer({"slug": "before"}, {"slug": "after"}, slug="guide")
    for anchor in ("before", "after"):
        assertContains(client.get(URL), f'id="{anchor}"')


def test_a_guide_without_parts_is_sound(client):
    make_explainer(slug="guide")
    assert find_faults(client.get(URL).text) == []


def test_every_part_is_open_and_the_guide_itself_is_its_address_for_machines(client):
    make_explainer({}, {}, slug="guide")
    html = client.get(URL).text
    assert html.count(" open>") == 2
    assert 'rel="canonical" href="http://127.0.0.1:8000/explainers/guide/"' in html
