"""Where a comment stands in a later text: at its paragraph, at one that is like it, or nowhere."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.models import Comment
from psychoplastogens.editorial.review.comment_places import HAS_CHANGED, IS_GONE, find_places
from psychoplastogens.editorial.workflow import comments
from tests.admin_forms import address_of
from tests.factories import make_faq, make_user
from tests.workflow_helpers import save_draft, send_for_review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
HELP, HARM = "It can help.", "It can harm."
LONG = "Nobody knows how long that lasts, and it is not the same for everybody."


@pytest.fixture
def draft():
    return send_for_review(make_faq(answer="Old words."), answer=f"{HELP}\n\n{HARM}")


def begin(draft, quote=HELP):
    place = comments.Place(draft.object_id, "answer", "Answer", quote)
    return comments.begin_thread(draft, place, body="Cite it.", by=make_user("clinician"))


def find(thread, answer):
    later = save_draft(thread.revision.record, answer=answer)
    return find_places([thread], later.snapshot)[thread]


@pytest.mark.parametrize(
    "now", [f"{HELP} {LONG}", f"{LONG} {HELP}", "It can help some.", "It may help.", "IT CAN HELP!"]
)
def test_a_paragraph_that_was_mended_is_found_again(draft, now):
    assert find(begin(draft), f"Wait for two hours.\n\n{now}\n\n{HARM}") == (now, HAS_CHANGED)


@pytest.mark.parametrize(
    "now", [HARM, "Call the clinic.", "", "It is said that nobody can.", ":::"]
)
def test_another_paragraph_is_not_taken_for_it(draft, now):
    assert find(begin(draft), now) == ("", IS_GONE)


def test_a_likely_paragraph_that_was_there_before_is_another_one(draft):
    assert find(begin(draft, HARM), HELP) == ("", IS_GONE)


def test_of_two_paragraphs_the_one_that_is_more_like_it_counts(draft):
    answer = "It can be that you feel better.\n\nIt can help some people."
    assert find(begin(draft), answer) == ("It can help some people.", HAS_CHANGED)


def test_what_has_not_changed_is_said_to_be_as_it_was(draft):
    assert find(begin(draft), f"{LONG}\n\n{HELP}") == (HELP, "")
    assert find(begin(draft, ""), LONG) == ("", "")


def test_it_stands_beside_the_mended_paragraph_and_the_form_says_what_that_is_now(sign_in, draft):
    begin(draft)
    later = save_draft(draft.record, answer=f"{HELP} {LONG}")
    client = sign_in("author", "change_faq", "view_faq")
    page = client.get(address_of(later.record, "review"))
    assertContains(page, f"About the field Answer. {HAS_CHANGED}".replace(". ", ".\n"))
    assertNotContains(page, "no longer")
    [thread] = page.context["board"].threads
    assert thread.is_beside
    form = client.get(address_of(draft.record))
    assertContains(form, "It is now:")
    assertContains(form, f"<q>{HELP} {LONG}</q>", html=True)


def test_all_that_are_lost_cost_one_query(draft):
    for _ in range(9):
        begin(draft)
    later = save_draft(draft.record, answer=LONG)
    threads = list(Comment.objects.about(draft.record).with_answers())
    with CaptureQueriesContext(connection) as queries:
        find_places(threads, later.snapshot)
    assert len(queries) == 1
