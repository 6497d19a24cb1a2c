import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psychoplastogens.content.models import Faq
from psychoplastogens.delivery.page_store import versions
from psychoplastogens.editorial.models import ContentVersion
from psychoplastogens.search import index_cache
from tests.factories import (
    make_claim,
    make_compound,
    make_condition,
    make_explainer,
    make_faq,
    make_source,
    make_term,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db


def page(client, words, **more):
    return client.get("/search/", {"q": words, **more}).content.decode()


def titles(client, words, **more):
    """The titles found, in the order of the page."""
    found = re.findall(r"<h3><a [^>]*>(.*?)</a></h3>", page(client, words, **more))
    return [unescape(re.sub(r"</?mark>", "", title)) for title in found]


@pytest.fixture
def medicines():
    make_compound(name="Esketamine", brand="Spravato", summary="A nasal spray.")
    make_compound(name="Ketamine", other_names=["Ketalar"], summary="An anesthetic.")
    make_compound(name="Psilocybin", summary="In trials.")
    make_faq(question="How long does a Spravato visit take?", answer="At least 2 hours.")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("ketamin", "Ketamine"),
        ("KETAMINE", "Ketamine"),
        ("spravatto", "Esketamine"),
        ("sylocibin", "Psilocybin"),
        ("silocybin", "Psilocybin"),
        ("esketemine", "Esketamine"),
        ("psilo", "Psilocybin"),
    ],
)
def test_it_understands_misspelled_and_unfinished_names(client, medicines, typed, first):
    assert titles(client, typed)[0] == first


def test_it_says_what_it_corrected_and_offers_the_words_as_typed(client, medicines):
    html = page(client, "spravatto")
    assert "Showing results for <b>spravato</b>" in html
    assert 'href="/search/?q=spravatto&amp;exact=1"' in html


@pytest.mark.parametrize("typed", ["spravatto call 555-0199", "marmots, call 555-0199", "spravato"])
def test_what_was_typed_stands_in_its_field_and_nowhere_else(client, medicines, typed):
    """Else a link could have us say it: “59 results for “call 555-0199””."""
    html = page(client, typed)
    read = re.sub(r'<input[^>]*>|href="[^"]*"', "", html)
    assert not re.search("marmots|call 555|0199", read)
    assert f'value="{typed}"' in html
    assert "<title>Search – Understory</title>" in html
    assert ("Showing results for <b>spravato</b>." in html) == typed.startswith("spravatto")


def test_it_takes_the_spelling_as_it_is_on_request(client, medicines):
    assert titles(client, "spravatto", exact="1") == []


def test_it_does_not_correct_what_is_written_right(client, medicines):
    assert "Showing results for" not in page(client, "ketamine anesthetic")


def test_a_brand_name_finds_the_medicine_first_and_the_medicine_finds_the_brand(client, medicines):
    assert titles(client, "Spravato")[0] == "Esketamine"
    assert "How long does a Spravato visit take?" in titles(client, "esketamine")


def test_a_synonym_of_the_glossary_finds_pages_that_use_the_term(client):
    make_term(term="Neuron", synonyms=["nerve cell", "brain cell"])
    make_faq(question="What happens in a neuron?")
    assert titles(client, "brain cells") == ["Neuron", "What happens in a neuron?"]


def test_a_plain_question_finds_its_answer_first(client, medicines):
    make_faq(question="Can I drive home?", answer="No, do not drive home. Go back to work later.")
    make_faq(question="What can I do after?", answer="Can you rest? I hope that you can.")
    make_condition(name="Depression", what_it_is="After some weeks you can go for a drive.")
    assert titles(client, "can i drive after")[0] == "Can I drive home?"


def test_an_exact_name_stands_before_pages_that_repeat_it(client):
    make_faq(question="Ketamine, ketamine, ketamine?", answer="Ketamine. " * 30)
    make_compound(name="Ketamine")
    assert titles(client, "ketamine")[0] == "Ketamine"


@pytest.mark.parametrize("typed", ["5meodmt", "5 MeO DMT", "5-meo-dmt"])
def test_a_name_is_found_however_it_is_joined(client, typed):
    make_compound(name="5-MeO-DMT")
    assert titles(client, typed) == ["5-MeO-DMT"]


def test_it_finds_other_forms_of_a_word_and_marks_them(client):
    make_faq(question="What is an infusion?", answer="A slow drip.")
    html = page(client, "infusions")
    assert "What is an <mark>infusion</mark>?" in html


def test_it_ignores_accents(client):
    make_faq(question="Is there a café?")
    assert titles(client, "cafe") == ["Is there a café?"]


def test_it_finds_every_kind_and_names_it(client):
    make_faq(question="Marmot question?")
    make_explainer(("Marmot section", "Text."), title="Marmot guide")
    make_compound(name="Marmotamine", summary="A marmot.")
    make_condition(name="Marmot fever")
    make_term(term="Marmot")
    make_claim(text="Marmots help.")
    make_source(title="Marmots in trials")
    assert len(titles(client, "marmot")) == 8
    html = page(client, "marmot")
    for kind in ("Questions", "Guides", "Medicines", "Conditions", "Words explained", "Sources"):
        assert re.search(rf'(<h2 id="found-\w+">|<p class="small soft">\s*){kind}\b', html), kind


def test_a_section_is_a_result_with_its_own_address(client):
    make_explainer(("What to bring", "A blanket."), slug="the-day", title="The day")
    html = page(client, "blanket")
    assert 'href="/explainers/the-day/part-0/"' in html
    assert "In the guide “The day”" in html


def test_it_finds_pages_that_are_not_records(client):
    assert titles(client, "cookies") == ["Privacy"]


def test_drafts_never_show(client):
    make_faq(question="Is this a secret marmot?", published=False)
    make_explainer(("Secret marmot", "Text."), published=False)
    assert titles(client, "secret marmot") == []
    assert "marmot" not in index_cache.get_current_index().index.vocabulary.speller.counts


def test_a_withdrawn_page_is_no_longer_found(client):
    faq = make_faq(question="Is it a marmot?")
    assert titles(client, "marmot") == ["Is it a marmot?"]
    faq.withdraw(by=make_user(), reason="It was wrong.")
    assert titles(client, "marmot") == []


def test_what_is_published_is_found_at_once(client):
    faq = make_faq(question="Is it a marmot?", published=False)
    assert titles(client, "marmot") == []
    faq.publish(by=make_user())
    assert titles(client, "marmot") == ["Is it a marmot?"]


def test_titles_and_texts_are_escaped_also_where_they_are_marked(client):
    make_faq(question="Is <script>alert(1)</script> safe?", answer="A <b>bold</b> alert & more.")
    html = page(client, "alert")
    assert "&lt;script&gt;<mark>alert</mark>(1)&lt;/script&gt;" in html
    assert "A &lt;b&gt;bold&lt;/b&gt; <mark>alert</mark> &amp; more." in html


def test_the_words_typed_are_escaped(client):
    html = page(client, '"><script>x</script>')
    assert "<script>x" not in html
    assert 'value="&quot;&gt;&lt;script&gt;x&lt;/script&gt;"' in html


def test_snippets_show_words_and_no_marks_of_our_markdown(client):
    make_faq(
        answer="A **drip** runs[^a-source:people] into a [[vein|blood vessel]]. See [it](/x/)."
    )
    html = page(client, "drip")
    assert "A <mark>drip</mark> runs into a blood vessel. See it." in html


def test_a_sentence_with_a_drawn_number_is_found_but_not_quoted(client):
    make_faq(answer="Some felt dizzy. Marmots did in {{finding:x|treated}} people. It passed.")
    html = page(client, "marmots")
    assert "Some felt dizzy. It passed." in html
    assert "50" not in html


def test_at_most_six_of_a_kind_are_shown_and_all_can_be_asked_for(client):
    for number in range(8):
        make_faq(question=f"Marmot {number}?")
    assert len(titles(client, "marmot")) == 6
    assert 'href="/search/?q=marmot&amp;kind=faq"' in page(client, "marmot")
    assert len(titles(client, "marmot", kind="faq")) == 8


def test_the_number_of_results_is_said_in_a_status_that_is_always_there(client, medicines):
    status = 'id="search-status" role="status" class="small soft">2 results</p>'
    assert status in page(client, "spravato")
    assert 'id="search-status" role="status" class="small soft"></p>' in page(client, "")


def test_nothing_found_offers_near_words_topics_the_clinic_and_help(client, medicines):
    make_topic(name="Cost and insurance", slug="cost")
    html = page(client, "kexximine")
    assert '<a href="/search/?q=ketamine">ketamine</a>' in html
    assert '<a href="/questions/?topic=cost">Cost and insurance</a>' in html
    assert "Ask your clinic" in html
    assert 'href="/help/"' in html


def test_the_page_is_whole_with_htmx_and_the_fragment_holds_the_same_results(client, medicines):
    whole = client.get("/search/?q=spravato").content
    assert client.get("/search/?q=spravato", headers={"HX-Request": "true"}).content == whole
    fragment = client.get("/search/fragment/?q=spravato")
    assert fragment["X-Robots-Tag"] == "noindex"
    assert fragment.content.strip() in whole


def test_answers_are_for_this_reader_only(client):
    for address in ("/search/?q=x", "/search/fragment/?q=x"):
        answer = client.get(address)
        assert answer["Cache-Control"] == "private, max-age=60"
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")


def test_the_form_works_without_javascript(client):
    html = page(client, "")
    assert '<form class="search" role="search" method="get" action="/search/"' in html
    assert '<label class="vh" for="q">' in html


@pytest.mark.parametrize("typed", ["AND (", "*", '"', "a OR", "title:x", "+-!^~", "[" * 1000])
def test_the_syntax_of_the_engine_means_nothing(client, medicines, typed):
    assert client.get("/search/", {"q": typed}).status_code == 200


@pytest.mark.parametrize("typed", ["[" * 10_000, "a " * 10_000, "x" * 10_000, "ketamine " * 10_000])
def test_only_the_beginning_of_a_long_query_is_used(medicines, typed):
    assert len(index_cache.get_current_index().index.search(typed).asked) <= 200


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(words=st.text(max_size=400), exact=st.booleans())
def test_no_query_breaks_it(medicines, words, exact):
    answer = index_cache.get_current_index().index.search(words, exact=exact)
    for group in answer.groups:
        for hit in group.hits:
            assert "".join(text for text, _ in hit.title) == hit.document.title


@pytest.mark.parametrize("records", [10, 300])
def test_a_search_costs_one_query_however_much_there_is(client, records):
    for number in range(records):
        make_faq(question=f"Marmot {number}?")
    page(client, "marmot")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page(client, "marmot 7")
    assert len(queries) == 1


def test_where_the_content_version_is_watched_a_search_asks_the_database_nothing(
    client, medicines, monkeypatch
):
    page(client, "marmot")
    watched = ContentVersion.objects.read_numbers()
    monkeypatch.setattr(versions.watcher, "get_numbers", lambda: watched)
    with CaptureQueriesContext(connection) as queries:
        page(client, "spravato")
    assert len(queries) == 0


def test_results_do_not_depend_on_the_order_of_the_database(client):
    names = [f"Marmot {number}?" for number in range(12)]
    for name in names:
        make_faq(question=name, answer="The same.")
    forwards = titles(client, "same")
    Faq.objects.all().delete()
    for name in reversed(names):
        make_faq(question=name, answer="The same.")
    assert titles(client, "same") == forwards
