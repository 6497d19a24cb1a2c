"""What a page tells search engines and previews about itself."""

import re

import pytest

from tests.factories import make_compound, make_explainer, make_faq, make_source, make_term

pytestmark = pytest.mark.django_db

OWN = re.compile(r'name="description" content="([^"]*)"')
PREVIEW = re.compile(r'property="og:description" content="([^"]*)"')


def get_descriptions(client, address):
    html = client.get(address).text
    return [OWN.search(html)[1].strip(), PREVIEW.search(html)[1].strip()]


def test_each_kind_of_page_says_its_own_first_sentence_in_both(client):
    make_source(slug="label", supports="That the drug is given by a nurse in a clinic.")
    make_faq(slug="home", answer="**Ask** somebody to take you [[home|home safely]].[^label]")
    make_term(slug="drip", meaning="A slow flow of medicine into a vein, over minutes.")
    make_explainer({"slug": "morning", "plain": "- Eat\n\nEat nothing before you come to us."},
                   slug="day")  # fmt: skip
    make_compound(slug="calm", summary="It calms many for a day. Then it wears off.")
    told = {
        "/sources/label/": "That the drug is given by a nurse in a clinic.",
        "/questions/home/": "Ask somebody to take you home safely.",
        "/glossary/drip/": "A slow flow of medicine into a vein, over minutes.",
        "/explainers/day/morning/": "Eat nothing before you come to us.",
        "/compounds/calm/": "It calms many for a day. Then it wears off.",
    }
    for address, sentence in told.items():
        assert all(one.endswith(sentence) for one in get_descriptions(client, address)), address


def test_a_page_of_the_site_says_the_same_in_a_preview(client):
    own, preview = get_descriptions(client, "/privacy/")
    assert own == preview == "No cookies, no tracking, nothing personal stored."


def test_a_limit_goes_with_the_promise_before_it(client):
    make_faq(slug="fast", answer="Relief can come within a day for some. For others it does not.")
    assert "For others it does not." in get_descriptions(client, "/questions/fast/")[1]


def test_a_short_answer_follows_its_question(client):
    make_faq(slug="drive", question="Can I drive home?", answer="No, do not drive.")
    assert get_descriptions(client, "/questions/drive/")[1] == "Can I drive home? No, do not drive."


@pytest.mark.parametrize(
    "answer",
    ["Thoughts of suicide eased in 60 of 100 people for a day.", "{{finding:lift}} That is many."],
)
def test_a_number_or_suicide_is_in_no_preview(client, answer):
    make_faq(slug="asked", question="Does it work?", answer=answer)
    expected = "Does it work? In plain words, with sources."
    assert get_descriptions(client, "/questions/asked/") == [expected] * 2


def test_a_long_sentence_is_cut_at_a_word(client):
    make_faq(slug="long", answer="word " * 90)
    assert get_descriptions(client, "/questions/long/")[1].endswith("word …")
