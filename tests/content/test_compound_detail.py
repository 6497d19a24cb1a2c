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
    fields = [f for f, *_ in (*Compound.LINES, *Compound.GLANCE, *Compound.SECTIONS)]
    return {field: f"The {field} text." for field in fields}


def test_it_shows_every_text_under_its_heading(client):
    make_compound(slug="ketamine", **texts())
    response = client.get(URL)
    for text in texts().values():
        assertContains(response, text)
    for _, anchor, title in Compound.SECTIONS:
        assertContains(response, f'id="{anchor}"')
        assertContains(response, f"<h2>{title}</h2>")


def test_it_opens_with_its_lines_and_its_status(client):
    source = make_source(slug="register")
    own = {"standing": "off_label", "as_of": "2026-01-01", "source": source}
    texts = {field: f"The {field} line." for field, _ in Compound.LINES}
    make_compound(slug="ketamine", standing_note="For sleep.", statuses=[own], **texts)
    html = client.get(URL).text
    opening = html[html.index('class="five"') : html.index("</dl>")]
    places = [opening.index(text) for text in (*texts.values(), "For sleep.", 'href="#s1"')]
    assert places == sorted(places)
    assert "As of January 2026." in opening


def test_when_to_call_stands_open_and_the_risks_do_not_repeat_it(client):
    risks = ":::call-clinic Call us\nVomiting.\n:::\n\nDizzy.\n\n:::advice\nAsk.\n:::"
    make_compound(slug="ketamine", risks=risks)
    html = client.get(URL).text
    assert html.count("Vomiting.") == html.count("Ask.") == 1
    folded = html[html.index('id="risks"') :].partition("</details>")[0]
    assert "Dizzy." in folded
    assert "Vomiting." not in folded


def test_a_folded_part_says_its_first_sentence(client):
    not_known = "{{finding:f|sentence}} How **long** it lasts.[^a] What else?"
    make_compound(slug="ketamine", not_known=not_known)
    folded = client.get(URL).text.partition('id="not-known"')[2]
    assert "<span>How long it lasts.</span>" in folded.partition("</summary>")[0]


def test_a_benefit_is_drawn_beside_a_harm_and_a_missed_trial_is_not_folded(client):
    met, missed = make_finding(name="Met", order=1), make_finding(name="Missed", order=2)
    harms = [make_finding(name=name, kind="harm", order=3) for name in ("First", "Second")]
    make_compound(slug="ketamine", pictured=[met, missed, *harms])
    html = client.get(URL).text
    open_part = html[html.index('class="hundred"') : html.index('id="trials"')]
    names = ("Met", "First", "Missed", "Second")
    places = [open_part.index(f'<p class="title">{name}</p>') for name in names]
    assert places == sorted(places)
    assert "<details" not in open_part.rpartition("</figure>")[0]


def test_sources_are_numbered_through_the_whole_page(client):
    for slug in "abcd":
        make_source(slug=slug, title=f"Source {slug}")
    finding = make_finding(source=make_source(slug="e"))
    statuses = [{"source": finding.source}, {"source": make_source(slug="f")}]
    make_compound(
        slug="ketamine",
        short_what="X[^c]",
        used_for="X[^a]",
        risks="X[^c] y[^b]",
        pictured=[finding],
        statuses=statuses,
    )
    html = client.get(URL).text
    order = [html.index(f'href="/sources/{slug}/"') for slug in "ceabf"]
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
    assertContains(client.get(URL), "Not yet reviewed by a clinician")
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
    with django_assert_num_queries(9):
        client.get(URL)


def test_a_page_without_any_text_is_sound(client):
    make_compound(slug="ketamine")
    assert find_faults(client.get(URL).text.replace('href="#sources"', 'href="/"')) == []


@pytest.mark.parametrize("address", ["/compounds/none/", "/compounds/none/numbers/"])
def test_an_unknown_compound_is_not_found(client, address):
    assert client.get(address).status_code == 404
