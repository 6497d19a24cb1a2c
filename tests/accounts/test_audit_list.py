"""One list of who did what and when, that nobody changes."""

from datetime import timedelta

import pytest
from axes.models import AccessLog
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.accounts import audit, second_factor
from psychoplastogens.accounts.models import AccountEvent
from psychoplastogens.editorial.drafts.snapshots import take_snapshot
from psychoplastogens.editorial.workflow import transitions
from tests.admin_forms import address_of
from tests.factories import make_faq, make_staff, make_user
from tests.login import PASSWORD, sign_in, submit_password
from tests.workflow_helpers import approve_draft, without_checks

NEW_PASSWORD = ("new_password1", "new_password2")
pytestmark = pytest.mark.django_db
LIST = "/admin/accounts/accountevent/"


def lines(client, **asked):
    return [(entry.who, entry.what) for entry in client.get(LIST, asked).context["entries"]]


def test_it_shows_a_sign_in_a_failure_and_a_sign_out_with_the_address(admin_client):
    author, client = make_staff("Author"), Client(REMOTE_ADDR="192.0.2.7")
    submit_password(client, author, password="a guess")
    submit_password(client, author)
    client.post("/admin/logout/")
    found = lines(admin_client, name="ada")
    assert found[:3] == [
        ("ada", "Signed out"),
        ("ada", "Signed in"),
        ("ada", "Failed to sign in"),
    ]
    assertContains(admin_client.get(LIST), "<td>192.0.2.7</td>", count=3)


def test_half_way_is_not_signed_in(admin_client):
    submit_password(Client(), make_staff("Publisher"))
    assert ("ada", "Signed in") not in lines(admin_client)


def test_it_shows_a_lock_out(admin_client):
    author = make_staff("Author")
    for _ in range(6):
        submit_password(Client(), author, password="a guess")
    found = lines(admin_client, kind="failed")
    assert found == [("ada", "Failed to sign in: locked out")] + 4 * [("ada", "Failed to sign in")]


def test_a_name_that_no_account_has_is_not_shown(admin_client):
    submit_password(Client(), make_staff(), username="my secret password")
    assert lines(admin_client, kind="failed") == [("An unknown name", "Failed to sign in")]


def test_it_shows_second_factor_password_and_role(admin_client, admin_user):
    author = make_staff("Author")
    second_factor.reset_second_factor(author, by=admin_user)
    second_factor.reset_second_factor(author, by=None)
    author.set_password("another password than before")
    author.save()
    found = lines(admin_client, name="ada")
    assert ("admin", "ada. Second factor: Reset") in found
    assert ("A command on the server", "ada. Second factor: Reset") in found
    assert ("A command on the server", "ada. Password: Password set") in found


def test_ones_own_change_of_password_is_recorded_once(client, admin_client):
    author = sign_in(client, make_staff("Author"))
    new = "lichen on a north wall"
    typed = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    before = AccountEvent.objects.count()
    author.post("/admin/password_change/", typed)
    assert AccountEvent.objects.count() == before + 1


def test_it_names_who_set_a_password(client, admin_client):
    """The superuser, then its owner, twice."""
    ben = make_staff("Author", name="ben")
    sent = {"password1": "moss on a stone", "password2": "moss on a stone"}
    admin_client.post(f"/admin/auth/user/{ben.pk}/password/", sent)
    submit_password(client, ben, password="moss on a stone")
    client.post("/admin/choose-password/", dict.fromkeys(NEW_PASSWORD, "lichen on a wall"))
    ben = sign_in(client, User.objects.get(username="ben"))
    typed = {"old_password": "lichen on a wall"} | dict.fromkeys(NEW_PASSWORD, "fern in a well")
    ben.post("/admin/password_change/", typed)
    set_by = [who for who, what in lines(admin_client) if "Password set" in what]
    assert set_by == ["ben", "ben", "admin"]


def test_it_shows_changes_of_records(admin_client):
    faq = make_faq(question="Now?", status="draft")
    transitions.save_draft(faq, take_snapshot(faq), by=make_user("author"))
    approve_draft(faq)
    sent = {"action": "publish", "_selected_action": [str(faq.pk)]}
    with without_checks():
        admin_client.post("/admin/content/faq/", sent)
    assert ("admin", "Changed “Now?” — Published.") in lines(admin_client, kind="change")


def test_a_publication_on_the_review_screen_is_among_them(admin_client):
    faq = make_faq(question="Now?", status="draft")
    transitions.save_draft(faq, take_snapshot(faq), by=make_user("author"))
    draft = approve_draft(faq)
    with without_checks():
        admin_client.post(address_of(faq, "do"), {"verb": "publish", "revision": draft.pk})
    assert ("admin", "Changed “Now?” — Published.") in lines(admin_client, name="admin")
    said = "what was saved in a form, published or withdrawn by a button. Reviews"
    assertContains(admin_client.get(LIST), said)


def test_it_can_be_narrowed_to_a_time(admin_client):
    submit_password(Client(), make_staff("Author"))
    AccessLog.objects.filter(username="ada").update(attempt_time=timezone.now() - timedelta(days=2))
    assert ("ada", "Signed in") not in lines(admin_client, days=1)
    assert ("ada", "Signed in") in lines(admin_client, days=7)


@pytest.mark.parametrize(
    ("hours_after_midnight", "days"), [(0, 0), (-1, 1), (-24, 1), (-25, None), (-24 * 7, 7)]
)
def test_a_day_begins_and_ends_at_midnight(admin_client, hours_after_midnight, days):
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    submit_password(Client(), make_staff("Author"))
    moment = midnight + timedelta(hours=hours_after_midnight)
    AccessLog.objects.filter(username="ada").update(attempt_time=moment)
    found = [day for day in (0, 1) if ("ada", "Signed in") in lines(admin_client, days=day)]
    assert found == [day for day in (0, 1) if day == days]
    assert days is None or ("ada", "Signed in") in lines(admin_client, days=days)


@pytest.mark.parametrize("asked", [{"kind": "x"}, {"days": "soon"}, {"page": "zero"}, {"page": 99}])
def test_a_question_that_makes_no_sense_gets_a_page(admin_client, asked):
    assert admin_client.get(LIST, asked).status_code == 200


def test_nothing_found_is_said(admin_client):
    assertContains(admin_client.get(LIST, {"name": "nobody"}), "Nothing was recorded that fits.")


def test_it_has_pages_that_keep_the_question(admin_client):
    user = make_staff()
    for number in range(120):
        AccountEvent.objects.record(AccountEvent.Kind.ROLE, user, f"change {number}")
    page = admin_client.get(LIST, {"name": "ada", "kind": "role"})
    assertContains(page, "Page 1 of 3, 120 entries")
    assertContains(page, "kind=role&amp;page=2")
    assert lines(admin_client, name="ada", kind="role", page=3)[-1][1].endswith("change 0")


def test_it_costs_the_same_however_long_it_is(admin_client):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            admin_client.get(LIST)
        return len(captured)

    few = queries()
    user = make_staff()
    for _ in range(60):
        AccountEvent.objects.record(AccountEvent.Kind.ROLE, user, "x")
    assert queries() == few


def test_only_who_has_the_permission_reads_it(client):
    user = make_staff("Publisher")
    assert sign_in(client, user).get(LIST).status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="view_accountevent"))
    assert client.get(LIST).status_code == 200
    assertContains(client.get("/admin/"), LIST)


def test_nobody_adds_changes_or_deletes_a_line(admin_client):
    event = AccountEvent.objects.record(AccountEvent.Kind.ROLE, make_staff(), "none → Author")
    assert admin_client.post(LIST + "add/", {"what": "x"}).status_code == 403
    assert admin_client.post(f"{LIST}{event.pk}/change/", {"what": "x"}).status_code == 403
    assert admin_client.post(f"{LIST}{event.pk}/delete/", {"post": "yes"}).status_code == 403
    sent = {"action": "delete_selected", "_selected_action": [event.pk], "post": "yes"}
    admin_client.post(LIST, sent)
    assert AccountEvent.objects.filter(pk=event.pk).exists()
    assert not Permission.objects.filter(codename="delete_accountevent").exists()


def test_what_was_typed_is_shown_as_text(admin_client):
    AccountEvent.objects.record(AccountEvent.Kind.ROLE, make_staff(), "<script>alert(1)</script>")
    assertNotContains(admin_client.get(LIST), "<script>alert")


def test_every_kind_has_a_name():
    assert {"signed_in", "signed_out", "failed", "change", *AccountEvent.Kind} == set(
        audit.ENTRY_KINDS
    )
