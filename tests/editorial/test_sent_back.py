"""What was sent back and not changed, what is still open, and numbers in a change of wording."""

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.models import Revision, Status
from psychoplastogens.editorial.review.links import create_review_link
from psychoplastogens.editorial.workflow import bundles, comments, transitions
from tests.admin_forms import address_of, typed
from tests.factories import make_faq, make_reviewer, make_user
from tests.workflow_helpers import (
    approve_draft,
    get_draft,
    make_approver,
    save_draft,
    send_for_review,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
PUBLISHES = ("view_historyentry", "view_faq", "change_faq", "publish_revision")
NOTHING_CHANGED = "nothing in this text has changed since changes were asked for"


@pytest.fixture
def sent_back():
    """A draft of which a reviewer has asked for changes."""
    draft = send_for_review(make_faq(status=Status.DRAFT), answer="Take 160.")
    transitions.ask_for_changes(draft, comment="Is it 140?", by=make_user("reviewer"))
    return get_draft(draft.record)


@pytest.fixture
def author(sign_in):
    return sign_in("author", "view_faq", "change_faq")


def test_an_unchanged_text_is_not_sent_again_by_mistake(author, sent_back):
    page = author.post(
        address_of(sent_back.record, "do"),
        {"verb": "submit", "revision": sent_back.pk},
        follow=True,
    )
    assertContains(page, NOTHING_CHANGED)
    assertContains(page, "reviewer asked for changes on")
    assert get_draft(sent_back.record).state == "draft"
    form = typed(author.get(address_of(sent_back.record)))
    assertContains(
        author.post(address_of(sent_back.record), form | {"_submit": "1"}, follow=True),
        NOTHING_CHANGED,
    )
    chosen = {"action": "submit", "_selected_action": [sent_back.record.pk]}
    assertContains(author.post("/admin/content/faq/", chosen, follow=True), NOTHING_CHANGED)
    assert get_draft(sent_back.record).state == "draft"


def test_an_unchanged_text_is_sent_again_by_who_says_so_and_its_reviewer_is_told(
    author, sign_in, sent_back
):
    review = address_of(sent_back.record, "review")
    assertContains(author.get(review), "Send the same text again")
    verb = {"verb": "submit_same", "revision": sent_back.pk}
    author.post(address_of(sent_back.record, "do"), verb)
    assert get_draft(sent_back.record).state == "in_review"
    reviewer = sign_in("reviewer", "view_faq", "approve_revision")
    assertContains(reviewer.get(review), "Nothing in this text has changed since.")


@pytest.mark.parametrize(("name", "must_say_why"), [("reviewer", False), ("colleague", True)])
def test_who_approves_against_a_colleague_says_why(sign_in, sent_back, name, must_say_why):
    transitions.submit(sent_back, by=make_user("author"))
    reviewer = sign_in(name, "view_faq", "approve_revision")
    review = address_of(sent_back.record, "review")
    decision = {"decision": "approve", "revision": sent_back.pk}
    page = reviewer.post(review, decision, follow=True)
    state = get_draft(sent_back.record).state
    assert state == ("in_review" if must_say_why else "approved")
    if must_say_why:
        assertContains(page, "reviewer asked for changes, and nothing in this text has changed")
        reviewer.post(review, decision | {"comment": "The label says 160."})
        assert get_draft(sent_back.record).state == "approved"


def test_who_approves_against_a_clinician_without_an_account_says_why():
    draft = send_for_review(make_faq(status=Status.DRAFT), answer="Take 160.")
    link = create_review_link(draft, by=make_approver(), reviewer=make_reviewer())
    transitions.ask_for_changes(draft, comment="Is it 140?", link=link)
    transitions.submit(draft, by=make_user("author"))
    with pytest.raises(WorkflowError, match="asked for changes, and nothing in this text"):
        transitions.approve(draft, by=make_user("colleague"), note=" ")
    transitions.approve(draft, by=make_user("colleague"), note="The label says 160.")


def test_a_mended_text_is_sent_like_any_other(author, sign_in, sent_back):
    form = typed(author.get(address_of(sent_back.record)), answer="Take 140.")
    page = author.post(address_of(sent_back.record), form | {"_submit": "1"}, follow=True)
    assert get_draft(sent_back.record).state == "in_review"
    assertNotContains(page, "Nothing in this text has changed since")


def test_a_text_that_was_sent_back_goes_along_with_others(sent_back):
    other = save_draft(make_faq(status=Status.DRAFT, question="Another?"), answer="More.")
    bundles.send_together([sent_back, other], by=make_user("author"))
    assert get_draft(sent_back.record).state == "in_review"


def test_an_open_comment_is_named_before_the_publication(sign_in):
    ready, discussed = (save_draft(make_faq(question=q), answer="New.") for q in ("One?", "Two?"))
    for draft in (ready, discussed):
        approve_draft(draft.record)
    reader = make_user("reader")
    place = comments.Place(discussed.object_id, "answer", "Answer", "New.")
    begun = comments.begin_thread(discussed, place, body="Sure?", by=reader)
    publisher = sign_in("publisher", *PUBLISHES)
    page = publisher.get("/admin/")
    assertContains(page, "1 comment is not resolved", count=1)
    assertContains(page, f'name="revision" value="{ready.pk}"')
    assertNotContains(page, f'name="revision" value="{discussed.pk}"')
    review = publisher.get(address_of(discussed.record, "review"))
    assertContains(review, "1 comment beside the text is not resolved.")
    set_time = publisher.get(address_of(discussed.record, "schedule"))
    assertContains(set_time, "1 comment beside the text is not resolved.")
    comments.resolve(begun, discussed, by=reader)
    assertContains(publisher.get("/admin/"), f'name="revision" value="{discussed.pk}"')


def test_what_was_said_since_the_approval_is_read_before_the_publication(sign_in):
    draft = save_draft(make_faq(question="One?"), answer="New.")
    approve_draft(draft.record)
    publisher = sign_in("publisher", *PUBLISHES)
    button = f'name="revision" value="{draft.pk}"'
    assertContains(publisher.get("/admin/"), button)
    transitions.comment(draft, by=make_user("clinician"), text="I was wrong: wait.")
    page = publisher.get("/admin/")
    assertNotContains(page, button)
    assertContains(page, "somebody said something since", count=1)


@pytest.mark.parametrize(
    ("before", "after", "is_told"),
    [
        ("Under 140/90.", "Under 160/100.", True),
        ("After 2 hours.", "After two hours.", True),
        ("Under 140/90.", "Below 140/90.", False),
    ],
)
def test_a_reviewer_is_told_of_numbers_in_a_change_of_wording(sign_in, before, after, is_told):
    draft = send_for_review(make_faq(answer=before), answer=after)
    Revision.objects.filter(pk=draft.pk).update(change="wording")
    reviewer = sign_in("reviewer", "view_faq", "approve_revision")
    page = reviewer.get(address_of(draft.record, "review")).content.decode()
    assert ("But numbers were taken out or added" in page) is is_told
    assert ("In what was taken out or added:" in page) is is_told


def test_days_and_places_are_no_numbers_that_changed(sign_in):
    draft = send_for_review(make_faq(), written_on="2026-01-02", order=7)
    reviewer = sign_in("reviewer", "view_faq", "approve_revision")
    page = reviewer.get(address_of(draft.record, "review"))
    assertContains(page, "What changed")
    assertNotContains(page, "In what was taken out or added:")


@pytest.mark.parametrize(
    ("changes", "kind", "is_told"),
    [
        ({"answer": "60 minutes."}, "meaning", True),
        ({"answer": "60 minutes."}, "wording", False),
        ({"answer": "60 minutes.", "evidence_checked_on": "today"}, "meaning", False),
        ({"question": "How long is it?"}, "meaning", False),
    ],
)
def test_a_reviewer_is_told_of_facts_that_changed_after_their_check(
    sign_in, changes, kind, is_told
):
    faq = make_faq(answer="40 minutes.", evidence_checked_on="2026-03-01")
    if "evidence_checked_on" in changes:
        changes = changes | {"evidence_checked_on": timezone.localdate().isoformat()}
    draft = send_for_review(faq, **changes)
    Revision.objects.filter(pk=draft.pk).update(change=kind)
    reviewer = sign_in("reviewer", "view_faq", "approve_revision")
    page = reviewer.get(address_of(draft.record, "review")).text
    assert ("“Facts checked 1 March 2026”, and this change is newer" in page) is is_told


def test_nobody_is_told_of_facts_that_are_checked_on_the_day_of_their_change(sign_in):
    today = timezone.localdate().isoformat()
    draft = send_for_review(
        make_faq(answer="40 minutes.", evidence_checked_on=today), answer="60 minutes."
    )
    Revision.objects.filter(pk=draft.pk).update(change="meaning")
    reviewer = sign_in("reviewer", "view_faq", "approve_revision")
    assertNotContains(reviewer.get(address_of(draft.record, "review")), "and this change is newer")
