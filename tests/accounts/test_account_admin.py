"""Accounts in the admin: who makes them, and what nobody may do."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.accounts import roles, second_factor
from psychoplastogens.accounts.models import AccountEvent
from tests.admin_forms import typed
from tests.factories import make_manager, make_staff
from tests.login import PASSWORD, is_signed_in, make_authenticator, sign_in

pytestmark = pytest.mark.django_db
USERS = "/admin/auth/user/"


@pytest.fixture
def manager(client):
    return sign_in(client, make_manager())


def role(name):
    return Group.objects.get(name=name).pk


def change(client, user, **typed_in):
    address = f"{USERS}{user.pk}/change/"
    return client.post(address, typed(client.get(address), **typed_in))


def events():
    return list(AccountEvent.objects.values_list("kind", "account", "what", "by"))


def test_the_list_says_role_second_factor_and_last_sign_in(admin_client):
    make_authenticator(make_staff("Reviewer", "Author"))
    page = admin_client.get(USERS)
    assertContains(page, '<td class="field-role">Author, Reviewer</td>')
    assertContains(page, '<td class="field-role">Superuser</td>')
    assertContains(page, "column-last_login")
    assertContains(page, '<td class="field-has_second_factor"><img')


def test_the_list_costs_the_same_however_many_there_are(admin_client):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            admin_client.get(USERS)
        return len(captured)

    for number in range(3):
        make_staff("Author", name=f"a{number}")
    few = queries()
    for number in range(20):
        make_authenticator(make_staff("Publisher", name=f"b{number}"))
    assert queries() == few


@pytest.mark.parametrize("page", ["add/", "{}/change/"])
def test_each_role_is_a_tick_with_what_it_may_do(admin_client, page):
    shown = admin_client.get(USERS + page.format(make_staff("Author").pk))
    for name in roles.ROLE_PERMISSIONS:
        description = escape(roles.ROLE_DESCRIPTIONS[name])
        assertContains(shown, f"<strong>{name}</strong> {description}")
    assertContains(shown, "Nobody approves a text of their own")


def test_a_role_of_another_making_is_a_tick_with_its_name(admin_client):
    Group.objects.create(name="<b>Guest</b>")
    assertContains(admin_client.get(f"{USERS}add/"), "<strong>&lt;b&gt;Guest&lt;/b&gt;</strong>")


def test_the_roles_that_need_a_second_factor_say_so():
    said = {name for name, words in roles.ROLE_DESCRIPTIONS.items() if "second factor" in words}
    assert said == {*roles.SECOND_FACTOR_ROLES, roles.CLINIC_EDITOR}


@pytest.mark.parametrize("who", ["admin_client", "manager"])
def test_the_form_shows_no_hash_and_no_permissions(who, request):
    user = make_staff("Author")
    page = request.getfixturevalue(who).get(f"{USERS}{user.pk}/change/")
    assert ('href="../password/"' in page.content.decode()) == (who == "admin_client")
    assertNotContains(page, "user_permissions")
    assertNotContains(page, "is_staff")
    algorithm, *_, digest = user.password.split("$")
    for part in (algorithm, digest[:6]):
        assertNotContains(page, part)


def test_permissions_besides_the_roles_are_in_sight_until_they_are_gone(admin_client):
    user = make_staff("Author")
    user.user_permissions.set([Permission.objects.get(codename="publish_revision")])
    assertContains(admin_client.get(f"{USERS}{user.pk}/change/"), "Permissions besides the roles")
    change(admin_client, user, user_permissions=[])
    assert not user.user_permissions.exists()
    assertNotContains(admin_client.get(f"{USERS}{user.pk}/change/"), "user_permissions")


def test_a_change_keeps_what_the_form_does_not_show(admin_client):
    user = make_staff("Author")
    change(admin_client, user, first_name="Ada")
    changed = User.objects.get(pk=user.pk)
    assert (changed.first_name, changed.is_staff) == ("Ada", True)
    assert changed.password == user.password


def test_a_forged_field_gives_no_permission(admin_client):
    user = make_staff("Author")
    change(admin_client, user, user_permissions=[1], password="x", is_staff="")
    changed = User.objects.get(pk=user.pk)
    assert not changed.user_permissions.exists()
    assert changed.check_password(PASSWORD)


def test_a_change_of_role_is_recorded_with_both(admin_client):
    change(admin_client, make_staff("Author"), groups=[role("Publisher")])
    assert ("role", "ada", "Author → Publisher", "admin") in events()


def test_a_change_of_role_is_told_by_its_name(admin_client):
    page = change(admin_client, make_staff("Author"), groups=[role("Publisher")])
    told = [str(message) for message in get_messages(page.wsgi_request)]
    assert "Roles of ada now: Publisher. Before: Author." in told


def test_another_change_is_no_change_of_role(admin_client):
    change(admin_client, make_staff("Author"), first_name="Ada")
    assert "role" not in [kind for kind, *_ in events()]


def test_a_manager_cannot_make_a_superuser(manager):
    user = make_staff("Author")
    change(manager, user, is_superuser="on", user_permissions=[1], is_staff="")
    user.refresh_from_db()
    assert (user.is_superuser, user.is_staff) == (False, True)
    assert not user.user_permissions.exists()


def test_a_manager_cannot_give_themselves_a_role(manager):
    own = User.objects.get(username="manager")
    change(manager, own, groups=[role("Publisher")], first_name="Max")
    own.refresh_from_db()
    assert (own.first_name, roles.get_role_names(own)) == ("Max", "Account manager, Author")


@pytest.mark.parametrize("page", ["change", "password"])
def test_a_manager_cannot_touch_a_superuser(manager, page):
    root = make_staff(name="root", is_superuser=True)
    sent = {"username": "root", "password1": PASSWORD, "password2": PASSWORD}
    assert manager.post(f"{USERS}{root.pk}/{page}/", sent).status_code == 403


@pytest.mark.parametrize("is_active", [True, False])
@pytest.mark.parametrize("page", ["change", "password"])
def test_a_manager_changes_nobody_who_may_do_more_than_they_may(manager, page, is_active):
    """An account that has ended has its roles again once somebody ticks “Active”."""
    publisher = make_staff("Publisher", is_active=is_active)
    assertNotContains(manager.get(f"{USERS}{publisher.pk}/change/"), "_save")
    sent = {"username": "ada", "is_active": "on", "password1": PASSWORD, "password2": PASSWORD}
    assert manager.post(f"{USERS}{publisher.pk}/{page}/", sent).status_code == 403


def test_a_right_of_its_own_counts_as_those_of_a_role_do(manager):
    user = make_staff("Author")
    user.user_permissions.set([Permission.objects.get(codename="publish_revision")])
    assert manager.post(f"{USERS}{user.pk}/change/", {"username": "ada"}).status_code == 403


@pytest.mark.parametrize("name", ["Reviewer", "Publisher", "Clinic editor"])
def test_a_manager_gives_no_role_that_they_lack(manager, name):
    user = make_staff("Author")
    assertNotContains(manager.get(f"{USERS}{user.pk}/change/"), f"<strong>{name}</strong>")
    change(manager, user, groups=[role("Author"), role(name)])
    manager.post(f"{USERS}add/", {"username": "puppet", "groups": [role(name)]})
    assert roles.get_role_names(User.objects.get(pk=user.pk)) == "Author"
    assert not User.objects.filter(username="puppet").exists()


def test_a_manager_who_edits_a_clinic_gets_no_hold_of_the_editors_of_others(client):
    manager = make_manager()
    manager.groups.add(role(roles.CLINIC_EDITOR))
    sign_in(client, manager)
    other = make_staff(roles.CLINIC_EDITOR)
    assertNotContains(client.get(f"{USERS}add/"), "<strong>Clinic editor</strong>")
    assert client.post(f"{USERS}{other.pk}/change/", {"email": "mine@x.example"}).status_code == 403
    sent = {"action": "invite_again", "_selected_action": [other.pk]}
    assertContains(client.post(USERS, sent, follow=True), "nothing was done")


def test_a_manager_gives_and_takes_the_roles_that_they_have(manager):
    user = make_staff()
    change(manager, user, groups=[role("Author"), role("Account manager")])
    assert roles.get_role_names(User.objects.get(pk=user.pk)) == "Account manager, Author"
    change(manager, user, groups=[])
    assert roles.get_role_names(User.objects.get(pk=user.pk)) == ""


def test_a_manager_has_nobody_s_password_mailed_elsewhere(manager):
    user = make_staff("Author", email="ada@moss.example")
    change(manager, user, email="mine@moss.example", username="mine")
    user.refresh_from_db()
    assert (user.username, user.email) == ("ada", "ada@moss.example")
    assert manager.get(f"{USERS}{user.pk}/password/").status_code == 403


def test_a_manager_corrects_the_address_of_who_has_not_come_yet(manager):
    sent = {"username": "kim", "email": "kin@moss.example", "groups": [role("Author")]}
    manager.post(f"{USERS}add/", sent)
    change(manager, User.objects.get(username="kim"), email="kim@moss.example")
    assert User.objects.get(username="kim").email == "kim@moss.example"


def test_nobody_deletes_an_account_because_the_history_names_it(admin_client):
    user = make_staff()
    assert admin_client.post(f"{USERS}{user.pk}/delete/", {"post": "yes"}).status_code == 403
    sent = {"action": "delete_selected", "_selected_action": [user.pk], "post": "yes"}
    admin_client.post(USERS, sent)
    assert User.objects.filter(pk=user.pk).exists()


def test_a_superuser_resets_the_second_factor_after_being_asked(admin_client):
    user = make_staff("Publisher")
    make_authenticator(user)
    sent = {"action": "reset_second_factor", "_selected_action": [user.pk]}
    page = admin_client.post(USERS, sent)
    assertContains(page, "be sure that it is this person who asks")
    assertContains(page, "<li>ada</li>")
    assert second_factor.get_authenticator(user)
    page = admin_client.post(USERS, sent | {"sure": "yes"}, follow=True)
    assertContains(page, "Reset: ada.")
    assert not second_factor.get_authenticator(user)
    assert not second_factor.count_recovery_codes(user)
    assert ("second_factor", "ada", "Reset", "admin") in events()


@pytest.mark.parametrize("action", ["reset_second_factor", "end_sessions"])
def test_a_manager_helps_all_but_superusers_and_themselves(manager, action):
    publisher, root = make_staff("Publisher"), make_staff(name="root", is_superuser=True)
    clients = [sign_in(Client(), user) for user in (publisher, root)]
    chosen = [publisher.pk, root.pk, User.objects.get(username="manager").pk]
    sent = {"action": action, "_selected_action": chosen, "sure": "yes"}
    assertContains(manager.post(USERS, sent, follow=True), ": ada.")
    assert [is_signed_in(one) for one in (*clients, manager)] == [False, True, True]
    reset = action == "reset_second_factor"
    assert bool(second_factor.get_authenticator(publisher)) != reset
    assert second_factor.get_authenticator(root)
    assert ("ada", "manager") in [(account, by) for _kind, account, _what, by in events()]
    refused = manager.post(USERS, sent | {"_selected_action": [root.pk]}, follow=True)
    assertContains(refused, "Nothing was done")


def test_who_resets_their_own_sets_it_up_again(admin_client, admin_user):
    sent = {"action": "reset_second_factor", "_selected_action": [admin_user.pk], "sure": "yes"}
    admin_client.post(USERS, sent)
    assert admin_client.get("/admin/").status_code == 302


@pytest.mark.parametrize("name", ["Author", "Reviewer", "Publisher", "Clinic editor"])
def test_no_role_sees_the_accounts(client, name):
    assert sign_in(client, make_staff(name)).get(USERS).status_code == 403
