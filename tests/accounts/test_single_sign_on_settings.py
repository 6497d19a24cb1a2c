"""What an operator sets for single sign-on, and the command that links an account by hand."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError, SystemCheckError

from psychoplastogens.accounts import single_sign_on, single_sign_on_checks
from psychoplastogens.accounts.models import AccountEvent, LinkedIdentity
from psychoplastogens.accounts.single_sign_on_checks import check_single_sign_on
from tests.accounts.false_provider import sign_on
from tests.factories import make_staff
from tests.login import is_signed_in

pytestmark = pytest.mark.django_db


def test_a_command_links_a_person_whose_address_the_provider_has_not_verified(
    client, provider, author
):
    provider.claims = {"email_verified": None}
    call_command("link_identity", "ada", "4711")
    sign_on(client, provider)
    assert is_signed_in(client)
    assert AccountEvent.objects.filter(what="Linked to Clinic login", by="").exists()


def test_the_command_takes_nothing_from_anybody(provider, author):
    make_staff(name="eve")
    call_command("link_identity", "ada", "4711")
    for name, subject in (("eve", "4711"), ("ada", "4712")):
        with pytest.raises(CommandError, match="is linked already"):
            call_command("link_identity", name, subject)
    with pytest.raises(CommandError, match="no account named nobody"):
        call_command("link_identity", "nobody", "1")
    assert LinkedIdentity.objects.get().user == author


def test_the_command_needs_a_provider(settings):
    with pytest.raises(CommandError, match="not set up"):
        call_command("link_identity", "ada", "4711")


# The settings


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"OIDC_CLIENT_SECRET": ""}, "E140.*OIDC_CLIENT_SECRET not set"),
        ({"OIDC_ISSUER": "", "OIDC_CLIENT_ID": ""}, "OIDC_ISSUER, OIDC_CLIENT_ID not set"),
        ({"OIDC_ISSUER": "http://login.example.org"}, "E141.*does not begin with https"),
    ],
)
def test_settings_that_are_half_made_are_named(provider, settings, changed, said):
    for name, value in changed.items():
        setattr(settings, name, value)
    with pytest.raises(SystemCheckError, match=said):
        call_command("check")


def test_the_second_factor_of_no_provider_is_named(settings):
    assert check_single_sign_on(None) == []
    settings.OIDC_SECOND_FACTOR = True
    with pytest.raises(SystemCheckError, match="OIDC_ISSUER"):
        call_command("check")


def test_missing_packages_are_named(provider, monkeypatch):
    assert check_single_sign_on(None) == []
    monkeypatch.setattr(single_sign_on_checks, "find_spec", lambda name: None)
    [problem] = check_single_sign_on(None)
    assert problem.id == "understory.E142"


def test_every_refusal_is_a_whole_sentence(settings):
    settings.OIDC_NAME = "Clinic login"
    for reason in single_sign_on.Refusal:
        said = single_sign_on.pop_refusal({single_sign_on.REFUSED: reason.value})
        assert "%" not in said
        assert said.endswith(".")
