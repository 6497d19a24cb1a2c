"""A clinician without an account answers through a link: once, in time, and never the author."""

from datetime import timedelta

import pytest
from django.utils import timezone

from psychoplastogens.editorial.drafts.snapshots import take_snapshot
from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.models import ReviewLink, Revision
from psychoplastogens.editorial.workflow import transitions
from tests.factories import make_faq, make_reviewer, make_user
from tests.workflow_helpers import get_draft, make_approver

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
State = Revision.State


def in_review(record, by="author"):
    snapshot = take_snapshot(record)
    snapshot[0]["fields"]["answer"] = "New words."
    draft = transitions.save_draft(record, snapshot, by=make_user(by))
    transitions.submit(draft, by=make_user(by))
    return draft


def a_link(revision, **fields):
    return ReviewLink.objects.create(
        revision=revision, reviewer=make_reviewer(), made_by=make_approver(), **fields
    )


def test_a_clinician_without_an_account_approves_once():
    draft = in_review(make_faq())
    link = a_link(draft)
    transitions.approve(draft, link=link)
    assert get_draft(draft.record).approver == make_reviewer()
    with pytest.raises(WorkflowError):
        transitions.approve(draft, link=link)


def test_the_author_cannot_approve_through_a_link_that_they_made_themselves():
    draft = in_review(make_faq(), by="colleague")
    with pytest.raises(WorkflowError, match="You wrote on this text"):
        transitions.approve(draft, link=a_link(draft))


def test_a_link_that_the_site_mailed_may_be_asked_for_by_the_author():
    draft = in_review(make_faq(), by="colleague")
    transitions.approve(draft, link=a_link(draft, was_mailed=True))
    assert get_draft(draft.record).state == State.APPROVED


@pytest.mark.parametrize("ended", ["expires_at", "revoked_at", "answered_at"])
def test_a_link_that_has_ended_approves_nothing(ended):
    draft = in_review(make_faq())
    link = a_link(draft, **{ended: timezone.now() - timedelta(minutes=1)})
    with pytest.raises(WorkflowError):
        transitions.approve(draft, link=link)
    assert get_draft(draft.record).state == State.IN_REVIEW


def test_a_link_is_for_one_revision():
    draft = in_review(make_faq())
    link = a_link(draft)
    other = in_review(make_faq())
    with pytest.raises(WorkflowError, match="another text"):
        transitions.approve(other, link=link)


@pytest.mark.parametrize("token", ["", "x", "0" * 32, "é:x", "0" * 32 + ":" + "A" * 43])
def test_a_token_that_we_did_not_sign_is_nobodys(token):
    assert ReviewLink.from_token(token) is None


def test_a_token_leads_to_its_link_only_unaltered():
    link = a_link(in_review(make_faq()))
    assert ReviewLink.from_token(link.token) == link
    for altered in (link.token[:-1], link.token[1:], link.token.swapcase()):
        assert ReviewLink.from_token(altered) is None
