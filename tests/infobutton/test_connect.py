"""The page to try it on: an address to copy, the answer, and every code that is answered."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.models import Status
from tests.factories import make_code, make_compound, make_condition
from tests.html_outline import find_faults

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def pages():
    make_code("F33", page=make_condition(slug="depression", name="Depression"))
    ketamine = make_compound(slug="ketamine")
    make_code("6130", system="rxnorm", display="ketamine", page=ketamine)


def test_it_lists_the_codes_that_are_answered(client):
    make_code("F60", status=Status.DRAFT)
    make_code("F61", page=make_condition(name="Secret", status=Status.DRAFT))
    page = client.get("/connect/")
    assert find_faults(page.text) == []
    assertContains(page, '<th role="rowheader" scope="row">F33</th>')
    assertContains(page, '<a href="/compounds/ketamine/">Ketamine</a>')
    for hidden in ("F60", "F61", "Secret"):
        assertNotContains(page, hidden)


def test_an_address_and_its_answer_are_shown(client):
    sent = {"system": "rxnorm", "code": "6130", "subtopic": "side-effects", "type": "text/xml"}
    page = client.get("/connect/", sent)
    assertContains(page, "/connect/service?mainSearchCriteria.v.cs=2.16.840.1.113883.6.88&amp;")
    assertContains(page, "&amp;subTopic.v.c=Q000009&amp;")
    assertContains(page, "/connect/application?mainSearchCriteria.v.cs=")
    assertContains(page, "/compounds/ketamine/#risks")
    assertContains(page, "&lt;feed xmlns=")


def test_the_address_that_is_shown_gives_the_answer_that_is_shown(client):
    page = client.get("/connect/", {"code": "f3341", "type": "application/json"})
    trial = page.context["trial"]
    answer = client.get(trial.service.removeprefix("http://127.0.0.1:8000")).json()
    assert trial.code == "F33.41"
    assert answer["feed"]["id"]["_value"] in trial.answer
    assert '"Depression"' in trial.answer


@pytest.mark.parametrize("code", ["zzz", "555-0100", "<b>", "F" * 300])
def test_what_is_no_code_is_said_and_not_shown(client, code):
    page = client.get("/connect/", {"system": "icd-10-cm", "code": code})
    assertContains(page, "That is no code of ICD-10-CM: they look like F33.2.")
    assertNotContains(page, 'class="answer"')
    assert code not in page.text or code == "<b>"


def test_the_fragment_is_the_same_part_of_the_page(client):
    sent = {"system": "rxnorm", "code": "6130"}
    part = client.get("/connect/fragment/", sent)
    assert part["X-Robots-Tag"] == "noindex"
    assert part.text.strip() in client.get("/connect/", sent).text


def test_odd_choices_are_the_first_ones(client):
    sent = {"system": "x", "code": "F33", "subtopic": "x", "reader": "x", "type": "x"}
    trial = client.get("/connect/", sent).context["trial"]
    assert (trial.system, trial.subtopic, trial.reader) == ("icd-10-cm", "", "PAT")
    assert trial.type == "text/xml"
    assert trial.answer


def test_the_sitemap_names_it(client):
    assertContains(client.get("/sitemap.xml"), "/connect/</loc>")
