"""A page with its new source and term: sent, approved and published as one, or not at all."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.models import Faq, GlossaryTerm
from psychoplastogens.editorial.exceptions import (
    ReturnedToReview,
    UnfinishedDraft,
    WorkflowError,
)
from psychoplastogens.editorial.models import (
    Bundle,
    HistoryEntry,
    Revision,
    ScheduledChange,
)
from psychoplastogens.editorial.workflow import bundles, checks, schedules, transitions
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.editorial.workflow.sending import send_for_review
from psychoplastogens.evidence.models import Source
from tests.admin_forms import address_of
from tests.editorial.bundle_drafts import (
    DRAFT,
    MOSS,
    approve_all,
    draft_of,
    make_drafts,
    now,
    publish_all,
    send,
    states,
    titles,
)
from tests.factories import make_term, make_user
from tests.workflow_helpers import get_draft, save_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("only_citations")]
State = Revision.State


@pytest.fixture
def draft():
    return make_drafts()


def set_time(draft, hours=1):
    at = timezone.now() + timedelta(hours=hours)
    return schedules.schedule_publication(now(draft), by=make_user("publisher"), at=at)


def let_time_pass():
    return schedules.run_due(timezone.now() + timedelta(hours=2))


def outcomes():
    return {(one.revision.title, one.outcome) for one in ScheduledChange.objects.all()}


def test_what_a_text_needs_is_found_and_what_that_needs_and_nothing_else(draft):
    assert titles(bundles.find_needed_drafts(draft)) == ["Gate", MOSS]
    term = get_draft(GlossaryTerm.objects.get())
    assert titles(bundles.find_needed_drafts(term)) == [MOSS]


def test_what_readers_see_already_is_not_among_them(draft):
    Source.objects.get(slug="moss-2026").publish(by=make_user("publisher"))
    assert titles(bundles.find_needed_drafts(draft)) == ["Gate"]


def test_alone_it_is_stopped_and_together_it_goes_to_readers_in_one_go(draft):
    with pytest.raises(UnfinishedDraft, match="“gate” is not published"):
        send_for_review(draft, by=make_user("author"))
    send(draft)
    assert set(states(draft).values()) == {State.IN_REVIEW}
    assert sorted(titles(approve_all(draft))) == ["Does it work?", "Gate", MOSS]
    assert not Source.objects.published().with_slugs(["moss-2026"]).exists()
    assert titles(publish_all(draft)) == [MOSS, "Gate", "Does it work?"]
    assert set(states(draft).values()) == {State.PUBLISHED}
    assert Faq.objects.get().answer == "A [[gate]]."
    assert GlossaryTerm.objects.published().count() == 1


def test_without_one_that_is_needed_nothing_is_sent(draft):
    needed = bundles.find_needed_drafts(draft)
    with pytest.raises(UnfinishedDraft, match="Gate: .*“moss-2026” is not published"):
        bundles.send_together([draft, needed[0]], by=make_user("author"))
    assert not Bundle.objects.exists()
    assert {now(one).state for one in (draft, *needed)} == {State.DRAFT}


def test_one_that_was_sent_meanwhile_stops_the_sending(draft):
    needed = bundles.find_needed_drafts(draft)
    transitions.submit(needed[1], by=make_user("author"))
    needed[1].state = State.DRAFT  # as it was read before
    with pytest.raises(WorkflowError, match="“In review” now"):
        bundles.send_together([draft, *needed], by=make_user("author"))
    assert now(draft).state == State.DRAFT
    assert not Bundle.objects.exists()


def test_each_is_approved_by_itself_too_and_none_is_published_alone(draft):
    send(draft)
    transitions.approve(now(draft), by=make_user("clinician"))
    with pytest.raises(WorkflowError, match="sent together with “moss-2026: Moss” and “Gate”"):
        transitions.publish(now(draft), by=make_user("publisher"))
    assert now(draft).state == State.APPROVED
    with pytest.raises(WorkflowError, match="Not approved yet: “moss-2026: Moss” and “Gate”"):
        set_time(draft)
    assert not ScheduledChange.objects.exists()
    with pytest.raises(WorkflowError, match="Not approved yet: "):
        publish_all(draft)


def test_who_wrote_one_of_them_approves_none(draft):
    save_draft(Source.objects.get(slug="moss-2026"), by="clinician", title="Moss")
    send(draft)
    with pytest.raises(WorkflowError, match="Moss: You wrote on this text"):
        approve_all(draft)
    assert set(states(draft).values()) == {State.IN_REVIEW}


def test_one_that_has_become_invalid_keeps_all_from_readers(draft, monkeypatch):
    send(draft)
    approve_all(draft)

    def find(record):
        yield checks.error(CheckRule.CITED, "slug", "It was retracted.")

    monkeypatch.setattr(checks, "_checks", [(GlossaryTerm, find)])
    with pytest.raises(ReturnedToReview, match="Gate: .*It was retracted"):
        publish_all(draft)
    expected = {MOSS: "approved", "Gate": "in_review", "Does it work?": "approved"}
    assert states(draft) == expected
    assert not Source.objects.published().with_slugs(["moss-2026"]).exists()
    assert Faq.objects.get().answer == "Old."


def test_a_text_that_was_edited_has_left_the_bundle(draft):
    send(draft)
    save_draft(Source.objects.get(slug="moss-2026"), title="Moss, again")
    with pytest.raises(WorkflowError, match="“moss-2026” is not published"):
        approve_all(draft)
    assert titles(Revision.objects.in_bundle_with(now(draft))) == ["Gate"]


def test_a_bundle_of_which_one_is_left_is_decided_alone(draft):
    source = get_draft(Source.objects.get(slug="moss-2026"))
    bundles.send_together([source], by=make_user("author"))
    with pytest.raises(WorkflowError, match="No other text goes with it"):
        bundles.approve_together(now(source), by=make_user("clinician"))
    transitions.approve(now(source), by=make_user("clinician"))
    transitions.publish(now(source), by=make_user("publisher"))


def test_two_texts_that_name_each_other_have_an_order_too():
    first = draft_of(make_term(slug="one", term="One", meaning="See [[two]].", **DRAFT))
    second = draft_of(make_term(slug="two", term="Two", meaning="See [[one]].", **DRAFT))
    assert len(bundles.sort_by_need([first, second])) == 2
    assert titles(bundles.find_needed_drafts(first)) == ["Two"]


# At a set time


@pytest.fixture
def approved(draft):
    """The draft, approved with what it needs, and a publisher who may publish."""
    send(draft)
    approve_all(draft)
    publisher = make_user("publisher")
    publisher.user_permissions.add(Permission.objects.get(codename="publish_revision"))
    return draft


def test_at_a_set_time_all_go_to_readers_in_one_go_and_once(approved):
    set_time(approved)
    assert len(let_time_pass()) == 3
    assert outcomes() == {(title, "done") for title in states(approved)}
    assert set(states(approved).values()) == {State.PUBLISHED}
    assert Faq.objects.get().answer == "A [[gate]]."
    assert let_time_pass() == []
    published = HistoryEntry.objects.filter(verb=HistoryEntry.Verb.PUBLISHED)
    assert published.count() == 3


def test_the_time_is_set_for_whichever_of_them_somebody_opened(approved):
    set_time(get_draft(GlossaryTerm.objects.get()))
    assert len(let_time_pass()) == 3
    assert set(states(approved).values()) == {State.PUBLISHED}
    with pytest.raises(WorkflowError, match="“Published” now"):
        set_time(approved)


def test_two_processes_at_once_publish_it_once(approved):
    set_time(approved)
    waiting = list(ScheduledChange.objects.waiting())
    assert [len(schedules._run(change)) for change in waiting] == [3, 0, 0]


def test_one_that_has_become_invalid_by_then_keeps_all_from_readers(approved, monkeypatch):
    set_time(approved)

    def find(record):
        yield checks.error(CheckRule.CITED, "slug", "It was retracted.")

    monkeypatch.setattr(checks, "_checks", [(GlossaryTerm, find)])
    assert len(let_time_pass()) == 3
    assert outcomes() == {(title, "stopped") for title in states(approved)}
    expected = {MOSS: "approved", "Gate": "in_review", "Does it work?": "approved"}
    assert states(approved) == expected
    assert Faq.objects.get().answer == "Old."
    assert not Source.objects.published().with_slugs(["moss-2026"]).exists()
    assert all("Nothing was published." in one.note for one in ScheduledChange.objects.all())


def edit_one(draft):
    save_draft(Source.objects.get(slug="moss-2026"), title="Moss, again")


def withdraw_one(draft):
    transitions.withdraw(Faq.objects.get(), by=make_user("editor"), reason="Wrong.")


@pytest.mark.parametrize("end", [edit_one, publish_all, withdraw_one])
def test_what_ends_the_time_of_one_ends_that_of_all(approved, end):
    set_time(approved)
    end(approved)
    assert outcomes() == {(title, "stopped") for title in (MOSS, "Gate", "Does it work?")}
    before = states(approved)
    assert let_time_pass() == []
    assert states(approved) == before


def test_the_time_of_one_is_cancelled_with_that_of_all(approved):
    set_time(approved)
    schedules.cancel(ScheduledChange.objects.last(), by=make_user("publisher"))
    assert {outcome for _title, outcome in outcomes()} == {"cancelled"}
    assert let_time_pass() == []
    set_time(approved)
    assert len(let_time_pass()) == 3


def test_a_second_time_for_one_of_them_sets_none(approved):
    set_time(approved)
    with pytest.raises(WorkflowError, match="scheduled already"):
        set_time(get_draft(GlossaryTerm.objects.get()))
    assert ScheduledChange.objects.count() == 3


def test_a_withdrawal_that_is_set_goes_its_own_way(approved):
    live = Faq.objects.get()
    at = timezone.now() + timedelta(hours=1)
    how = {"by": make_user("publisher"), "at": at, "reason": "Old.", "leave_uses": True}
    schedules.schedule_withdrawal(live, **how)
    set_time(approved)
    schedules.cancel(ScheduledChange.objects.get(action="withdraw"), by=make_user("publisher"))
    assert {outcome for _title, outcome in outcomes()} == {"cancelled", ""}


def test_a_publisher_sets_a_time_for_all(sign_in, approved):
    perms = ("view_faq", "view_source", "view_glossaryterm", "publish_revision")
    publisher = sign_in("publisher", *perms)
    address = address_of(approved.record, "schedule")
    assertContains(publisher.get(address), "Gate (Approved)")
    at = timezone.localtime(timezone.now() + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M")
    sent = {"verb": "publish", "revision": approved.pk, "at": at}
    other = sign_in("other", "view_faq", "publish_revision")
    assertNotContains(other.get(address), "Gate")
    assert other.post(address, sent).status_code == 403
    publisher = sign_in("publisher", *perms)
    publisher.post(address, sent)
    assert ScheduledChange.objects.waiting().count() == 3
    term = address_of(GlossaryTerm.objects.get(), "schedule")
    assertContains(publisher.get(term), "will be published on")
