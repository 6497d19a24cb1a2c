"""A source names every published page that rests on it, and no other."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.models import Status
from tests.factories import (
    make_claim,
    make_compound,
    make_condition,
    make_explainer,
    make_faq,
    make_finding,
    make_source,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db
CITE = "Words.[^li-2010]"


@pytest.fixture
def source():
    return make_source(slug="li-2010", title="mTOR and synapses")


def page(client):
    return client.get("/sources/li-2010/")


PLACES = {
    "an answer": lambda s: make_faq(answer=CITE),
    "a term": lambda s: make_term(meaning=CITE),
    "a compound": lambda s: make_compound(risks=CITE),
    "a condition": lambda s: make_condition(not_known=CITE),
    "key points of a guide": lambda s: make_explainer(key_points=CITE),
    "a section": lambda s: make_explainer({"plain": CITE}),
    "more detail of a section": lambda s: make_explainer({"more": CITE}, {}),
    "an option": lambda s: make_condition(options=[{"living_with": CITE}]),
    "a row of evidence": lambda s: make_condition(evidence=[{"text": CITE}]),
    "with a strength": lambda s: make_faq(answer="Words.[^li-2010:animals]"),
    "a status": lambda s: make_compound(statuses=[{"source": s}]),
    "a finding of a compound": lambda s: make_compound(findings=[make_finding(source=s)]),
    "a picture on a condition": lambda s: make_condition(pictured=[make_finding(source=s)]),
}
FORMS = ["{{finding:f}}", "{{ finding:f }}", "{{finding:f|treated}}", "{{finding:f|sentence }}"]


@pytest.mark.parametrize("form", FORMS)
def test_it_names_the_page_that_draws_its_number(client, source, form):
    make_finding(slug="f", source=source)
    faq = make_faq(answer=f"Words. {form}")
    assertContains(page(client), faq.get_absolute_url())
    assert f'href="{source.get_absolute_url()}"' in client.get(faq.get_absolute_url()).text


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_it_names_the_page_that_rests_on_it(client, source, place):
    record = place(source)
    response = page(client)
    assertContains(response, "Pages that rest on it")
    assertContains(response, f'<a href="{record.get_absolute_url()}">{record}</a>', html=True)


@pytest.mark.parametrize(
    "text",
    [
        "[^li-2010a] and [^ali-2010] and li-2010",
        "{{finding:fo}} and {{finding:of}}",
        "[[li-2010]]",
    ],
)
def test_it_names_no_page_that_only_looks_like_it(client, source, text):
    make_finding(slug="f", source=source)
    make_faq(answer=text)
    assertNotContains(page(client), "Pages that rest on it")


def test_it_names_no_draft(client, source):
    for make in (make_faq, make_term, make_compound, make_condition, make_explainer, make_claim):
        make(status=Status.DRAFT)
    make_faq(answer=CITE, status=Status.DRAFT)
    make_explainer({"plain": CITE}, status=Status.DRAFT)
    make_claim([source], status=Status.DRAFT)
    make_finding(source=source, status=Status.DRAFT)
    response = page(client)
    for heading in ("Pages that rest on it", "Numbers taken from it", "Claims checked with it"):
        assertNotContains(response, heading)


def test_a_page_that_holds_only_a_draft_of_a_number_does_not_show_the_source(client, source):
    draft = make_finding(slug="f", source=source, status=Status.DRAFT)
    make_compound(findings=[draft], pictured=[draft], risks="{{finding:f}}")
    make_condition(findings=[draft], pictured=[draft])
    assertNotContains(page(client), "Pages that rest on it")


def test_it_names_a_page_once(client, source):
    finding = make_finding(slug="f", source=source)
    texts = {"risks": CITE, "taken": CITE, "what_it_is": "{{finding:f}}"}
    make_compound(
        findings=[finding], pictured=[finding], statuses=[{"source": source}], slug="k", **texts
    )
    assertContains(page(client), 'href="/compounds/k/"', count=1)


def test_it_shows_the_numbers_and_claims(client, source):
    finding = make_finding(source=source)
    make_claim([source], text="It is fast.")
    assertContains(page(client), finding.sentence)
    assertContains(page(client), f'id="{finding.slug}"')
    assertContains(page(client), "It is fast.")


def test_the_list_of_pages_follows_each_publication_and_withdrawal(client, source):
    """It is read for all sources at once, and kept until something is published."""
    faq = make_faq(answer=CITE)
    other = make_source(slug="other")
    assertContains(page(client), faq.get_absolute_url())
    faq.answer = "Words.[^other]"
    faq.save()
    assertNotContains(page(client), faq.get_absolute_url())
    assertContains(client.get(other.get_absolute_url()), faq.get_absolute_url())
    faq.withdraw(by=make_user(), reason="Wrong.")
    assertNotContains(client.get(other.get_absolute_url()), faq.get_absolute_url())


def test_the_second_source_asks_no_more_than_its_own_rows(
    client, source, django_assert_num_queries
):
    page(client)
    with django_assert_num_queries(4):
        page(client)


@pytest.mark.parametrize("times", [1, 60])
def test_the_count_of_queries_is_constant(client, source, django_assert_num_queries, times):
    for _ in range(times):
        finding = make_finding(source=source)
    for _ in range(min(times, 5)):
        make_compound(findings=[finding], risks=CITE)
        make_condition(options=[{"good": CITE}], evidence=[{"text": CITE}, {}])
        make_explainer({"plain": CITE}, {"plain": CITE})
        make_claim([source])
    with django_assert_num_queries(23):
        page(client)


def test_a_retracted_source_says_so(client):
    make_source(slug="bad", is_retracted=True)
    assertContains(client.get("/sources/bad/"), "This source was retracted.")
    assertContains(client.get("/sources/bad/"), "Do not rely on what it says.")


def test_a_retracted_source_is_marked_wherever_it_is_listed(client, source):
    make_source(slug="bad", is_retracted=True)
    faq = make_faq(answer=f"Words.[^bad] More.{CITE}")
    compound = make_compound(what_it_is=f"Words.[^bad] More.{CITE}")
    for page in ("/sources/", faq.get_absolute_url(), compound.get_absolute_url()):
        assertContains(client.get(page), "<b>Retracted.</b>", count=1)


def test_an_unchecked_source_names_no_date(client, source):
    assertNotContains(page(client), "Checked .")


def test_the_link_leaves_no_referrer(client):
    make_source(slug="a", doi="10.1000/182")
    response = client.get("/sources/a/")
    assertContains(response, '<a href="https://doi.org/10.1000/182" rel="noopener noreferrer">')


@pytest.mark.parametrize("number", ["0", "-1", "99999", "1e9", "x", "1" * 500])
def test_the_list_has_no_page_of_an_odd_number(client, source, number):
    assert client.get("/sources/", {"page": number}).status_code == 404
    assertContains(client.get("/sources/", {"page": ""}), "mTOR and synapses")


def test_the_list_hides_drafts_and_filters_by_kind(client):
    make_source(title="A label", kind="label")
    make_source(title="A paper", kind="article")
    make_source(title="A draft", kind="label", status=Status.DRAFT)
    response = client.get("/sources/?kind=label")
    assertContains(response, "A label")
    assertNotContains(response, "A paper")
    assertNotContains(response, "A draft")
    assertContains(client.get("/sources/?kind=%3Cb%3E"), "A paper")


def test_the_list_goes_on_to_a_second_page_of_the_same_kind(client):
    for _ in range(61):
        make_source(kind="label")
    response = client.get("/sources/?kind=label")
    assertContains(response, "1 to 60 of 61")
    assertContains(response, 'rel="next" href="?kind=label&amp;page=2"')
    assertContains(client.get("/sources/?kind=label&page=2"), "61 to 61 of 61")
