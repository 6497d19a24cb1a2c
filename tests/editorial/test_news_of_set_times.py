"""News of a time that was set: to the authors while it waits, to who set it once it was kept."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.admin.news import get_news
from psychoplastogens.editorial.models import HistoryEntry, ScheduledChange
from psychoplastogens.editorial.workflow import schedules, transitions
from psychoplastogens.editorial.workflow.schedules import format_time
from tests.factories import make_faq, make_user
from tests.workflow_helpers import approve_draft, publish_draft, save_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
READS = ("view_historyentry", "view_faq")
PUBLISHES = (*READS, "publish_revision")


@pytest.fixture
def faq():
    faq = make_faq(question="Does it work?")
    save_draft(faq, answer="New words.")
    return faq


def in_hours(hours):
    return timezone.now() + timedelta(hours=hours)


def set_publication(faq, hours=30):
    revision = approve_draft(faq)
    return schedules.schedule_publication(revision, by=make_user("publisher"), at=in_hours(hours))


def set_withdrawal(faq):
    fields = {"at": in_hours(1), "reason": "The trial has ended."}
    return schedules.schedule_withdrawal(faq, by=make_user("publisher"), **fields)


def test_an_author_is_told_the_time_and_not_the_day_of_setting_it(sign_in, faq):
    change = set_publication(faq)
    page = sign_in("author", *READS).get("/admin/")
    assertContains(page, f">{format_time(change.at)}</time>, set by publisher")
    assertContains(page, "Will be published: <time")
    assertNotContains(page, "Set a time for it")


@pytest.mark.parametrize("is_set_again", [False, True])
def test_a_cancelled_time_is_no_news(faq, is_set_again):
    change = set_publication(faq)
    schedules.cancel(change, by=make_user("publisher"))
    if is_set_again:
        by = make_user("publisher")
        schedules.schedule_publication(change.revision, by=by, at=in_hours(9))
    told = get_news(make_user("author")).filter(verb="scheduled")
    assert told.count() == is_set_again


def test_who_set_the_time_is_told_that_it_was_published(sign_in, faq):
    set_publication(faq)
    sign_in("publisher", *PUBLISHES)
    publisher = sign_in("publisher", *PUBLISHES)
    schedules.run_due(in_hours(31))
    assertContains(publisher.get("/admin/"), "Published, at the time you set: ")
    assert [e.verb for e in get_news(make_user("author"))] == ["published"]


def test_who_set_the_time_is_told_that_it_was_withdrawn(sign_in, faq):
    publish_draft(faq)
    set_withdrawal(faq)
    publisher = sign_in("publisher", *PUBLISHES)
    schedules.run_due(in_hours(2))
    assertContains(publisher.get("/admin/"), "Withdrew it from readers, at the time you set: ")


def test_who_published_by_hand_knows_it(faq):
    publish_draft(faq)
    assert not get_news(make_user("publisher")).exists()


def test_who_withdraws_by_hand_after_another_set_time_knows_it(sign_in, faq):
    publish_draft(faq)
    set_withdrawal(faq)
    sign_in("publisher", *PUBLISHES)
    schedules.run_due(in_hours(2))
    for past in (HistoryEntry.objects, ScheduledChange.objects):
        field = "at" if past is HistoryEntry.objects else "ended_at"
        past.update(**{field: timezone.now() - timedelta(days=1)})
    save_draft(faq, answer="Newer words.")
    publish_draft(faq)
    faq.refresh_from_db()
    transitions.withdraw(faq, by=make_user("publisher"), reason="Wrong.")
    day_ago = timezone.now() - timedelta(hours=20)
    assert not get_news(make_user("publisher")).filter(at__gt=day_ago).exists()
