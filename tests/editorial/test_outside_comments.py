"""Comments beside a paragraph by a clinician without an account: sent with the decision."""

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.models import Comment, HistoryEntry, ReviewLink, Revision
from psychoplastogens.editorial.review.links import create_review_link
from psychoplastogens.editorial.workflow import comments
from tests.factories import make_faq, make_reviewer, make_user
from tests.workflow_helpers import make_approver, send_for_review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
SIGNED = {"name": "Ada Moss", "confirmed": "on"}


@pytest.fixture
def draft():
    two = "It can help.\n\nIt can harm."
    return send_for_review(make_faq(answer="Old words."), answer=two)


def key_of(revision):
    return f"{revision.object_id}-answer-0"


@pytest.fixture
def link(draft):
    return create_review_link(draft, by=make_approver(), reviewer=make_reviewer())


def decide(client, link, decision, **sent):
    key = key_of(link.revision)
    said = {f"{key}-body": "Which dose?", f"{key}-paragraph": "1"}
    return client.post(f"/review/{link.token}/", {"decision": decision} | SIGNED | said | sent)


def test_a_clinician_comments_beside_the_text_and_sends_it_with_the_decision(client, link):
    page = client.get(f"/review/{link.token}/")
    assertContains(page, 'form="answer-form"')
    assertContains(decide(client, link, "comment"), "Your comment is with colleague of Understory.")
    thread = Comment.objects.get()
    assert (thread.quote, thread.reviewer) == ("It can harm.", make_reviewer())
    page = client.get(f"/review/{link.token}/")
    assertContains(page, "Which dose?")
    assertNotContains(page, "Ada Moss")  # Whoever has the link has to know the name.
    answer = {f"answer-{thread.pk}-body": "The high one.", f"{key_of(link.revision)}-body": ""}
    decide(client, link, "ask", **answer)
    assert [given.body for given in thread.answers.all()] == ["The high one."]
    assert Revision.objects.get(pk=link.revision_id).state == "draft"
    asked = HistoryEntry.objects.get(verb="changes_asked")
    assert asked.note == "See the comments beside the text."


@pytest.mark.parametrize("sent", [{"name": "author"}, {"confirmed": ""}, {"decision": ""}])
def test_without_name_tick_and_button_nothing_is_kept_and_it_stays_typed(client, link, sent):
    page = decide(client, link, **{"decision": "comment"} | sent)
    assertContains(page, "Which dose?")
    assert not Comment.objects.exists()


def test_the_one_paragraph_of_a_change_is_sent_with_its_comment(client):
    draft = send_for_review(make_faq(answer="Old words."), answer="New words.")
    link = create_review_link(draft, by=make_approver(), reviewer=make_reviewer())
    number = f'name="{key_of(draft)}-paragraph" value="0" form="answer-form"'
    assertContains(client.get(f"/review/{link.token}/"), number)


def test_a_decision_that_fails_keeps_no_comment(client, link, fake_problem):
    fake_problem("error")
    assertContains(decide(client, link, "approve"), "Which dose?")
    assert not Comment.objects.exists()


def test_too_long_a_comment_is_refused_and_stays_typed(client, link):
    page = decide(client, link, "comment", **{f"{key_of(link.revision)}-body": "A" * 2001})
    assertContains(page, "A comment beside the text cannot be kept: see there.")
    assertContains(page, "A" * 2001)
    assert not Comment.objects.exists()


def test_behind_a_link_nobody_reads_what_colleagues_say_or_answers_them(client, draft, link):
    where = comments.Place(draft.object_id, "answer", "Answer", "It can help.")
    by = make_user("clinician")
    thread = comments.begin_thread(draft, where, body="Between us.", by=by)
    assertNotContains(client.get(f"/review/{link.token}/"), "Between us.")
    decide(client, link, "comment", **{f"answer-{thread.pk}-body": "Heard."})
    assert not thread.answers.exists()
    with pytest.raises(WorkflowError, match="not yours"):
        comments.answer(thread, draft, body="Heard.", link=link)


def test_an_ended_link_keeps_no_comment(client, link):
    ReviewLink.objects.update(expires_at=timezone.now())
    assert decide(client, link, "comment").status_code == 410
    with pytest.raises(WorkflowError, match="Its time is over"):
        where = comments.Place(link.revision.object_id, "answer", "Answer")
        comments.begin_thread(link.revision, where, body="So.", link=link)
    assert not Comment.objects.exists()
