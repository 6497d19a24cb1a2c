"""Publish at, withdraw at: once, late rather than never, and only what somebody else approved."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.models import Faq
from psychoplastogens.editorial.admin import personal_tasks
from psychoplastogens.editorial.admin.set_times import show_set_time
from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.models import HistoryEntry, Revision, ScheduledChange, Status
from psychoplastogens.editorial.workflow import schedules, transitions
from tests.admin_forms import address_of
from tests.factories import make_explainer, make_faq, make_source, make_user
from tests.workflow_helpers import approve_draft, save_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
PUBLISHER = ("view_faq", "change_faq", "publish_revision", "view_historyentry")


@pytest.fixture
def publisher(sign_in):
    return sign_in("publisher", *PUBLISHER)


@pytest.fixture
def approved():
    faq = make_faq(answer="Old words.")
    save_draft(faq, answer="New words.")
    return approve_draft(faq)


def in_hours(hours):
    return timezone.now() + timedelta(hours=hours)


def set_publication(revision, hours=1, by="publisher"):
    return schedules.schedule_publication(revision, by=make_user(by), at=in_hours(hours))


def set_withdrawal(record, hours=1, **options):
    fields = {"reason": "The trial has ended."} | options
    by = make_user("publisher")
    return schedules.schedule_withdrawal(record, by=by, at=in_hours(hours), **fields)


def run(hours=2):
    return schedules.run_due(in_hours(hours))


def outcome_of(change):
    change.refresh_from_db()
    return change.outcome, change.note


def verbs_of(record):
    return list(HistoryEntry.objects.about(record).values_list("verb", flat=True))


def post(client, record, verb, **sent):
    return client.post(address_of(record, "schedule"), {"verb": verb} | sent)


def local(hours):
    return timezone.localtime(in_hours(hours)).strftime("%Y-%m-%dT%H:%M")


def test_a_text_is_published_when_its_time_has_come_and_not_before(publisher, approved):
    change = set_publication(approved)
    assert schedules.run_due() == []
    assert Faq.objects.get().answer == "Old words."
    assert run() == [change]
    assert Faq.objects.get().answer == "New words."
    assert outcome_of(change) == ("done", "")
    assert Revision.objects.get(pk=approved.pk).published_by == make_user("publisher")
    assert verbs_of(approved.record)[:2] == ["published", "scheduled"]
    assert run() == []


def test_late_is_better_than_never(publisher, approved):
    change = set_publication(approved)
    run(hours=24 * 30)
    assert outcome_of(change)[0] == "done"


def test_the_command_says_what_it_did(publisher, approved, capsys):
    change = set_publication(approved)
    ScheduledChange.objects.update(at=in_hours(-1))
    call_command("publish_scheduled")
    assert capsys.readouterr().out.startswith("Done: Publish Does it work? at ")
    assert outcome_of(change)[0] == "done"
    call_command("publish_scheduled")
    assert capsys.readouterr().out == ""


def test_two_processes_at_once_publish_once(publisher, approved):
    """Both have read that it waits; the second finds it taken."""
    change = set_publication(approved)
    first, second = (ScheduledChange.objects.get(pk=change.pk) for _ in range(2))
    assert schedules._run(first)
    assert not schedules._run(second)
    assert verbs_of(approved.record).count("published") == 1


def test_a_withdrawal_that_two_processes_run_is_one(publisher):
    change = set_withdrawal(make_faq())
    first, second = (ScheduledChange.objects.get(pk=change.pk) for _ in range(2))
    assert [len(schedules._run(first)), len(schedules._run(second))] == [1, 0]
    assert verbs_of(change.record).count("withdrawn") == 1


def test_a_page_is_withdrawn_with_its_reason(publisher, client):
    faq = make_faq()
    set_withdrawal(faq)
    assert client.get(faq.get_absolute_url()).status_code == 200
    run()
    page = client.get(faq.get_absolute_url())
    assertContains(page, "The trial has ended.", status_code=410)


def test_a_newer_text_of_the_page_does_not_end_its_withdrawal(publisher, approved):
    change = set_withdrawal(approved.record)
    transitions.publish(approved, by=make_user("publisher"))
    run()
    assert outcome_of(change)[0] == "done"
    assert Faq.objects.get().status == Status.WITHDRAWN


def test_only_what_is_approved_can_be_published_later(publisher):
    draft = save_draft(make_faq(), answer="New words.")
    with pytest.raises(WorkflowError, match="“Draft” now"):
        set_publication(draft)
    with pytest.raises(WorkflowError, match="Readers do not see it now"):
        set_withdrawal(make_faq(status=Status.DRAFT))


@pytest.mark.parametrize("hours", [-1, 0, 24 * 731])
def test_the_time_is_to_come_and_not_far_off(approved, hours):
    with pytest.raises(WorkflowError, match="Choose a time to come"):
        set_publication(approved, hours=hours)


def edit(revision):
    save_draft(revision.record, by="editor", answer="Slipped in.")


def discard(revision):
    transitions.discard(revision, by=make_user("editor"))


def withdraw(revision):
    transitions.withdraw(revision.record, by=make_user("editor"), reason="Wrong.")


def publish_now(revision):
    transitions.publish(revision, by=make_user("editor"))


@pytest.mark.parametrize(
    ("end", "why"),
    [
        (edit, "a newer one was saved"),
        (discard, "set aside"),
        (withdraw, "Its approval has ended."),
        (publish_now, "It was published before."),
    ],
)
def test_what_ends_the_approval_ends_the_time_and_its_maker_is_told(publisher, approved, end, why):
    change = set_publication(approved)
    end(approved)
    outcome, note = outcome_of(change)
    assert outcome == "stopped"
    assert why in note
    assert "unscheduled" in verbs_of(approved.record)
    answer = Faq.objects.get().answer
    run()
    assert Faq.objects.get().answer == answer != "Slipped in."
    assertContains(publisher.get("/admin/"), "Not done at the time you set")


def test_a_withdrawal_by_hand_ends_the_one_that_is_set(publisher):
    change = set_withdrawal(make_faq())
    transitions.withdraw(change.record, by=make_user("editor"), reason="Wrong.")
    assert outcome_of(change) == ("stopped", "It was withdrawn before.")


def test_what_was_lost_meanwhile_returns_to_review_as_when_somebody_publishes(
    publisher, approved, fake_problem
):
    change = set_publication(approved)
    fake_problem("error")
    run()
    outcome, note = outcome_of(change)
    assert outcome == "stopped"
    assert "It is in review again" in note
    assert Revision.objects.get(pk=approved.pk).state == "in_review"
    assert verbs_of(approved.record)[:2] == ["not_run", "sent_back"]
    assert Faq.objects.get().answer == "Old words."


def test_who_may_no_longer_publish_publishes_nothing_later_either(publisher, approved):
    change = set_publication(approved)
    make_user("publisher").user_permissions.clear()
    run()
    assert outcome_of(change) == ("stopped", "publisher may no longer publish or withdraw.")
    assert Revision.objects.get(pk=approved.pk).state == "approved"


def test_what_has_come_into_use_stays_and_its_maker_is_told(publisher):
    source = make_source(slug="it")
    change = set_withdrawal(source)
    make_explainer(("Part", "So.[^it]"))
    run()
    assert outcome_of(change)[0] == "stopped"
    source.refresh_from_db()
    assert source.status == Status.PUBLISHED
    with pytest.raises(WorkflowError):
        set_withdrawal(source)
    set_withdrawal(source, leave_uses=True)
    run()
    source.refresh_from_db()
    assert source.status == Status.WITHDRAWN


def test_what_one_raises_does_not_keep_the_others(publisher, approved, monkeypatch, caplog):
    other = set_withdrawal(make_faq(question="Other?"))
    change = set_publication(approved, hours=0.5)

    def fail(*args, **options):
        raise LookupError("Lost.")

    monkeypatch.setattr(transitions, "publish", fail)
    assert run() == [other]
    assert "Lost." in caplog.text
    monkeypatch.undo()
    assert outcome_of(change)[0] == ""


@pytest.mark.parametrize(
    "fields", [{"ended_at": timezone.now()}, {"outcome": "done"}, {"reason": ""}], ids=min
)
def test_the_database_refuses_a_half_ended_change_and_a_withdrawal_without_a_reason(fields):
    change = set_withdrawal(make_faq())
    with pytest.raises(IntegrityError), transaction.atomic():
        ScheduledChange.objects.filter(pk=change.pk).update(**fields)


def test_a_second_time_for_the_same_is_refused_by_the_database(publisher, approved):
    set_publication(approved)
    with pytest.raises(WorkflowError, match="scheduled already"):
        set_publication(approved, hours=3)
    set_withdrawal(approved.record)
    with pytest.raises(WorkflowError, match="scheduled already"):
        set_withdrawal(approved.record, hours=3)


# On the pages of the admin


def test_a_publisher_sets_a_time_sees_it_everywhere_and_cancels_it(publisher, approved):
    faq = approved.record
    page = publisher.get(address_of(faq, "schedule"))
    assertContains(page, "Day and hour (UTC; it is ")
    page = post(publisher, faq, "publish", revision=approved.pk, at=local(5))
    assert page.status_code == 302
    change = ScheduledChange.objects.get()
    assert change.made_by == make_user("publisher")
    told = f"will be published on {show_set_time(change.at)}"
    for address in ("schedule", "review", "change"):
        assertContains(publisher.get(address_of(faq, address)), told)
    assertContains(publisher.get("/admin/content/faq/"), "to be published")
    assertContains(publisher.get("/admin/"), "You set a time")
    assertContains(publisher.get(address_of(faq, "history")), "Set a time for it")
    assert not personal_tasks.get_publishable_revisions(make_user("publisher")).exists()
    post(publisher, faq, "cancel", key=change.pk)
    assert outcome_of(change)[0] == "cancelled"
    assert run() == []
    assert personal_tasks.get_publishable_revisions(make_user("publisher")).exists()
    assertNotContains(publisher.get("/admin/"), "Not done at the time you set")
    assertContains(post(publisher, faq, "cancel", key=change.pk), "It has run or was ended already")


def test_the_time_is_that_of_the_site(publisher, approved, settings):
    settings.TIME_ZONE = "America/Los_Angeles"
    with timezone.override("America/Los_Angeles"):
        page = publisher.get(address_of(approved.record, "schedule"))
        assertContains(page, "America/Los_Angeles; it is")
        day = timezone.localdate() + timedelta(days=30)
        post(publisher, approved.record, "publish", revision=approved.pk, at=f"{day}T09:00")
    zone = ZoneInfo("America/Los_Angeles")
    expected = datetime(day.year, day.month, day.day, 9, tzinfo=zone)
    assert ScheduledChange.objects.get().at == expected


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles"])
def test_a_time_with_its_zone_is_that_time(publisher, approved, zone):
    day = timezone.localdate() + timedelta(days=30)
    with timezone.override(zone):
        for verb, about in ("publish", approved.record), ("withdraw", make_faq()):
            typed = {"at": f"{day}T09:00:00.000Z", "reason": "It has ended."}
            post(publisher, about, verb, revision=approved.pk, **typed)
            change = ScheduledChange.objects.get(action=verb)
            assert change.at == datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


@pytest.mark.parametrize("at", ["", "soon", "2020-01-01T00:00", "9999-12-31T23:59", "\x00"])
def test_a_time_that_is_none_is_refused_and_nothing_is_set(publisher, approved, at):
    page = post(publisher, approved.record, "publish", revision=approved.pk, at=at)
    assert page.status_code in (200, 400)
    assert not ScheduledChange.objects.exists()


def test_a_withdrawal_needs_words_for_readers(publisher):
    faq = make_faq()
    assertContains(post(publisher, faq, "withdraw", at=local(5)), "This field is required.")
    post(publisher, faq, "withdraw", at=local(5), reason="It has ended.")
    assert ScheduledChange.objects.get().reason == "It has ended."


def test_a_revision_or_time_of_another_record_is_not_taken(publisher, approved):
    other = make_faq(question="Other?")
    page = post(publisher, other, "publish", revision=approved.pk, at=local(5))
    assertContains(page, "There is no such revision of this record.")
    change = set_publication(approved)
    assertContains(post(publisher, other, "cancel", key=change.pk), "ended already")
    for verb in ("delete", "__class__"):
        assertContains(post(publisher, other, verb, key=change.pk), "ended already")
    assert outcome_of(change)[0] == ""


def test_who_may_not_publish_sets_no_time(sign_in, approved):
    author = sign_in("author", "view_faq", "change_faq", "approve_revision")
    for verb in ("publish", "withdraw", "cancel"):
        sent = {"revision": approved.pk, "at": local(5), "reason": "So."}
        assert post(author, approved.record, verb, **sent).status_code == 403
    assert author.get(address_of(approved.record, "schedule")).status_code == 403
    assertNotContains(author.get(address_of(approved.record)), "at a set time")
    assert post(Client(), approved.record, "publish").status_code == 302
    assert not ScheduledChange.objects.exists()


def test_who_set_the_time_is_mailed_what_ended_it(publisher, approved, monkeypatch):
    monkeypatch.setattr(transaction, "on_commit", lambda run, **options: run())
    user = make_user("publisher")
    user.email = "publisher@clinic.example"
    user.save()
    set_publication(approved)
    mail.outbox.clear()
    edit(approved)
    [sent] = [sent for sent in mail.outbox if "Ended its set time" in sent.subject]
    assert sent.to == ["publisher@clinic.example"]
    assert "a newer one was saved" in sent.body


def test_who_set_the_time_is_mailed_that_it_could_not_be_done(
    publisher, approved, monkeypatch, fake_problem
):
    set_publication(approved)
    monkeypatch.setattr(transaction, "on_commit", lambda run, **options: run())
    user = make_user("publisher")
    user.email = "publisher@clinic.example"
    user.save()
    fake_problem("error")
    mail.outbox.clear()
    run()
    assert ["publisher@clinic.example"] in [
        sent.to for sent in mail.outbox if "Could not do it" in sent.subject
    ]
