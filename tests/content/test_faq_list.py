import re

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.models import Status
from tests.factories import make_faq, make_source, make_topic
from tests.html_outline import find_faults

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("address", ["/questions/", "/questions/fragment/"])


def asked(response):
    return re.findall(r'<details class="fold" id="[^"]+"><summary>(.*?)</summary>', response.text)


def chosen(response):
    """The addresses of the questions that go along when the form is sent."""
    hidden = re.findall(r'type="hidden" name="q" value="([^"]*)"', response.text)
    ticked = re.findall(r'type="checkbox" name="q" value="([^"]*)"[^>]* checked', response.text)
    return [*hidden, *ticked]


@BOTH
def test_it_hides_drafts(client, address):
    make_faq(question="Shown?")
    make_faq(question="Not yet?", status=Status.DRAFT)
    assert asked(client.get(address)) == ["Shown?"]
    assertContains(client.get(address), "1 question<")


@BOTH
def test_words_narrow_the_list_by_question_and_answer(client, address):
    make_faq(question="May I drive?", answer="No, not that day.")
    make_faq(question="What of work?", answer="Do not drive to work.")
    make_faq(question="Does it hurt?", answer="A little.")
    found = {
        words: len(asked(client.get(address, {"find": words})))
        for words in ("drive", "DRIVE", "drive work", " drive  may ", "marmot", "")
    }
    assert found == {"drive": 2, "DRIVE": 2, "drive work": 1, " drive  may ": 1, "marmot": 0, "": 3}


@BOTH
@pytest.mark.parametrize("words", ["%", "_", "100%", "\\", "'; DROP TABLE", "<b>", "x " * 400])
def test_odd_words_are_only_words(client, address, words):
    make_faq(question="May I drive?")
    assert asked(client.get(address, {"find": words})) == []
    assertContains(client.get(address, {"find": words}), "No question here has these words.")


@BOTH
def test_a_topic_narrows_the_list(client, address):
    make_faq(question="Cost?", topic=make_topic(slug="cost"))
    make_faq(question="Safe?", topic=make_topic(slug="safety"))
    assert asked(client.get(address, {"topic": "safety"})) == ["Safe?"]
    assert asked(client.get(address, {"topic": "nothing"})) == []


def test_the_topics_to_choose_from_are_published(client):
    make_topic(slug="cost", name="Cost")
    make_topic(slug="secret", name="Secret", status=Status.DRAFT)
    response = client.get("/questions/?topic=cost")
    assertNotContains(response, "Secret")
    assertContains(response, '<input type="radio" name="topic" value="cost" checked>')


def test_each_topic_has_one_heading_whatever_the_order_numbers(client):
    for topic in (make_topic(slug="cost", name="Cost"), make_topic(slug="care", name="Care")):
        for order in (1, 2):
            make_faq(topic=topic, order=order)
    response = client.get("/questions/")
    assert re.findall(r'<h2 id="(t-[^"]+)"', response.text) == ["t-care", "t-cost"]
    assert find_faults(response.text) == []


@BOTH
@pytest.mark.parametrize(
    ("query", "are_open"), [({}, False), ({"topic": "cost"}, True), ({"find": "cost"}, True),
                            ({"q": "cost"}, True)],
)  # fmt: skip
def test_topics_are_folded_until_a_reader_asks_for_some(client, address, query, are_open):
    make_faq(slug="cost", question="Cost?", topic=make_topic(slug="cost"))
    folds = re.findall(r'<details class="fold topic"([^>]*)>', client.get(address, query).text)
    assert [state.strip() for state in folds] == (["open"] if are_open else [""])


@BOTH
def test_what_was_chosen_stays_chosen_where_the_filter_hides_it(client, address):
    for slug in ("a", "b", "c"):
        make_faq(slug=slug, question=f"{slug}?")
    assert chosen(client.get(address, {"q": ["c", "a"]})) == ["a", "c"]
    response = client.get(address, {"q": ["c", "a", "b", "a"], "find": "b?"})
    assert chosen(response) == ["c", "a", "b"]


@BOTH
def test_a_choice_is_quoted(client, address):
    response = client.get(address, {"q": '"><script>alert(1)</script>'})
    assertNotContains(response, "<script>alert")


def test_the_words_stay_in_the_field(client):
    response = client.get("/questions/", {"find": ' "drive" '})
    assertContains(response, 'value="&quot;drive&quot;"')


def test_the_page_holds_the_part_that_the_fragment_answers(client):
    make_source(slug="a")
    make_faq(answer="A[^a]")
    query = {"find": "a", "q": "x"}
    fragment = client.get("/questions/fragment/", query)
    assert fragment.text.strip() in client.get("/questions/", query).text
    assert fragment["X-Robots-Tag"] == "noindex"
    assert fragment.text.strip().startswith('<div id="faq-results"')


@BOTH
def test_a_long_list_leads_to_its_answers_and_keeps_their_places(client, address, monkeypatch):
    monkeypatch.setattr("psychoplastogens.content.views.faqs.ANSWERS_ON_A_LIST", 1)
    make_source(slug="a")
    for slug in ("drive", "work"):
        make_faq(slug=slug, answer="Not that day.[^a]")
    response = client.get(address)
    assertNotContains(response, "Not that day.")
    assertContains(response, '<a id="drive" href="/questions/drive/">')
    assertContains(response, 'type="checkbox" name="q" value="drive"')
    assertContains(client.get(address, {"find": "that day"}), '<a id="work"')


@pytest.mark.parametrize("questions", [1, 9])
def test_more_questions_need_no_more_queries(client, django_assert_num_queries, questions):
    for _ in range(questions):
        make_faq(answer="A[^a]", topic=make_topic())
    with django_assert_num_queries(2):
        client.get("/questions/")


def test_an_answer_has_its_own_page(client):
    topic = make_topic(name="Safety", slug="safety")
    make_source(slug="a", title="A trial")
    make_faq(slug="drive", question="May I drive?", answer="No.[^a]", topic=topic)
    make_faq(question="And ride?", topic=topic)
    make_faq(question="Secret?", topic=topic, status=Status.DRAFT)
    response = client.get("/questions/drive/")
    for words in ("<h1>May I drive?</h1>", "No.<sup>", "A trial", "And ride?", "/ask/?q=drive"):
        assertContains(response, words)
    assertNotContains(response, "Secret")
    assert find_faults(response.text) == []


def answer_card(response):
    [card] = re.findall(r'<div class="answer">.*?</article>', response.text, re.DOTALL)
    return card


def test_the_card_answers_before_all_else_and_says_what_to_do_now(client):
    make_source(slug="a")
    answer = "No, not before the day after your session.[^a] Rest first.\n\nBikes can wait too.[^a]"
    make_faq(slug="drive", answer=answer, do_now="Ask *somebody* to take you home.")
    card = answer_card(client.get("/questions/drive/"))
    said = ["No, not before the day", "Do this now", "<em>somebody</em>", "Rest first.", "Bikes"]
    assert sorted(said, key=card.index) == said
    first = re.search(r'<p class="first">(.*?)</p>', card)[1]
    assert "Rest first" not in first
    assert 'href="#s1"' in first


def test_where_there_is_nothing_to_do_nothing_is_said(client):
    make_faq(slug="drive")
    assertNotContains(client.get("/questions/drive/"), "Do this now")


def test_an_answer_that_begins_with_help_is_shown_as_it_is(client):
    make_faq(slug="dark", answer=":::emergency For thoughts of suicide\nCall 988.\n:::\n\nRest.")
    response = client.get("/questions/dark/")
    assertNotContains(response, 'class="answer"')
    assertContains(response, "For thoughts of suicide")


def test_two_next_questions_of_the_topic_answer_already(client):
    topic = make_topic()
    for order in range(4):
        make_faq(slug=f"q-{order}", question=f"Is it {order}?", order=order, topic=topic)
    make_faq(slug="far", question="Far?", topic=make_topic(slug="far"))
    html = client.get("/questions/q-2/").text
    links = re.findall(r'<li><a href="(/questions/[^"]+)"><b>[^<]*</b>.*?</li>', html, re.DOTALL)
    assert links == ["/questions/q-3/", "/questions/q-0/"]
    assert html.count("For some people.</span>") == 2


def test_the_sources_of_the_list_are_folded(client):
    make_source(slug="a", title="A trial")
    make_faq(answer="A[^a]")
    html = client.get("/questions/").text
    assert re.search(
        r"<details[^>]*>\s*<summary>\s*1 source\s*</summary>.*/sources/a/", html, re.DOTALL
    )
