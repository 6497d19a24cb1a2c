"""Who asks a clinician without an account hears the answer, and reads it where they decide."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.admin.news import get_news
from psychoplastogens.editorial.review.links import create_review_link
from psychoplastogens.editorial.workflow import comments, transitions
from tests.admin_forms import address_of
from tests.factories import make_faq, make_reviewer, make_user
from tests.workflow_helpers import make_approver, send_for_review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
READS = ("view_historyentry", "view_faq", "approve_revision")


@pytest.fixture
def draft():
    return send_for_review(make_faq(question="Does it work?", answer="Old words."))


@pytest.fixture
def link(draft):
    return create_review_link(draft, by=make_approver(), reviewer=make_reviewer())


def ask(draft, link):
    transitions.ask_for_changes(draft, comment="Name the dose.", link=link)


def comment(draft, link):
    transitions.comment(draft, text="Name the dose.", link=link)


def approve(draft, link):
    transitions.approve(draft, note="Name the dose.", link=link)


def comment_beside_the_text(draft, link):
    place = comments.Place(draft.object_id, "answer", "Answer")
    comments.begin_thread(draft, place, body="Name the dose.", link=link)


@pytest.mark.parametrize("answer", [ask, comment, approve, comment_beside_the_text])
def test_who_made_the_link_reads_the_answer_on_the_first_page(sign_in, draft, link, answer):
    answer(draft, link)
    page = sign_in("colleague", *READS).get("/admin/")
    assertContains(page, "Name the dose.”")
    assertContains(page, "Ada Moss")
    assertContains(page, address_of(draft.record, "review"))
    assert not get_news(make_approver("another")).exists()


def test_what_a_colleague_says_is_no_answer_to_the_link(draft, link):
    transitions.comment(draft, text="So.", by=make_approver("another"))
    assert not get_news(make_user("colleague")).exists()


def test_what_was_said_before_the_link_was_made_is_no_answer_to_it(draft, link):
    comment(draft, link)
    create_review_link(draft, by=make_approver("another"), reviewer=make_reviewer())
    assert not get_news(make_user("another")).exists()


def decision_of(client, draft):
    """The part of the review screen with the buttons."""
    html = client.get(address_of(draft.record, "review")).text
    return html.partition('id="decision"')[2].partition("</form>")[0]


def test_a_comment_on_the_whole_text_stands_above_the_buttons(sign_in, draft, link):
    comment(draft, link)
    html = decision_of(sign_in("colleague", *READS), draft)
    assert 0 < html.index("Name the dose.") < html.index('value="approve"')
    send_for_review(draft.record, answer="Newer words.")
    html = decision_of(sign_in("colleague", *READS), draft)
    assert "(of revision 2)" in html


def test_a_publisher_reads_it_beside_publish(sign_in, draft):
    transitions.approve(draft, by=make_approver())
    transitions.comment(draft, text="Wait for the label.", by=make_approver())
    publisher = sign_in("publisher", "view_faq", "publish_revision", "view_historyentry")
    html = publisher.get(address_of(draft.record, "review")).text
    state = html.partition('id="state"')[2].partition("</section>")[0]
    assert 0 < state.index("Wait for the label.") < state.index('value="publish"')
    assertNotContains(publisher.get(address_of(draft.record, "review")), "(of revision")
