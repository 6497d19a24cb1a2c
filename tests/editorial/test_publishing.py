"""Between approval and publication a text can lose what it rests on: then nobody publishes it."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.checks import CheckedPage, citations, links
from psychoplastogens.content.models.prose_model import ProseModel
from psychoplastogens.editorial.drafts.serialization import compute_digest
from psychoplastogens.editorial.drafts.snapshots import take_snapshot
from psychoplastogens.editorial.exceptions import ReturnedToReview, WorkflowError
from psychoplastogens.editorial.models import ContentVersionQuerySet, HistoryEntry, Revision
from psychoplastogens.editorial.review.forms import get_day_in_a_year
from psychoplastogens.editorial.workflow import checks, transitions
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.editorial.workflow.checks import Severity
from psychoplastogens.evidence.models import Source
from tests.admin_forms import address_of
from tests.factories import make_faq, make_finding, make_reviewer, make_source, make_term, make_user
from tests.workflow_helpers import get_draft, save_draft

pytestmark = pytest.mark.django_db
State = Revision.State


@pytest.fixture(autouse=True)
def only_what_texts_name(monkeypatch):
    """The checks of what a text names and links to: a small record fails the others."""

    def named(record):
        page = CheckedPage(record)
        return [*citations.check_named_records(page), *links.check_dead_links(page)]

    monkeypatch.setattr(checks, "_checks", [(ProseModel, named)])


def approved(answer, **fields):
    """A question that readers read, and its approved draft with this answer."""
    faq = make_faq(slug="sleep", answer="Old words.", **fields)
    draft = save_draft(faq, answer=answer)
    transitions.submit(draft, by=make_user("author"))
    transitions.approve(draft, by=make_user("clinician"))
    return faq, draft


def take_away(record, reason="Retracted by the journal."):
    transitions.withdraw(record, by=make_user("publisher"), reason=reason, leave_uses=True)


def publish_in_admin(client, faq, draft):
    sent = {"verb": "publish", "revision": draft.pk}
    return client.post(address_of(faq, "do"), sent, follow=True)


def source_of_the_number():
    finding = make_finding(slug="halved")
    return finding.source


LEANT_ON = {
    "a source": (lambda: make_source(slug="li-2010"), "Some sleep faster.[^li-2010]"),
    "a term": (lambda: make_term(slug="synapse"), "A [[synapse]] rests."),
    "a number": (lambda: make_finding(slug="halved"), "{{finding:halved|sentence}}"),
    "the source of a number": (source_of_the_number, "{{finding:halved|sentence}}"),
    "another page": (lambda: make_faq(slug="food"), "See [what to eat](/questions/food/)."),
}


@pytest.mark.parametrize("leant_on", LEANT_ON)
def test_what_lost_its_ground_goes_back_to_review_and_readers_keep_what_they_read(
    admin_client, client, leant_on
):
    make, answer = LEANT_ON[leant_on]
    record = make()
    faq, draft = approved(answer)
    take_away(record)
    page = publish_in_admin(admin_client, faq, draft)
    assertContains(page, "It is in review again")
    assertNotContains(page, "Published: readers see")
    assertContains(client.get("/questions/sleep/"), "Old words.")
    assert get_draft(faq).state == State.IN_REVIEW
    act = HistoryEntry.objects.about(faq).first()
    assert act.verb == HistoryEntry.Verb.SENT_BACK
    assertContains(admin_client.get(address_of(faq, "history")), act.note.partition(":")[2][:30])


def test_a_retracted_source_sends_a_text_back():
    source = make_source(slug="li-2010")
    faq, draft = approved("Some sleep faster.[^li-2010]")
    Source.objects.filter(pk=source.pk).update(is_retracted=True)
    with pytest.raises(ReturnedToReview, match="was retracted"):
        transitions.publish(draft, by=make_user("publisher"))
    assert get_draft(faq).state == State.IN_REVIEW


def test_the_bulk_action_says_of_each_what_it_lost(admin_client):
    source = make_source(slug="li-2010")
    faq, _ = approved("Some sleep faster.[^li-2010]")
    take_away(source)
    sent = {"action": "publish", "_selected_action": [faq.pk]}
    page = admin_client.post("/admin/content/faq/", sent, follow=True)
    assertContains(page, "The source “A study” was withdrawn: Retracted by the journal.")
    assert get_draft(faq).state == State.IN_REVIEW


def test_what_lost_nothing_is_published(admin_client, client):
    make_source(slug="li-2010")
    faq, draft = approved("Some sleep faster.[^li-2010]")
    assertContains(publish_in_admin(admin_client, faq, draft), "Published: readers see")
    assertContains(client.get("/questions/sleep/"), "Some sleep faster.")


def test_a_warning_that_was_there_at_the_approval_stops_nothing(monkeypatch):
    old = checks.Problem(Severity.WARNING, CheckRule.LINKS, "answer", "Answered 404 today.", "/a/")
    new = checks.Problem(Severity.WARNING, CheckRule.LINKS, "answer", "Nothing is there.", "/b/")
    faq = make_faq()
    draft = save_draft(faq, answer="New words.")
    transitions.submit(draft, by=make_user("author"))
    monkeypatch.setattr(checks, "_checks", [(ProseModel, lambda record: [old])])
    transitions.approve(draft, by=make_user("clinician"), reasons={CheckRule.LINKS: "Comes back."})
    monkeypatch.setattr(checks, "_checks", [(ProseModel, lambda record: [old, new])])
    with pytest.raises(ReturnedToReview, match="Answer: Nothing is there."):
        transitions.publish(draft, by=make_user("publisher"))
    transitions.approve(draft, by=make_user("clinician"))
    assert transitions.publish(draft, by=make_user("publisher")).answer == "New words."


def test_a_clinician_does_not_sign_a_live_page_that_lost_its_source():
    source = make_source(slug="li-2010")
    faq, reader = make_faq(answer="Some sleep faster.[^li-2010]"), make_user("clinician")
    make_reviewer(user=reader)
    take_away(source)
    read = compute_digest(take_snapshot(faq))
    with pytest.raises(WorkflowError, match="li-2010.*withdrawn or retracted"):
        transitions.confirm_review(faq, by=reader, next_review=get_day_in_a_year(), read=read)


def test_a_source_withdrawn_while_a_publication_waits_for_its_turn_is_seen(monkeypatch):
    source = make_source(slug="li-2010")
    faq, draft = approved("Some sleep faster.[^li-2010]")
    lock = ContentVersionQuerySet.lock

    def lock_after_another(versions):
        monkeypatch.setattr(ContentVersionQuerySet, "lock", lock)
        take_away(source)
        lock(versions)

    monkeypatch.setattr(ContentVersionQuerySet, "lock", lock_after_another)
    with pytest.raises(ReturnedToReview, match="“A study” was withdrawn"):
        transitions.publish(draft, by=make_user("publisher"))
    faq.refresh_from_db()
    assert faq.answer == "Old words."
