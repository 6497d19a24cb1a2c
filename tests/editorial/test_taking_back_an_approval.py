"""An approval that should not have been given ends before readers see the text."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.admin.news import build_news_panel
from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.models import HistoryEntry, Revision, ScheduledChange, Status
from psychoplastogens.editorial.workflow import bundles, schedules, transitions
from tests.admin_forms import address_of
from tests.factories import make_faq, make_user
from tests.workflow_helpers import approve_draft, get_draft, save_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
BUTTON = "Take the approval back"
State = Revision.State


@pytest.fixture
def approved():
    faq = make_faq(answer="Take 140.")
    save_draft(faq, answer="Take 160.")
    return approve_draft(faq)


@pytest.fixture
def reviewer(sign_in):
    return sign_in("reviewer", "view_faq", "approve_revision")


def take_back(client, revision, comment):
    address = address_of(revision.record, "review")
    sent = {"revision": revision.pk, "decision": "unapprove", "comment": comment}
    return client.post(address, sent, follow=True)


def test_a_reviewer_takes_an_approval_back_and_the_text_is_in_review_again(reviewer, approved):
    assertContains(reviewer.get(address_of(approved.record, "review")), BUTTON)
    page = take_back(reviewer, approved, "It is 140 by the source.")
    assertContains(page, "The approval is taken back")
    assertContains(page, "It is 140 by the source.")
    assertNotContains(page, BUTTON)
    assert get_draft(approved.record).state == State.IN_REVIEW
    with pytest.raises(WorkflowError, match="In review"):
        transitions.publish(approved, by=make_user("publisher"))
    assert approved.record.answer == "Take 140."


def test_it_needs_a_reason(reviewer, approved):
    assertContains(take_back(reviewer, approved, " "), "Write what you want to say.")
    with pytest.raises(WorkflowError, match="Say why"):
        transitions.return_to_review(approved, by=make_user("reviewer"), why=[" "])
    assert get_draft(approved.record).state == State.APPROVED


@pytest.mark.parametrize("state", ["draft", "in_review", "published", "set_aside"])
def test_there_is_nothing_to_take_back_in_another_state(reviewer, approved, state):
    when = {"published_at": timezone.now(), "published_by": make_user("publisher")}
    Revision.objects.filter(pk=approved.pk).update(state=state, **when)
    assertNotContains(reviewer.get(address_of(approved.record, "review")), BUTTON)
    assertContains(take_back(reviewer, approved, "No."), "This revision is")
    assert Revision.objects.get(pk=approved.pk).state == state


def test_who_may_not_approve_takes_nothing_back(sign_in, approved):
    editor = sign_in("editor", "view_faq", "change_faq", "publish_revision")
    assertNotContains(editor.get(address_of(approved.record, "review")), BUTTON)
    assert take_back(editor, approved, "No.").status_code == 403
    assert get_draft(approved.record).state == State.APPROVED


def test_a_set_time_ends_with_the_approval_and_whoever_set_it_hears_why(reviewer, approved):
    publisher = make_user("publisher")
    at = timezone.now() + timedelta(hours=1)
    change = schedules.schedule_publication(approved, by=publisher, at=at)
    take_back(reviewer, approved, "It is 140 by the source.")
    change.refresh_from_db()
    assert change.outcome == ScheduledChange.Outcome.STOPPED
    assert schedules.run_due(at + timedelta(hours=1)) == []
    approved.record.refresh_from_db()
    assert approved.record.answer == "Take 140."


def test_the_author_hears_it_with_the_reason(
    reviewer, approved, django_capture_on_commit_callbacks, settings
):
    settings.EMAIL_HOST = "mail.example.com"
    author = approved.author
    author.email, author.is_staff, author.is_superuser = "author@example.com", True, True
    author.save()
    with django_capture_on_commit_callbacks(execute=True):
        take_back(reviewer, approved, "It is 140 by the source.")
    assert any(
        sent.to == ["author@example.com"] and "It is 140 by the source." in sent.body
        for sent in mail.outbox
    )
    [news] = build_news_panel(author).items
    assert "Ended its approval" in news.detail
    assert "“It is 140 by the source.”" in news.detail


def test_it_can_be_approved_again(reviewer, approved):
    take_back(reviewer, approved, "Wait, I read on.")
    address = address_of(approved.record, "review")
    reviewer.post(address, {"revision": approved.pk, "decision": "approve"})
    assert get_draft(approved.record).state == State.APPROVED
    verbs = HistoryEntry.objects.about(approved.record).values_list("verb", flat=True)[:2]
    assert list(verbs) == ["approved", "sent_back"]


def test_others_of_its_bundle_stay_approved_and_wait_for_it(reviewer):
    texts = [
        save_draft(make_faq(status=Status.DRAFT, question=question), answer="Rest.")
        for question in ("One?", "Two?")
    ]
    bundles.send_together(texts, by=texts[0].author)
    bundles.approve_together(texts[0], by=make_user("reviewer"))
    take_back(reviewer, texts[0], "No.")
    assert get_draft(texts[1].record).state == State.APPROVED
    with pytest.raises(WorkflowError, match="Not approved yet"):
        bundles.publish_together(texts[1], by=make_user("publisher"))
