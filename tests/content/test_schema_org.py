"""What search engines read is what people read."""

import json
import re
from datetime import date

import pytest

from psychoplastogens.content.templatetags.content_tags import structured_data
from tests.factories import (
    make_compound,
    make_condition,
    make_explainer,
    make_faq,
    make_reviewer,
    make_source,
    make_term,
)

pytestmark = pytest.mark.django_db
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)

MAKERS = {
    "/compounds/x/": make_compound,
    "/conditions/x/": make_condition,
    "/explainers/x/": lambda **fields: make_explainer({"slug": "y"}, **fields),
    "/explainers/x/y/": lambda **fields: make_explainer({"slug": "y"}, **fields),
    "/questions/x/": make_faq,
}
NAMES = {"/compounds/": "name", "/conditions/": "name", "/explainers/": "title"}
EACH = pytest.mark.parametrize("address", MAKERS)


def things(client, address):
    [text] = SCRIPT.findall(client.get(address).text)
    data = json.loads(text)
    assert data["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in data["@graph"]}


def page(client, address):
    return things(client, address)["MedicalWebPage"]


@EACH
def test_a_page_is_described_by_its_record(client, address):
    MAKERS[address](slug="x", written_on=date(2026, 1, 2), updated_on=date(2026, 3, 4))
    found = page(client, address)
    assert found["url"].endswith(address)
    assert (found["datePublished"], found["dateModified"]) == ("2026-01-02", "2026-03-04")
    assert f"<h1>{found['name']}" in client.get(address).text


@EACH
def test_nobody_reviewed_it_unless_somebody_did(client, address):
    MAKERS[address](slug="x")
    assert not {"lastReviewed", "reviewedBy"} & page(client, address).keys()


@EACH
def test_the_review_is_the_one_that_readers_see(client, address):
    MAKERS[address](slug="x", reviewed_at=date(2026, 3, 4), reviewed_by=make_reviewer("Ada Moss"))
    found = page(client, address)
    assert found["lastReviewed"] == "2026-03-04"
    assert found["reviewedBy"]["name"] == "Ada Moss"
    assert "<dd>4 March 2026</dd>" in client.get(address).text


@EACH
def test_the_way_to_a_page_ends_at_the_page(client, address):
    MAKERS[address](slug="x")
    steps = things(client, address)["BreadcrumbList"]["itemListElement"]
    assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
    assert steps[-1]["item"].endswith(address)


def test_a_compound_is_a_drug_with_its_names_and_status(client):
    make_compound(
        slug="x",
        brand="Spravato",
        other_names=["esk"],
        statuses=[{"source": make_source(), "text": "On sale."}],
    )
    drug = page(client, "/compounds/x/")["about"]
    assert drug["alternateName"] == ["esk", "Spravato"]
    assert [status["name"] for status in drug["legalStatus"]] == ["On sale."]


def test_a_term_is_a_defined_term(client):
    make_term(slug="x", term="Synapse", synonyms=["synapses"])
    term = things(client, "/glossary/x/")["DefinedTerm"]
    assert (term["name"], term["alternateName"]) == ("Synapse", ["synapses"])


def test_the_site_describes_its_search(client):
    action = things(client, "/")["WebSite"]["potentialAction"]
    assert action["target"].endswith("/search/?q={q}")


HOSTILE = ["</script><script>alert(1)</script>", "<!--<script>", "]]>", '"\\', "\u2028&amp;'"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_title_cannot_close_its_element(client, text):
    make_faq(slug="x", question=text)
    html = client.get("/questions/x/").text
    assert "<script>alert" not in html
    assert json.loads(SCRIPT.search(html)[1])["@graph"][0]["name"] == text


@pytest.mark.parametrize("text", HOSTILE)
def test_data_are_the_same_after_reading_them_back(text):
    html = structured_data({"a": [text, {text: text}]})
    assert html.count("<") == 2
    assert json.loads(SCRIPT.fullmatch(html)[1]) == {"a": [text, {text: text}]}
