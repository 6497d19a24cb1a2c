"""`manage.py make_accounts` and `manage.py reset_second_factor`."""

import re
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from psychoplastogens.accounts import login, roles, second_factor
from psychoplastogens.accounts.models import AccountEvent
from tests.factories import make_staff
from tests.login import make_authenticator

pytestmark = pytest.mark.django_db


def said(*command):
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_a_superuser_and_one_account_for_each_role_are_made():
    printed = re.findall(r"name (\S+), password (\S+) \((.+)\)", said("make_accounts"))
    assert [name for name, _, _ in printed] == [
        "admin",
        "author",
        "reviewer",
        "publisher",
        "clinic-editor",
        "account-manager",
    ]
    for name, password, role in printed:
        user = User.objects.get(username=name)
        assert user.check_password(password)
        assert roles.get_role_names(user) == role
        assert user.is_staff
        assert login.has_first_password(user)
    assert len({password for _, password, _ in printed}) == 6


def test_where_there_is_a_superuser_nothing_is_made_and_nothing_said():
    said("make_accounts")
    assert said("make_accounts") == ""
    assert User.objects.count() == 6


def test_an_account_whose_name_is_taken_keeps_its_password():
    user = make_staff(name="author")
    assert "name author" not in said("make_accounts")
    user.refresh_from_db()
    assert roles.get_role_names(user) == ""


def test_a_reset_takes_app_and_codes_and_is_recorded():
    user = make_staff("Publisher")
    make_authenticator(user)
    assert "sets up a new second factor" in said("reset_second_factor", "ada")
    assert not second_factor.get_authenticator(user)
    event = AccountEvent.objects.filter(kind="second_factor").get()
    assert (event.account, event.what, event.by) == ("ada", "Reset", "")


def test_a_name_that_nobody_has_is_said():
    with pytest.raises(CommandError, match="There is no account named nobody"):
        call_command("reset_second_factor", "nobody")
