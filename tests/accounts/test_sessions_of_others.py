"""The sessions of somebody else: who may see and end them, and what ends them for good."""

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from psychoplastogens.accounts.models import AccountEvent
from tests.admin_forms import typed
from tests.factories import make_manager, make_staff
from tests.login import is_signed_in, sign_in, submit_password
from tests.valid_html import problems

pytestmark = pytest.mark.django_db
USERS = "/admin/auth/user/"


@pytest.fixture
def ada():
    return make_staff("Author")


@pytest.fixture
def manager():
    return sign_in(Client(), make_manager())


def sessions_of(user):
    return f"{USERS}{user.pk}/sessions/"


def set_active(client, user, is_active):
    address = f"{USERS}{user.pk}/change/"
    sent = typed(client.get(address))
    sent.pop("is_active", None)
    return client.post(address, sent | ({"is_active": "on"} if is_active else {}))


def test_one_of_them_is_ended_and_the_audit_list_says_by_whom(manager, ada):
    phone, desk = sign_in(Client(), ada), sign_in(Client(), ada)
    assertContains(manager.get(f"{USERS}{ada.pk}/change/"), "In 2 browsers.")
    page = manager.get(sessions_of(ada))
    assert problems(page.text) == []
    assert not [key for key in Session.objects.values_list("pk", flat=True) if key in page.text]
    handle = page.context["sessions"][0].handle
    answer = manager.post(sessions_of(ada), {"end": handle}, follow=True)
    assertContains(answer, "Account ada: signed out in 1 browser.")
    assert sorted([is_signed_in(phone), is_signed_in(desk)]) == [False, True]
    [event] = AccountEvent.objects.filter(kind=AccountEvent.Kind.SESSIONS)
    assert (event.account, event.what, event.by) == ("ada", "Ended in 1 browser", "manager")


def test_all_of_them_are_ended_those_half_way_too_and_nobody_elses(manager, ada):
    desk, half_way = sign_in(Client(), ada), Client()
    submit_password(half_way, ada)
    bo = sign_in(Client(), make_staff("Author", name="bo"))
    manager.post(sessions_of(ada), {"others": "1"})
    assert not is_signed_in(desk)
    assert not half_way.session.get("half_way")
    assert is_signed_in(bo)
    assert is_signed_in(manager)
    assertContains(manager.get(sessions_of(ada)), "Nowhere now")


def test_an_account_that_was_closed_and_opened_again_is_signed_in_nowhere(manager, ada):
    desk = sign_in(Client(), ada)
    set_active(manager, ada, is_active=False)
    assert not User.objects.get(pk=ada.pk).is_active
    set_active(manager, ada, is_active=True)
    assert User.objects.get(pk=ada.pk).is_active
    assert not is_signed_in(desk)


@pytest.mark.parametrize("name", ["is_active", "is_staff"])
def test_so_is_one_that_a_command_closed(ada, name):
    desk, half_way = sign_in(Client(), ada), Client()
    submit_password(half_way, ada)
    for value in (False, True):
        setattr(ada, name, value)
        ada.save()
    assert not is_signed_in(desk)
    assert not half_way.session.get("half_way")


@pytest.mark.parametrize("roles", [[], ["Author"], ["Reviewer"], ["Publisher"], ["Clinic editor"]])
def test_who_may_not_change_accounts_sees_and_ends_none(ada, roles):
    desk, other = sign_in(Client(), ada), sign_in(Client(), make_staff(*roles, name="bo"))
    assert other.get(sessions_of(ada)).status_code == 403
    assert other.post(sessions_of(ada), {"others": "1"}).status_code == 403
    assert is_signed_in(desk)


def test_who_looks_after_accounts_does_not_sign_a_superuser_out(manager, admin_client, admin_user):
    assert manager.get(sessions_of(admin_user)).status_code == 403
    assert manager.post(sessions_of(admin_user), {"others": "1"}).status_code == 403
    assert admin_client.get("/admin/").status_code == 200


def test_what_is_sent_ends_nothing_of_somebody_else(manager, ada):
    bo = make_staff("Author", name="bo")
    hers = sign_in(Client(), bo)
    handle = manager.get(sessions_of(bo)).context["sessions"][0].handle
    for sent in (handle, "", "x" * 5000, Session.objects.first().session_key):
        answer = manager.post(sessions_of(ada), {"end": sent}, follow=True)
        assertContains(answer, "Account ada: signed out in 0 browsers.")
    assert is_signed_in(hers)
    assert not AccountEvent.objects.filter(kind=AccountEvent.Kind.SESSIONS).exists()


def test_it_needs_a_sign_in_and_the_token_of_its_page(ada):
    desk = sign_in(Client(), ada)
    assert Client().get(sessions_of(ada)).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["sessionid"] = sign_in(Client(), make_manager()).cookies["sessionid"].value
    assert strict.post(sessions_of(ada), {"others": "1"}).status_code == 403
    assert is_signed_in(desk)


def test_ones_own_are_on_their_own_page_and_no_account_is_not_found(manager):
    me = User.objects.get(username="manager")
    assertRedirects(manager.get(sessions_of(me)), "/admin/sessions/")
    assert manager.get(f"{USERS}999999/sessions/").status_code == 404
