import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.models import Compound
from psychoplastogens.editorial.models import Status
from tests.factories import (
    make_compound,
    make_condition,
    make_faq,
    make_finding,
    make_reviewer,
    make_source,
    make_term,
)
from tests.html_outline import find_faults

pytestmark = pytest.mark.django_db
URL = "/compounds/ketamine/"


def texts():
    """A text of its own for every field of prose."""
    fields = ["key_points", *(f for f, _ in Compound.GLANCE), *(f for f, *_ in Compound.SECTIONS)]
    return {field: f"The {field} text." for field in fields}


def test_it_shows_every_text_under_its_heading(client):
    make_compound(slug="ketamine", **texts())
    response = client.get(URL)
    for text in texts().values():
        assertContains(response, text)
    for _, anchor, title in Compound.SECTIONS:
        assertContains(response, f'id="{anchor}"')
        assertContains(response, f"<h2>{title}</h2>")


def test_sources_are_numbered_through_the_whole_page(client):
    for slug in "abcd":
        make_source(slug=slug, title=f"Source {slug}")
    finding = make_finding(source=make_source(slug="e"))
    statuses = [{"source": finding.source}, {"source": make_source(slug="f")}]
    make_compound(
        slug="ketamine",
        key_points="X[^c]",
        used_for="X[^a]",
        risks="X[^c] y[^b]",
        pictured=[finding],
        statuses=statuses,
    )
    html = client.get(URL).text
    order = [html.index(f'href="/sources/{slug}/"') for slug in "cabef"]
    assert order == sorted(order)
    assert html.count('<li id="s') == 5
    assert 'href="#s6"' not in html


def test_it_hides_every_draft(client):
    hidden = {"status": Status.DRAFT}
    secret = make_source(slug="secret-source", title="Secret source", **hidden)
    compound = make_compound(
        slug="ketamine",
        risks="Words.[^secret-source]",
        pictured=[make_finding(name="Secret number", **hidden)],
        findings=[make_finding(name="Secret number", **hidden)],
        statuses=[{"source": secret, "text": "Secret status."}],
    )
    make_compound(name="Secret other", **hidden)
    make_faq(compounds=[compound], question="Secret question?", **hidden)
    make_condition(name="Secret condition", evidence=[{"compound": compound}], **hidden)
    response = client.get(URL)
    assertNotContains(response, "Secret")
    assertNotContains(response, "secret")
    assertNotContains(response, "All numbers")


def test_it_draws_only_the_numbers_that_are_pictured(client):
    drawn, other = make_finding(name="Drawn"), make_finding(name="Other")
    make_compound(slug="ketamine", pictured=[drawn], findings=[drawn, other])
    assertContains(client.get(URL), "Drawn")
    assertNotContains(client.get(URL), "Other")
    assertContains(client.get(f"{URL}numbers/"), "Drawn")
    assertContains(client.get(f"{URL}numbers/"), "Other")


def test_the_table_holds_the_same_numbers_as_the_record(client):
    finding = make_finding(treatment_total=1_234, treatment_events=851, slug="f")
    make_compound(slug="ketamine", findings=[finding])
    response = client.get(f"{URL}numbers/")
    assertContains(response, "<b>69</b> of 100 on the spray")
    assertContains(response, "851 of 1234 people")
    assertContains(response, "52 of 100 people")
    assertContains(response, "Benefit: Depression halved")


def test_a_table_without_numbers_says_so(client):
    make_compound(slug="ketamine")
    assertContains(client.get(f"{URL}numbers/"), "No trial of it gave numbers")


def test_it_says_who_reviewed_it_or_that_nobody_did(client):
    make_compound(slug="ketamine", written_on="2026-01-02")
    make_compound(slug="mdma", reviewed_at="2026-03-04", reviewed_by=make_reviewer("Ada Moss"))
    assertContains(client.get(URL), "Not yet reviewed by a clinician.")
    assertContains(client.get(URL), "2 January 2026")
    assertNotContains(client.get("/compounds/mdma/"), "Not yet reviewed")
    assertContains(client.get("/compounds/mdma/"), "Reviewed by Ada Moss, MD, psychiatrist.")
    assertContains(client.get("/compounds/mdma/"), "4 March 2026")


def test_it_says_that_its_check_is_overdue(client):
    make_compound(slug="ketamine", review_due="2020-05-01")
    make_compound(slug="mdma", review_due="2999-05-01")
    assertContains(client.get(URL), "due for a check in May 2020")
    assertNotContains(client.get("/compounds/mdma/"), "was due for a check")


@pytest.mark.parametrize("times", [1, 4])
def test_more_parts_need_no_more_queries(client, django_assert_num_queries, times):
    findings = [make_finding() for _ in range(times)]
    statuses = [{"source": make_source()} for _ in range(times)]
    named = [f"[[{make_term(slug=f't-{n}').slug}]]" for n in range(times)]
    named += [f"{{{{finding:{make_finding().slug}}}}}" for _ in range(times)]
    parts = {"pictured": findings, "findings": findings, "statuses": statuses}
    compound = make_compound(slug="ketamine", risks="\n\n".join(["X[^a]", *named]), **parts)
    for _ in range(times):
        make_faq(compounds=[compound])
        make_condition(evidence=[{"compound": compound}])
    with django_assert_num_queries(8):
        client.get(URL)


def test_a_page_without_any_text_is_sound(client):
    make_compound(slug="ketamine")
    assert find_faults(client.get(URL).text.replace('href="#sources"', 'href="/"')) == []


@pytest.mark.parametrize("address", ["/compounds/none/", "/compounds/none/numbers/"])
def test_an_unknown_compound_is_not_found(client, address):
    assert client.get(address).status_code == 404
