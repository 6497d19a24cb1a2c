"""Staff are invited: by mail or on paper, for seven days, once. Nobody sees their password."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from psychoplastogens.accounts import invitations, roles
from psychoplastogens.accounts.models import AccountEvent, Invitation
from tests.admin_forms import errors_of
from tests.factories import make_manager, make_staff
from tests.login import PASSWORD, is_signed_in, sign_in, submit_password
from tests.short_links.test_privacy import SCANNERS, tables
from tests.valid_html import problems

pytestmark = pytest.mark.django_db
USERS = "/admin/auth/user/"
LINK = re.compile(r"http://127\.0\.0\.1:8000(/admin/invitation/[a-z2-7-]+/)")
CHOSEN = {"new_password1": PASSWORD, "new_password2": PASSWORD}


@pytest.fixture(autouse=True)
def paper(settings):
    """Without a mail server, unless a test has one."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"


@pytest.fixture
def mail_server(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def manager():
    return sign_in(Client(), make_manager("Reviewer", "Publisher"))


def invite(client, name="kim", role="Author", **sent):
    groups = [Group.objects.get(name=role).pk]
    return client.post(f"{USERS}add/", {"username": name, "groups": groups} | sent)


def act(client, action, *people):
    sent = {"action": action, "_selected_action": [user.pk for user in people]}
    return client.post(USERS, sent, follow=True)


def link_on(page):
    return LINK.search(page.text)[1]


def events():
    return list(AccountEvent.objects.values_list("kind", "account", "what", "by"))


def test_an_invitation_has_roles_and_no_password(manager):
    page = manager.get(f"{USERS}add/")
    assertNotContains(page, 'type="password"')
    assertContains(page, "You never see it.")
    invite(manager, "bo", "Reviewer")
    made = User.objects.get(username="bo")
    assert (made.is_staff, made.is_superuser, made.has_usable_password()) == (True, False, False)
    assert roles.get_role_names(made) == "Reviewer"
    assert ("role", "bo", "none → Reviewer", "manager") in events()
    assert ("invitation", "bo", "Invited", "manager") in events()


def test_without_mail_it_is_a_page_to_print(client, manager):
    page = invite(manager, first_name="Kim", last_name="Moss")
    assertContains(page, "Kim Moss</h2>")
    assertContains(page, "<svg")
    assert "no-store" in page["Cache-Control"]
    assert problems(page.text) == []
    link = link_on(page)
    shown = client.get(link)
    assertContains(shown, "manager has made you an account, kim.")
    assertContains(shown, "Your role: Author.")
    assert problems(shown.text) == []
    assertContains(client.post(link, CHOSEN), "You sign in as kim.")
    assert not is_signed_in(client)
    assertRedirects(submit_password(client, User.objects.get(username="kim")), "/admin/")
    assert ("password", "kim", "Password set with an invitation", "kim") in events()


def test_with_mail_nobody_but_the_invited_sees_the_link(
    client, manager, mail_server, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = invite(manager, email="kim@moss.example")
    assertRedirects(answer, USERS)
    assert not LINK.search(manager.get(USERS).text)
    assert [m.to for m in mail.outbox] == [["kim@moss.example"]]
    assertContains(client.post(LINK.search(mail.outbox[0].body)[1], CHOSEN), "Your password is set")


def test_who_has_no_address_gets_paper_although_there_is_mail(manager, mail_server):
    assert link_on(invite(manager))
    assert mail.outbox == []


def test_a_code_may_be_typed_as_people_type(client, manager):
    *_, code, _ = link_on(invite(manager)).split("/")
    for typed in (code.upper(), code.replace("-", "")):
        assert client.get(f"/admin/invitation/{typed}/").status_code == 200


def test_the_database_does_not_hold_the_code(manager):
    *_, code, _ = link_on(invite(manager)).split("/")
    kept = str(tables())
    assert code not in kept
    assert code.replace("-", "") not in kept
    assert len(code.replace("-", "")) == 16


def test_the_second_factor_comes_after_it(client, manager):
    client.post(link_on(invite(manager, role="Publisher")), CHOSEN)
    assertRedirects(
        submit_password(client, User.objects.get(username="kim")), "/admin/second-factor/set-up/"
    )
    assert not is_signed_in(client)


@pytest.mark.parametrize("agent", SCANNERS)
def test_opening_the_link_changes_nothing(client, manager, agent):
    link = link_on(invite(manager))
    before = tables()
    for ask in (client.head, client.get):
        answer = ask(link, HTTP_USER_AGENT=agent)
        assert answer.status_code == 200
        assert "sessionid" not in answer.cookies
    client.post(link, {"new_password1": "short", "new_password2": "short"})
    assert tables() == before


def test_it_works_once(client, manager):
    link = link_on(invite(manager))
    client.post(link, CHOSEN)
    before = tables()
    for answer in (client.get(link), client.post(link, CHOSEN)):
        assertContains(answer, "This invitation has ended", status_code=410)
    assert tables() == before


def test_two_who_press_it_at_once_the_second_does_nothing(manager):
    *_, code, _ = link_on(invite(manager)).split("/")
    assert invitations.accept(code, PASSWORD)
    assert not invitations.accept(code, "lichen on a north wall")
    assert User.objects.get(username="kim").check_password(PASSWORD)


@pytest.mark.parametrize(("days", "status"), [(6.9, 200), (7.1, 410)])
def test_it_is_good_for_seven_days(client, manager, days, status):
    link = link_on(invite(manager))
    until = Invitation.objects.get().until - timedelta(days=days)
    Invitation.objects.update(until=until)
    assert (until > timezone.now()) == (status == 200)
    assert client.get(link).status_code == status
    assert client.post(link, CHOSEN).status_code == status


def test_it_ends_with_the_account(client, manager):
    link = link_on(invite(manager))
    User.objects.filter(username="kim").update(is_active=False)
    assert client.post(link, CHOSEN).status_code == 410


def test_it_ends_when_somebody_sets_a_password(client, admin_client):
    link = link_on(invite(admin_client))
    kim = User.objects.get(username="kim")
    sent = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    admin_client.post(f"{USERS}{kim.pk}/password/", sent)
    assert client.get(link).status_code == 410


def test_another_link_ends_the_one_before(client, manager):
    first = link_on(invite(manager))
    page = act(manager, "invite_again", User.objects.get(username="kim"))
    second = link_on(page)
    assert client.get(first).status_code == 410
    assertContains(client.post(second, CHOSEN), "Your password is set")


def test_who_has_a_password_is_not_invited_again(manager):
    ada = make_staff("Author")
    for action in ("invite_again", "withdraw_invitation"):
        assertContains(act(manager, action, ada), "nothing was done")
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)
    assert not Invitation.objects.exists()


def test_it_can_be_withdrawn(client, manager):
    link = link_on(invite(manager))
    kim, ada = User.objects.get(username="kim"), make_staff("Author")
    assertContains(act(manager, "withdraw_invitation", kim, ada), "the account is deleted: kim.")
    assert client.post(link, CHOSEN).status_code == 410
    assert User.objects.filter(username="ada").exists()
    assert not User.objects.filter(username="kim").exists()
    assert ("invitation", "kim", "Withdrawn", "manager") in events()


def test_a_manager_gets_no_link_to_a_superuser(manager, admin_client):
    invite(admin_client, "root")
    root = User.objects.get(username="root")
    User.objects.filter(pk=root.pk).update(is_superuser=True)
    for action in ("invite_again", "withdraw_invitation"):
        page = act(manager, action, root)
        assert not LINK.search(page.text)
    assert User.objects.filter(pk=root.pk).exists()


def test_who_may_only_change_accounts_invites_nobody(manager):
    invite(manager)
    helper = make_staff(name="helper")
    rights = User.objects.get(username="manager").user_permissions
    helper.user_permissions.set(rights.exclude(codename="add_user"))
    client = sign_in(Client(), helper)
    assert invite(client, "bo").status_code == 403
    page = act(client, "invite_again", User.objects.get(username="kim"))
    assert not LINK.search(page.text)


@pytest.mark.parametrize("name", ["Ada", "ada", "a b", ""])
def test_a_name_that_is_taken_or_is_none_is_refused(manager, name):
    make_staff("Author")
    assert errors_of(invite(manager, name))
    assert User.objects.count() == 2


@pytest.mark.parametrize("password", ["short", "q1w2e3r4t5y6", "kimkimkimkim1"])
def test_a_weak_password_is_refused_and_the_link_stays(client, manager, password):
    link = link_on(invite(manager, "kimkimkimkim"))
    answer = client.post(link, {"new_password1": password, "new_password2": password})
    assert answer.context["form"].errors
    assertContains(client.post(link, CHOSEN), "Your password is set")


def test_an_invited_account_signs_in_with_nothing(client, manager):
    invite(manager)
    for password in ("", "!", PASSWORD):
        client.post("/admin/login/", {"username": "kim", "password": password})
        assert not is_signed_in(client)


def test_the_list_says_who_has_not_come_yet(manager):
    invite(manager)
    assertContains(manager.get(USERS), '<td class="field-invitation">until ')
    Invitation.objects.update(until=timezone.now())
    assertContains(manager.get(USERS), '<td class="field-invitation">has ended')


def test_a_network_that_guesses_waits(client):
    answers = [
        client.post(f"/admin/invitation/aaaa-{number}/", CHOSEN).status_code for number in range(12)
    ]
    assert answers == [410] * 10 + [429] * 2


def test_forms_without_the_token_of_their_page_are_refused(manager):
    link = link_on(invite(manager))
    assert Client(enforce_csrf_checks=True).post(link, CHOSEN).status_code == 403


INVITE = "/admin/auth/user/add/"


@pytest.mark.parametrize("query", ["invite", "invite a colleague", "Invitation", "new account"])
def test_the_way_to_it_is_on_the_first_page_and_in_the_search(manager, query):
    assertContains(manager.get("/admin/"), f'href="{INVITE}">Invite a colleague')
    assertContains(manager.get("/admin/find/", {"q": query}), f'href="{INVITE}">Invite a colleague')
    found = manager.get("/admin/find/", {"q": f"{query} xyz"})
    assertNotContains(found, "Invite a colleague")


def test_who_may_not_invite_is_shown_no_way(client):
    author = sign_in(client, make_staff("Author", name="bo"))
    for page in (author.get("/admin/"), author.get("/admin/find/", {"q": "invite"})):
        assertNotContains(page, "Invite a colleague")
