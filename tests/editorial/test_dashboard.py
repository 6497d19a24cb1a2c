"""The admin's first page, and the command that lists what is due."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.drafts.snapshots import take_snapshot
from psychoplastogens.editorial.models import Revision, Status
from psychoplastogens.editorial.workflow import transitions
from tests.factories import make_explainer, make_faq, make_source, make_staff, make_user
from tests.login import sign_in
from tests.workflow_helpers import approve_draft

pytestmark = pytest.mark.django_db


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def draft(record, **fields):
    snapshot = take_snapshot(record)
    return transitions.save_draft(record, snapshot, by=make_user("author"), **fields)


def test_the_first_page_says_what_is_due_and_what_is_not_there(admin_client):
    make_faq(question="Late?", review_due=in_days(-3))
    make_source(title="Soon due", review_due=in_days(20))
    make_faq(question="Far off?", review_due=in_days(90))
    make_faq(question="Nobody reads it?", review_due=in_days(-3), status=Status.DRAFT)
    page = admin_client.get("/admin/")
    for shown in ("Late?", "overdue since", "Soon due", "Nothing waits for a review."):
        assertContains(page, shown)
    for hidden in ("Far off?", "Nobody reads it?"):
        assertNotContains(page, hidden)


def test_the_first_page_leads_to_what_waits_for_somebody(admin_client):
    waiting, ready, old = (make_faq(question=q) for q in ("Waits?", "Ready?", "Old?"))
    transitions.submit(draft(waiting), by=make_user("author"))
    draft(ready)
    approve_draft(ready)
    draft(old)
    month_ago = timezone.now() - timedelta(days=30)
    Revision.objects.open().filter(object_id=old.pk).update(created_at=month_ago)
    page = admin_client.get("/admin/").content.decode()
    assert f'href="/admin/content/faq/{ready.pk}/review/">Ready?' in page
    assert f'href="/admin/content/faq/{waiting.pk}/' in page
    assert f'href="/admin/content/faq/{old.pk}/change/">Old?' in page


def test_who_does_not_work_on_pages_reads_nothing_of_drafts_there(sign_in):
    transitions.submit(draft(make_faq(question="Not told?")), by=make_user("author"))
    make_faq(question="Late?", review_due=in_days(-3))
    page = sign_in("desk", "view_clinic", "change_pack").get("/admin/")
    for hidden in ("Not told?", "Late?", "What waits", "Searches of the last 30 days"):
        assertNotContains(page, hidden)
    assertContains(sign_in("writer", "view_historyentry").get("/admin/"), "Not told?")


def test_the_first_page_costs_the_same_with_more_to_do(admin_client):
    def asked():
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            admin_client.get("/admin/")
        return len(queries)

    draft(make_explainer({}, review_due=in_days(-1)))
    asked()
    few = asked()
    for _ in range(20):
        transitions.submit(
            draft(make_explainer({}, review_due=in_days(-1))), by=make_user("author")
        )
    assert asked() == few


def test_the_command_lists_what_is_due_with_its_address(capsys):
    faq = make_faq(question="Late?", review_due=in_days(-3))
    call_command("review_due")
    said = capsys.readouterr().out
    assert said.startswith("OVERDUE since")
    assert f"/admin/content/faq/{faq.pk}/change/" in said


def test_the_command_looks_as_far_ahead_as_it_is_told(capsys):
    make_faq(question="Later?", review_due=in_days(40))
    call_command("review_due")
    assert capsys.readouterr().out == "No review is due.\n"
    call_command("review_due", days=40)
    assert "Later?" in capsys.readouterr().out


def test_the_command_mails_what_is_due_and_is_silent_when_nothing_is():
    call_command("review_due", mail=["editor@example.org"])
    assert mail.outbox == []
    make_faq(question="Late?", review_due=in_days(-3))
    call_command("review_due", mail=["editor@example.org"])
    assert "Late?" in mail.outbox[0].body


def test_the_command_refuses_days_that_make_no_sense():
    with pytest.raises(CommandError, match="must be from 0 to"):
        call_command("review_due", days=-1)


def test_what_is_too_long_for_the_first_page_stands_on_one_of_its_own(admin_client, admin_user):
    for number in range(10):
        make_source(title=f"Unused {number:02}")
        faq = make_faq(question=f"Mine {number:02}?")
        transitions.save_draft(faq, take_snapshot(faq), by=admin_user)
    page = admin_client.get("/admin/")
    for key in ("unused_sources_panel", "drafts"):
        assertContains(page, f'href="/admin/tasks/{key}/"')
    for key, words in (("unused_sources_panel", "Unused"), ("drafts", "Mine")):
        listed = admin_client.get(f"/admin/tasks/{key}/")
        for number in range(10):
            assertContains(listed, f"{words} {number:02}")
        assertNotContains(listed, "more<")


@pytest.mark.parametrize("key", ["x", "__class__", "sent-back", "A" * 300])
def test_a_list_that_is_none_is_not_found(admin_client, key):
    assert admin_client.get(f"/admin/tasks/{key}/").status_code == 404


def test_who_may_read_no_draft_reads_no_list_of_them(client):
    draft(make_faq(question="Secret?"))
    assert client.get("/admin/tasks/in_review_panel/").status_code == 302
    desk = sign_in(client, make_staff("Clinic editor", name="desk"))
    assert desk.get("/admin/tasks/in_review_panel/").status_code == 403


def test_what_waits_for_one_person_is_listed_for_nobody_else(client, admin_user):
    for number in range(10):
        faq = make_faq(question=f"Mine {number}?")
        transitions.save_draft(faq, take_snapshot(faq), by=admin_user)
    author = sign_in(client, make_staff("Author", name="other"))
    assert author.get("/admin/tasks/drafts/").status_code == 404
