"""Pages are suggested while somebody types; without scripts the form works as before."""

import pytest

from psychoplastogens.delivery import rate_limits
from tests.factories import make_claim, make_compound, make_faq, make_source

pytestmark = pytest.mark.django_db
ADDRESS = "/search/suggestions/fragment/"


def suggest(client, words):
    answer = client.get(ADDRESS, {"q": words})
    assert answer.status_code == 200
    return answer.content.decode().strip()


@pytest.fixture
def pages():
    make_compound(name="Ketamine", slug="ketamine")
    make_faq(slug="who", question="Who is calling about ketamine?", answer="Nobody.")


def test_the_best_pages_are_plain_links(client, pages):
    html = suggest(client, "ketam")
    assert '<a href="/compounds/ketamine/">Ketamine</a>' in html
    assert '<a href="/questions/who/">' in html
    assert "<html" not in html


@pytest.mark.parametrize("typed", ["", "ke", "  k "])
def test_less_than_three_letters_suggest_nothing(client, pages, typed):
    assert suggest(client, typed) == ""


@pytest.mark.parametrize("typed", ["i want to die", "kms", "feel like killing myself"])
def test_who_to_call_stands_alone_in_a_crisis(client, pages, typed):
    html = suggest(client, typed)
    assert 'href="tel:988"' in html
    assert "/questions/" not in html


def test_a_claim_is_never_suggested_without_its_verdict(client, pages):
    make_claim(text="Ketamine cures everybody.")
    make_source(title="Ketamine in everybody")
    html = suggest(client, "ketamine everybody")
    assert "/compounds/ketamine/" in html
    assert "everybody" not in html


def test_nothing_typed_comes_back(client, pages):
    assert "zzq" not in suggest(client, "ketamine <b>zzq</b>")


def test_no_search_engine_and_no_shared_cache_keeps_it(client, pages):
    answer = client.get(ADDRESS, {"q": "ketamine"})
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Cache-Control"] == "private, max-age=60"
    assert not answer.cookies


def test_the_rate_of_requests_is_bounded(client, pages):
    burst = rate_limits.SUGGESTIONS.burst
    answers = {client.get(ADDRESS).status_code for _ in range(burst + 5)}
    assert answers == {200, 429}


def test_home_asks_for_them_and_works_without_scripts(client):
    html = client.get("/").content.decode()
    form = html[html.index('<form class="search"') :].partition("</form>")[0]
    assert f'hx-get="{ADDRESS}"' in form.replace("\n", " ")
    assert "delay:300ms" in form
    assert 'action="/search/"' in form
    assert '<div id="search-suggestions" aria-live="polite"></div>' in html
