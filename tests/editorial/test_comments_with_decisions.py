"""Comments that are being written beside a text when a button of the review screen is pressed."""

import pytest
from pytest_django.asserts import assertContains

from psychoplastogens.editorial.models import Comment, HistoryEntry
from psychoplastogens.editorial.workflow import comments, transitions
from tests.admin_forms import address_of
from tests.factories import make_faq, make_reviewer, make_user
from tests.workflow_helpers import send_for_review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
TWO = "It can help.\n\nIt can harm."


@pytest.fixture
def draft():
    return send_for_review(make_faq(answer="Old words."), answer=TWO)


def key_of(revision):
    return f"{revision.object_id}-answer-0"


def begin(revision, by="clinician"):
    where = comments.Place(revision.object_id, "answer", "Answer", "It can help.")
    return comments.begin_thread(revision, where, body="Cite it.", by=make_user(by))


def comment(client, revision, sent):
    """Press a button beside the text."""
    return client.post(address_of(revision.record, "comment"), {"revision": revision.pk} | sent)


def beside(revision, body="Cite it."):
    """A comment as it was typed beside the text, and not sent by its own button."""
    return {f"{key_of(revision)}-body": body, f"{key_of(revision)}-paragraph": "1"}


def decide(client, revision, decision, **sent):
    answer = {"revision": revision.pk, "decision": decision} | sent
    return client.post(address_of(revision.record, "review"), answer, follow=True)


@pytest.mark.parametrize("decision", ["ask", "comment", "approve"])
def test_a_comment_that_is_being_written_goes_with_any_decision(clinician, draft, decision):
    assertContains(decide(clinician, draft, decision, **beside(draft)), "success")
    assert [(said.quote, said.body) for said in Comment.objects.all()] == [
        ("It can harm.", "Cite it.")
    ]


def test_an_answer_that_is_being_written_goes_with_the_decision(clinician, draft):
    thread = begin(draft, by="reader")
    decide(clinician, draft, "ask", **{f"answer-{thread.pk}-body": "So do I."})
    assert [said.body for said in thread.answers.all()] == ["So do I."]


def test_a_comment_that_is_being_written_goes_with_another_one(clinician, draft):
    thread = begin(draft, by="reader")
    pressed = {"resolve": thread.pk, f"answer-{thread.pk}-body": ""}
    comment(clinician, draft, pressed | beside(draft, "And this."))
    assert Comment.objects.filter(body="And this.", quote="It can harm.").exists()
    answer = {"change": key_of(draft), f"answer-{thread.pk}-body": "Too."}
    comment(clinician, draft, answer | beside(draft))
    assert [said.body for said in thread.answers.all()] == ["Too."]


@pytest.mark.parametrize("decision", ["", "ask", "approve"])
def test_where_nothing_is_decided_it_stays_open_and_filled_in(clinician, draft, decision):
    page = decide(clinician, draft, decision, **beside(draft, "B" * 2001))
    assertContains(page, "B" * 2001)
    assertContains(page, "A comment beside the text cannot be kept: see there.")
    assert page.content.decode().count('<details class="comment-new" open>') == 1
    assert not Comment.objects.exists()


def test_a_comment_goes_with_a_publication_and_a_link_for_a_clinician(sign_in, draft):
    editor = sign_in("boss", "change_faq", "view_faq", "publish_revision", "approve_revision")
    act = {"revision": draft.pk, "verb": "link", "reviewer": make_reviewer().pk}
    editor.post(address_of(draft.record, "do"), act | beside(draft, "First."))
    transitions.approve(draft, by=make_user("colleague"))
    act = {"revision": draft.pk, "verb": "publish"}
    editor.post(address_of(draft.record, "do"), act | beside(draft, "Second."))
    assert [said.body for said in Comment.objects.all()] == ["First.", "Second."]
    draft.refresh_from_db()
    assert draft.state == "published"


def test_what_stands_beside_a_paragraph_is_enough_to_ask_for_changes(clinician, draft):
    assertContains(decide(clinician, draft, "ask"), "Write what you want to say.")
    begin(draft)
    assertContains(decide(clinician, draft, "comment"), "Write what you want to say.")
    decide(clinician, draft, "ask")
    asked = HistoryEntry.objects.get(verb="changes_asked")
    assert asked.note == "See the comments beside the text."
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_what_an_earlier_round_or_a_resolved_comment_said_asks_for_nothing(clinician, draft):
    begin(draft)
    newer = send_for_review(draft.record, answer=f"{TWO}\n\nMore.")
    comments.resolve(begin(newer), newer, by=make_user("author"))
    assertContains(decide(clinician, newer, "ask"), "Write what you want to say.")


def test_a_box_and_its_end_are_no_paragraphs_to_comment_on(clinician):
    text = ":::advice\nAsk first.\n:::\n\n| a | b |\n|---|---|\n| c | d |"
    draft = send_for_review(make_faq(answer="Old words."), answer=text)
    page = clinician.get(address_of(draft.record, "review"))
    [change] = page.context["board"].changes.values()
    assert list(change.paragraphs.values()) == ["Ask first.", "| a | b |", "| c | d |"]
