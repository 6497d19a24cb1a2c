"""Clinic editors change what readers see at once: after a week they need a second factor."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from psychoplastogens.accounts import second_factor
from psychoplastogens.accounts.deployment_checks import find_missing_second_factors
from tests.factories import make_staff
from tests.login import get_code, is_signed_in, make_authenticator, submit_code, submit_password

pytestmark = pytest.mark.django_db
SET_UP = "/admin/second-factor/set-up/"
NOTICE = "a code from your phone"


def joined(user, days_ago):
    user.date_joined = timezone.now() - timedelta(days=days_ago)
    user.save()
    return user


@pytest.fixture
def editor():
    return make_staff("Clinic editor")


def test_the_first_week_goes_with_a_password_and_says_what_comes(client, editor):
    joined(editor, 6.9)
    assertRedirects(submit_password(client, editor), "/admin/")
    page = client.get("/admin/")
    due = editor.date_joined + timedelta(days=7)
    assertContains(page, f"From {due:%-d %B} on: {NOTICE}")
    assertContains(page, f'href="{SET_UP}"')


def test_after_it_the_second_factor_is_set_up_first(client, editor):
    joined(editor, 7.1)
    assertRedirects(submit_password(client, editor), SET_UP)
    assert not is_signed_in(client)


def test_who_is_signed_in_when_the_week_ends_signs_in_again(client, editor):
    submit_password(client, editor)
    assert is_signed_in(client)
    joined(editor, 7.1)
    assert not is_signed_in(client)


def test_who_has_set_it_up_is_asked_for_a_code_and_told_nothing(client, editor):
    app = make_authenticator(editor)
    submit_password(client, editor)
    submit_code(client, get_code(app))
    assertNotContains(client.get("/admin/"), NOTICE)


def test_an_author_s_drafts_need_none(client):
    author = joined(make_staff("Author"), 400)
    assertRedirects(submit_password(client, author), "/admin/")
    assertNotContains(client.get("/admin/"), NOTICE)


@pytest.mark.parametrize("codename", ["add_pack", "change_pack", "change_clinic"])
def test_it_follows_the_permission_and_not_the_name_of_a_role(client, codename):
    user = joined(make_staff(), 8)
    user.user_permissions.add(Permission.objects.get(codename=codename))
    assertRedirects(submit_password(client, user), SET_UP)


@pytest.mark.parametrize(
    ("role", "app_days", "trusted"),
    [("Clinic editor", 0, False), ("Clinic editor", 4, True), ("Publisher", 0, True)],
)
def test_one_that_was_just_set_up_is_trusted_of_who_decides_alone(role, app_days, trusted):
    """A thief with the password sets one up too: the phone of a clinic waits until it has aged."""
    user = joined(make_staff(role), 30)
    user.otp_device = make_authenticator(user, days_ago=app_days)
    assert second_factor.is_trusted_for(user) is trusted


def test_the_check_of_a_deployment_names_who_decides_for_others(editor):
    joined(editor, 30)
    make_staff("Publisher", name="bo")
    (error,) = find_missing_second_factors()
    assert "bo" in error.msg
    assert "ada" not in error.msg
