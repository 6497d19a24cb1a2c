"""A question is answered with the first sentence of the best page, its date and its source."""

from datetime import date

import pytest

from tests.factories import make_condition, make_faq, make_source

pytestmark = pytest.mark.django_db
CARD = 'aria-labelledby="answer-title"'


def search(client, words, address="/search/"):
    return client.get(address, {"q": words}).content.decode()


@pytest.fixture
def drive():
    make_source(slug="rule-2024", title="The rule of the road")
    make_faq(
        slug="drive",
        question="Can I drive home?",
        answer="No, do not drive home before the next day.[^rule-2024] Take a taxi after ketamine.",
        do_now="Ask [your clinic](/help/) first.",
        evidence_checked_on=date(2026, 11, 2),
    )


@pytest.mark.parametrize("address", ["/search/", "/search/fragment/"])
@pytest.mark.parametrize("typed", ["can i drive home", "drive home?", "after ketamine can i drive"])
def test_a_question_is_answered_with_date_and_source(client, drive, typed, address):
    html = search(client, typed, address)
    card = html[html.index(CARD) :].partition("</section>")[0]
    assert "No, do not drive home before the next day.</p>" in card
    assert "Take a taxi" not in card
    assert '<a href="/sources/rule-2024/">The rule of the road</a>' in card
    assert "2 November 2026" in card
    assert "Do this now</b> Ask your clinic first." in card
    assert html.index(CARD) < html.index("<h3>")


@pytest.mark.parametrize("typed", ["drive", "drive home", "ride"])
def test_words_that_ask_nothing_have_no_card(client, drive, typed):
    assert CARD not in search(client, typed)


def test_one_word_of_an_answer_is_followed_by_the_next_sentence(client):
    make_source(slug="rule-2024")
    make_faq(
        question="Is it slow?", answer="Yes. It takes at least two hours at the clinic.[^rule-2024]"
    )
    assert "Yes. It takes at least two hours at the clinic.</p>" in search(client, "is it slow?")


@pytest.mark.parametrize(
    "answer",
    [
        "It takes two hours at least, as people say who were there.",
        "It takes two hours at least, as people say who were there.[^not-published]",
        "It helped {{finding:x|treated}} people in a trial that was done at a clinic.[^rule-2024]",
        ":::advice\nAsk the clinic about it before you come, and take a list.[^rule-2024]\n:::",
        "- It takes two hours at least, as people say who were there.[^rule-2024]",
        "It can bring thoughts of suicide back in some people who take it.[^rule-2024]",
    ],
)
def test_a_sentence_that_cannot_stand_alone_is_not_shown(client, answer):
    make_source(slug="rule-2024")
    make_source(slug="not-published", published=False)
    make_faq(question="How long is a zebra day?", answer=answer)
    html = search(client, "how long is a zebra day")
    assert "zebra" in html
    assert CARD not in html


@pytest.mark.parametrize(
    "typed", ["can i drive home i want to die", "should i kill myself", "can i overdose at home"]
)
def test_never_where_help_comes_first(client, drive, typed):
    make_condition(name="Thoughts of suicide", help_first=True)
    html = search(client, typed)
    assert '<section class="help-panel' in html
    assert CARD not in html


def test_a_withdrawn_source_takes_its_card_along(client, drive):
    from psychoplastogens.evidence.models import Source
    from tests.factories import make_user

    assert CARD in search(client, "can i drive home")
    Source.objects.get(slug="rule-2024").withdraw(by=make_user(), reason="It was wrong.")
    assert CARD not in search(client, "can i drive home")


@pytest.mark.usefixtures("content_index")
@pytest.mark.parametrize(
    "medicine",
    [
        *("nardil", "Parnate", "an MAOI", "phenelzine", "Prozac", "phenelzene"),
        *("parnates", "MAO-I", "maoi's", "monoamine oxidase inhibitors"),
    ],
)
@pytest.mark.parametrize("question", ["can i take ketamine with {}", "should i stop {} before it"])
def test_no_first_sentence_answers_for_a_medicine_that_was_named(client, medicine, question):
    """Most antidepressants can be kept; that is no answer for who takes an MAOI."""
    page = client.get("/search/", {"q": question.format(medicine)}).text
    assert "What our page says first" not in page


@pytest.mark.usefixtures("content_index")
def test_its_page_is_found_all_the_same(client):
    page = client.get("/search/", {"q": "can i take ketamine with nardil"}).text
    assert "Can I keep taking" in page


def test_a_word_that_nobody_knows_may_be_a_medicine(client, drive):
    assert CARD in search(client, "can i drive home after ketamine")
    assert CARD not in search(client, "can i drive home after zyzmarplan")


@pytest.mark.usefixtures("content_index")
@pytest.mark.parametrize("typed", ["can i drive home", "what is off label", "who will watch me"])
def test_the_starter_content_answers_questions_that_name_no_case(client, typed):
    assert CARD in search(client, typed)
