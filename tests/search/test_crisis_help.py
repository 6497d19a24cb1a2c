"""A search that speaks of danger is answered with who to call, before anything else."""

import re
from html import unescape

import pytest

import psychoplastogens.search.zero_results
from tests.content.crisis_queries import queries
from tests.factories import make_compound, make_condition, make_faq

pytestmark = pytest.mark.django_db
WHOLE, LIVE = "/search/", "/search/fragment/"
PANEL = '<section class="help-panel"'
SMALL = '<section class="help-panel small-panel"'
FOLDED = "What this search found"


@pytest.fixture
def pages():
    make_condition(name="Thoughts of suicide", help_first=True)
    make_faq(question="Who is calling?", answer="No ketamine for now.")
    make_compound(name="Ketamine")


def page(client, words, address=WHOLE):
    return client.get(address, {"q": words}).content.decode()


def buttons(html):
    """(address, words) of what the panel offers, in its order."""
    panel = html[html.index("help-panel") :].partition("</section>")[0]
    return re.findall(r'<a class="btn[^"]*" href="([^"]*)">([^<]*)</a>', panel)


@pytest.mark.parametrize("address", [WHOLE, LIVE])
@pytest.mark.parametrize(
    "typed", ["I feel like killing myself right now", "kms", "no reason to live", "quiero morir"]
)
def test_who_to_call_comes_before_any_result(client, pages, typed, address):
    html = page(client, typed, address)
    assert buttons(html) == [
        ("tel:988", "Call 988"),
        ("sms:988", "Text 988"),
        ("tel:911", "Call 911"),
    ]
    assert html.index(PANEL) < html.index(FOLDED)
    assert "<h3>" not in html[: html.index(FOLDED)]
    assert "Showing results for" not in html
    assert "Did you mean" not in html


def test_nothing_is_spelled_otherwise(client, pages):
    html = page(client, "I feel like killing myself")
    assert "Who is" not in html.partition("<footer")[0]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("i cant breathe", "Call 911"),
        ("chest pain after ketamine", "Call 911"),
        ("i took too much", "Call 911"),
        ("my son wants to die", "Call 988"),
    ],
)
def test_the_first_button_fits_what_was_said(client, typed, first):
    assert buttons(page(client, typed))[0][1] == first


def test_poison_help_is_offered_for_what_was_taken(client):
    assert ("tel:18002221222", "Call Poison Help 1-800-222-1222") in buttons(
        page(client, "took all my pills")
    )


def test_beside_somebody_else_it_speaks_of_them(client):
    assert "Are you with them?" in page(client, "my husband is suicidal")
    assert "Are you with someone? Tell them." in page(client, "i want to die")


def test_the_lines_are_those_of_the_country(client, settings):
    settings.CRISIS_COUNTRY = "IE"
    assert buttons(page(client, "i want to die")) == [
        ("tel:116123", "Call Samaritans 116 123"),
        ("tel:112", "Call 112 or 999"),
    ]


def test_pages_that_help_are_folded_beneath(client, pages):
    html = page(client, "i want to die")
    helping = html[html.index("Pages that may help") : html.index(FOLDED)]
    assert "<details" in html[html.index(PANEL) : html.index("Pages that may help")]
    assert "Thoughts of suicide" in unescape(helping)
    assert 'href="/help/"' in helping


def test_a_screen_reader_is_told_who_to_call_and_no_number_of_results(client, pages):
    status = re.search(
        r'id="search-status" role="status"[^>]*>(.*?)</p>', page(client, "kms", LIVE), re.DOTALL
    )
    assert "Call 988" in status[1]
    assert "result" not in status[1]


@pytest.mark.parametrize("address", [WHOLE, LIVE])
def test_a_question_about_it_keeps_its_results_under_a_small_panel(client, pages, address):
    html = page(client, "ketamine overdose risk", address)
    assert html.index(SMALL) < html.index("<h3>")
    assert FOLDED not in html
    assert ("tel:18002221222", "Call Poison Help 1-800-222-1222") in buttons(html)


@pytest.mark.parametrize("typed", ["ketamine", "killing time", "overdose of information", "k hole"])
def test_other_searches_have_no_panel(client, pages, typed):
    assert "help-panel" not in page(client, typed).partition("</head>")[2]


def test_every_query_of_the_lists_is_answered_so_by_both_addresses(client):
    """Each tenth one of them, for time: the words themselves are tried in full elsewhere."""
    for address in (WHOLE, LIVE):
        for _, typed in queries("dangerous")[::10]:
            assert PANEL in page(client, typed, address), typed
        for _, typed in queries("harmless")[::10]:
            assert PANEL not in page(client, typed, address), typed


def test_what_was_typed_is_not_kept(client):

    psychoplastogens.search.zero_results.reset_counts()
    page(client, "unalive me")
    assert not psychoplastogens.search.zero_results._counts
