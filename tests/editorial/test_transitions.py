"""The rules between a draft and readers, each tried by somebody who would like to break it."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from psychoplastogens.content.models import Faq
from psychoplastogens.editorial.drafts.snapshots import take_snapshot
from psychoplastogens.editorial.exceptions import StaleRevision, WorkflowError
from psychoplastogens.editorial.models import HistoryEntry, OldAddress, Revision, Status
from psychoplastogens.editorial.workflow import checks, transitions
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from tests.factories import (
    make_explainer,
    make_faq,
    make_reviewer,
    make_source,
    make_topic,
    make_user,
)
from tests.workflow_helpers import approve_draft, get_draft, publish_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
State = Revision.State


def save(record, by="author", change="meaning", **fields):
    """A draft of `record` that differs in `fields`, by a user of this name."""
    base = Revision.objects.get_editing_base(record)
    snapshot = base.snapshot if base else take_snapshot(record)
    snapshot = [{**snapshot[0], "fields": snapshot[0]["fields"] | fields}, *snapshot[1:]]
    return transitions.save_draft(record, snapshot, by=make_user(by), change=change)


def in_review(record, **options):
    draft = save(record, **{"answer": "New words."} | options)
    transitions.submit(draft, by=make_user("author"))
    return draft


def today():
    return timezone.localdate()


def test_a_draft_of_a_published_page_is_not_what_readers_read(client):
    faq = make_faq(answer="Old words.", slug="it")
    save(faq, answer="New words.")
    assert Faq.objects.get().answer == "Old words."
    assert "Old words." in client.get("/questions/it/").content.decode()
    publish_draft(faq)
    assert "New words." in client.get("/questions/it/").content.decode()


def test_the_text_of_another_record_is_kept_under_none():
    faq, other = make_faq(), make_faq()
    for keep in (
        transitions.save_draft,
        partial(transitions.store_conflicting_draft, based_on=None),
    ):
        with pytest.raises(ValueError, match="of another record"):
            keep(faq, take_snapshot(other), by=make_user("author"))
    assert not Revision.objects.exists()


def test_the_author_cannot_approve():
    draft = in_review(make_faq(), by="author")
    with pytest.raises(WorkflowError, match="You wrote on this text"):
        transitions.approve(draft, by=make_user("author"))
    assert get_draft(draft.record).state == State.IN_REVIEW


def test_who_wrote_an_earlier_part_of_the_text_cannot_approve_it_either():
    faq = make_faq()
    save(faq, by="author", answer="A lie.")
    draft = in_review(faq, by="colleague", answer="A lie. And a comma.")
    with pytest.raises(WorkflowError, match="You wrote on this text"):
        transitions.approve(draft, by=make_user("author"))
    transitions.approve(draft, by=make_user("clinician"))


def test_who_wrote_what_was_published_long_ago_may_approve_what_others_wrote_since():
    faq = make_faq()
    save(faq, by="author", answer="First.")
    publish_draft(faq)
    transitions.approve(in_review(faq, by="colleague"), by=make_user("author"))


def test_a_text_that_was_restored_is_still_its_authors():
    faq = make_faq(answer="As published.")
    old = save(faq, by="author", answer="A lie.")
    transitions.discard(old, by=make_user("colleague"))
    draft = transitions.restore(old, by=make_user("colleague"))
    transitions.submit(draft, by=make_user("colleague"))
    for name in ("author", "colleague"):
        with pytest.raises(WorkflowError, match="You wrote on this text"):
            transitions.approve(draft, by=make_user(name))


def test_the_database_itself_refuses_an_approval_by_the_author():
    draft = in_review(make_faq())
    fields = {"state": State.APPROVED, "approved_at": timezone.now(), "approved_by": draft.author}
    with pytest.raises(IntegrityError, match="four_eyes"):
        Revision.objects.filter(pk=draft.pk).update(**fields)


def test_the_database_refuses_an_approval_through_a_link_that_its_author_handed_out():
    draft = in_review(make_faq())
    with pytest.raises(IntegrityError, match="four_eyes_outside"):
        Revision.objects.filter(pk=draft.pk).update(vouched_by=draft.author)


@pytest.mark.parametrize("state", [State.APPROVED, State.PUBLISHED])
def test_the_database_wants_somebody_who_approved(state):
    draft = in_review(make_faq())
    fields = {"state": state, "published_at": timezone.now(), "published_by": make_user()}
    with pytest.raises(IntegrityError, match="approved_by_somebody"):
        Revision.objects.filter(pk=draft.pk).update(**fields)


def test_the_database_holds_one_open_draft_a_record():
    draft = save(make_faq(), answer="New.")
    with pytest.raises(IntegrityError):
        Revision.objects.create(
            record=draft.record, number=9, snapshot=draft.snapshot, author=draft.author
        )


@pytest.mark.parametrize("approved", [True, False])
def test_a_later_edit_takes_the_approval_away(approved):
    faq = make_faq(answer="Old.")
    draft = in_review(faq)
    if approved:
        transitions.approve(draft, by=make_user("clinician"))
    save(faq, by="somebody", answer="Slipped in.")
    with pytest.raises(WorkflowError, match="somebody saved a newer one"):
        transitions.publish(draft, by=make_user("publisher"))
    with pytest.raises(WorkflowError, match="“Draft” now"):
        transitions.publish(get_draft(faq), by=make_user("publisher"))
    assert Faq.objects.get().answer == "Old."


@pytest.mark.parametrize("verb", [transitions.submit, transitions.publish, transitions.discard])
def test_what_was_decided_cannot_be_done_twice(verb):
    faq = make_faq()
    save(faq, answer="New.")
    revision = Revision.objects.about(publish_draft(faq)).newest()
    with pytest.raises(WorkflowError, match="“Published” now"):
        verb(revision, by=make_user("publisher"))


def test_a_draft_is_not_published_without_review_and_approval():
    draft = save(make_faq(), answer="New.")
    for verb in (transitions.publish, transitions.approve):
        with pytest.raises(WorkflowError):
            verb(draft, by=make_user("publisher"))


def test_an_approval_is_by_one_person_and_by_somebody():
    draft = in_review(make_faq())
    with pytest.raises(ValueError, match="by a user, or through a link"):
        transitions.approve(draft)


def test_changes_that_are_asked_for_need_words():
    draft = in_review(make_faq())
    with pytest.raises(WorkflowError, match="Say what should change"):
        transitions.ask_for_changes(draft, by=make_user("clinician"), comment="  ")
    transitions.ask_for_changes(draft, by=make_user("clinician"), comment="Cite it.")
    assert get_draft(draft.record).state == State.DRAFT
    assert HistoryEntry.objects.about(draft.record).first().note == "Cite it."


RULE = CheckRule.SHORT_SENTENCES


def warn(monkeypatch, severity):
    problem = checks.Problem(severity, RULE, "answer", "Too long.", place="Answer")
    monkeypatch.setattr(
        "psychoplastogens.editorial.workflow.approval_checks.find_problems",
        lambda record: [problem],
    )


def test_an_error_of_the_checks_stops_an_approval(monkeypatch):
    draft = in_review(make_faq())
    warn(monkeypatch, "error")
    with pytest.raises(WorkflowError, match="Answer: Too long"):
        transitions.approve(draft, by=make_user("clinician"), reasons={RULE: "No."})


def test_a_warning_needs_a_written_reason_which_is_kept(monkeypatch):
    draft = in_review(make_faq())
    warn(monkeypatch, "warning")
    for reasons in ({}, {RULE: " "}, {"Another": "Yes."}):
        with pytest.raises(WorkflowError, match="Say why these may stand: Keep sentences"):
            transitions.approve(draft, by=make_user("clinician"), reasons=reasons)
    reasons = {RULE: "A list."}
    transitions.approve(draft, by=make_user("clinician"), reasons=reasons)
    assert get_draft(draft.record).reasons == reasons


def test_the_checks_look_at_the_draft_and_not_at_what_is_live(monkeypatch):
    seen = []
    monkeypatch.setattr(
        "psychoplastogens.editorial.workflow.approval_checks.find_problems",
        lambda faq: seen.append(faq.answer) or [],
    )
    transitions.approve(in_review(make_faq(answer="Old.")), by=make_user("clinician"))
    assert seen == ["New words."]


def test_a_wording_fix_moves_none_of_the_dates_that_readers_see():
    dates = {"written_on": "2025-01-01", "review_due": "2026-01-01"}
    faq = make_faq(**dates, reviewed_at="2025-02-01", reviewed_by=make_reviewer())
    before = Faq.objects.get()
    save(faq, change="wording", answer="A comma, fixed.")
    publish_draft(faq)
    after = Faq.objects.get()
    for name in ("written_on", "updated_on", "evidence_checked_on", "reviewed_at", "review_due"):
        assert getattr(after, name) == getattr(before, name)


def test_the_kind_of_change_of_the_last_text_is_that_of_all_it_changes():
    faq = make_faq()
    save(faq, change="meaning", answer="Another dose.", update_note="Another dose.")
    save(faq, change="wording", answer="The old dose, in other words.")
    publish_draft(faq)
    faq = Faq.objects.get()
    assert (faq.updated_on, faq.update_note) == (None, "")


def test_a_reworded_text_comes_back_with_its_kind_and_under_another_one_as_news():
    faq = make_faq(answer="Old.")
    reworded = save(faq, change="wording", answer="Old, reworded.")
    save(faq, change="meaning", answer="New.", update_note="New.")
    assert transitions.restore(reworded, by=make_user("author")).change == "wording"
    save(faq, change="meaning", answer="New.", update_note="New.")
    publish_draft(faq)
    back = transitions.restore(reworded, by=make_user("author"))
    assert back.change == "meaning"
    assert back.snapshot[0]["fields"]["update_note"] == "An earlier text of this page is back."


def test_a_change_of_meaning_that_was_set_aside_moves_nothing():
    faq = make_faq()
    transitions.discard(save(faq, change="meaning", answer="A lie."), by=make_user("author"))
    save(faq, change="wording", answer="A comma.")
    publish_draft(faq)
    assert Faq.objects.get().updated_on is None


def test_the_clinicians_name_and_date_come_from_a_review_of_the_whole_page():
    reviewer, due = make_reviewer(user=make_user("clinician")), today() + timedelta(days=300)
    save(faq := make_faq(), answer="New.")
    publish_draft(faq, reviewer=reviewer, next_review=due)
    faq = Faq.objects.get()
    assert (faq.reviewed_at, faq.reviewed_by, faq.review_due) == (today(), reviewer, due)


def test_nobody_lends_the_name_of_a_clinician():
    due = today() + timedelta(days=300)
    for reviewer in (make_reviewer(), make_reviewer("Bo Fern", user=make_user("another"))):
        with pytest.raises(WorkflowError, match="the name of who read the page"):
            transitions.approve(
                in_review(make_faq()), by=make_user("clinician"), reviewer=reviewer, next_review=due
            )


@pytest.mark.parametrize("days", [0, -5, 400, None])
def test_the_next_review_is_within_the_coming_year(days):
    draft = in_review(make_faq())
    due = None if days is None else today() + timedelta(days=days)
    with pytest.raises(WorkflowError):
        transitions.approve(
            draft, by=make_user("clinician"), reviewer=make_reviewer(), next_review=due
        )


def test_every_text_before_and_between_can_be_found_and_restored():
    faq = make_faq(answer="One.")
    for answer in ("Two.", "Three."):
        save(faq, answer=answer)
    found = [r.snapshot[0]["fields"]["answer"] for r in Revision.objects.about(faq)]
    assert found == ["Three.", "Two.", "One."]
    transitions.restore(Revision.objects.about(faq).last(), by=make_user("author"))
    assert get_draft(faq).snapshot[0]["fields"]["answer"] == "One."


def test_a_deleted_record_is_brought_back_as_a_draft():
    faq = make_faq(status=Status.DRAFT, answer="Dear words.")
    transitions.delete(faq, by=make_user("author"))
    transitions.restore(Revision.objects.get(), by=make_user("author"))
    back = Faq.objects.get()
    assert (back.pk, back.answer, back.status) == (faq.pk, "Dear words.", Status.DRAFT)


def test_a_record_whose_address_was_taken_meanwhile_is_not_brought_back_over_it():
    faq = make_faq(status=Status.DRAFT, slug="it")
    transitions.delete(faq, by=make_user("author"))
    other = make_faq(slug="it")
    with pytest.raises(WorkflowError, match="Another record has its address now"):
        transitions.restore(Revision.objects.get(), by=make_user("author"))
    assert Faq.objects.get() == other


def test_what_had_readers_is_not_deleted():
    faq = make_faq()
    transitions.withdraw(faq, by=make_user(), reason="Wrong.")
    with pytest.raises(WorkflowError, match="Readers have links to it"):
        transitions.delete(faq, by=make_user())


def test_a_withdrawn_page_returns_only_through_an_approval(client):
    faq = make_faq(slug="it")
    transitions.withdraw(faq, by=make_user(), reason="Wrong.")
    save(faq, answer="Right.")
    assert client.get("/questions/it/").status_code == 410
    publish_draft(faq)
    assert client.get("/questions/it/").status_code == 200


def test_a_form_that_was_overtaken_saves_nothing_over_the_newer_text():
    faq = make_faq()
    first = save(faq, answer="First.")
    save(faq, by="colleague", answer="Second.")
    with pytest.raises(StaleRevision):
        transitions.save_draft(faq, first.snapshot, by=make_user("author"), expected=first)
    assert get_draft(faq).snapshot[0]["fields"]["answer"] == "Second."


def test_an_address_that_was_taken_since_stops_the_publication_whole():
    faq = make_faq(slug="mine", answer="Old.")
    save(faq, slug="wanted", answer="New.")
    approve_draft(faq)
    make_faq(slug="wanted")
    with pytest.raises(WorkflowError, match="Another record has its address now"):
        transitions.publish(get_draft(faq), by=make_user("publisher"))
    faq.refresh_from_db()
    assert (faq.slug, faq.answer, get_draft(faq).state) == ("mine", "Old.", State.IN_REVIEW)
    assert not OldAddress.objects.exists()


def test_a_draft_that_lost_its_topic_says_so_and_changes_nothing():
    faq, gone = make_faq(), make_topic(status=Status.DRAFT)
    save(faq, topic=str(gone.pk))
    approve_draft(faq)
    gone.delete()
    with pytest.raises(WorkflowError, match="needs a topic that was deleted"):
        transitions.publish(get_draft(faq), by=make_user("publisher"))
    assert Faq.objects.get().topic == faq.topic


def test_what_a_text_names_and_is_gone_since_is_told_before_readers_miss_it():
    source, faq = make_source(slug="li-2010", status=Status.DRAFT), make_faq()
    save(faq, answer="Yes.[^li-2010]")
    approve_draft(faq)
    source.delete()
    with pytest.raises(WorkflowError, match="answer: Line 1: there is no source “li-2010”"):
        transitions.publish(get_draft(faq), by=make_user("publisher"))


def test_a_rename_is_remembered_when_it_is_published_and_not_before(client):
    explainer = make_explainer({"slug": "part"}, slug="guide", summary="Who.", key_points="So.")
    save(explainer, slug="manual")
    assert client.get("/explainers/guide/").status_code == 200
    publish_draft(explainer)
    assert client.get("/explainers/guide/part/").headers["Location"] == "/explainers/manual/part/"


def test_who_did_what_and_why_is_written_down():
    source = make_source()
    save(source, by="author", title="Another title")
    publish_draft(source)
    transitions.withdraw(source, by=make_user("publisher"), reason="Retracted.")
    told = [(act.verb, str(act.who), act.note) for act in HistoryEntry.objects.about(source)]
    assert told == [
        ("withdrawn", "publisher", "Retracted."),
        ("published", "publisher", ""),
        ("approved", "clinician", ""),
        ("submitted", "author", ""),
        ("saved", "author", ""),
    ]


def test_a_history_entry_is_by_somebody():
    faq = make_faq()
    with pytest.raises(IntegrityError, match="entry_by_somebody"), transaction.atomic():
        HistoryEntry.objects.log(HistoryEntry.Verb.SAVED, faq)
