"""Single sign-on: whom a provider lets in, and what it is refused."""

import logging

import pytest
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from psychoplastogens.accounts import second_factor
from psychoplastogens.accounts.deployment_checks import find_missing_second_factors
from psychoplastogens.accounts.models import (
    AccountEvent,
    FirstPassword,
    Invitation,
    LinkedIdentity,
)
from psychoplastogens.delivery import rate_limits
from tests.accounts import false_provider
from tests.accounts.false_provider import (
    BEGIN,
    CALLBACK,
    CLIENT_SECRET,
    EMAIL,
    LOGIN,
    begin,
    get_refusal,
    sign_on,
)
from tests.factories import make_manager, make_staff
from tests.login import (
    get_code,
    get_wrong_code,
    is_signed_in,
    make_authenticator,
    sign_in,
    submit_code,
    submit_password,
)
from tests.short_links.test_privacy import tables

pytestmark = pytest.mark.django_db
CODE = "/admin/second-factor/code/"


def list_events(user):
    return [*AccountEvent.objects.filter(account=user.username).values_list("what", flat=True)]


# Off, and on


def test_without_settings_there_is_no_button_and_no_way(client):
    assertNotContains(client.get(LOGIN), "single-sign-on")
    for address in (BEGIN, CALLBACK):
        assertRedirects(client.get(address, {"code": "a", "state": "b"}), LOGIN)
    assert not Session.objects.exists()


def test_the_page_has_one_button_with_the_name_of_the_provider(client, provider):
    page = client.get("/admin/content/faq/?q=sleep", follow=True)
    onward = "?next=%2Fadmin%2Fcontent%2Ffaq%2F%3Fq%3Dsleep"
    assertContains(page, f'<a class="button" href="/admin/single-sign-on/{onward}">', count=1)
    assertContains(page, "Log in with Clinic login", count=1)


def test_the_browser_is_sent_with_state_nonce_and_code_challenge_and_no_secret(client, provider):
    answer = client.get(BEGIN)
    provider.authorize(answer["Location"])
    sent = provider.authorization
    assert sent["response_type"] == "code"
    assert sent["scope"] == "openid email"
    assert sent["redirect_uri"] == "http://127.0.0.1:8000" + CALLBACK
    assert sent["code_challenge_method"] == "S256"
    assert min(len(sent[name]) for name in ("state", "nonce", "code_challenge")) >= 20
    assert CLIENT_SECRET not in answer["Location"]
    assert "no-store" in answer["Cache-Control"]
    cookie = answer.cookies["sessionid"]
    assert cookie["samesite"] == "Lax"


def test_an_author_signs_on_and_lands_where_they_wanted_to_go(client, provider, author):
    make_staff(name="eve", email="eve@example.org")
    answer = sign_on(client, provider, BEGIN + "?next=/admin/content/faq/%3Fq=sleep")
    assertRedirects(answer, "/admin/content/faq/?q=sleep", fetch_redirect_response=False)
    assert is_signed_in(client)
    linked = LinkedIdentity.objects.get()
    assert (linked.user, linked.issuer, linked.subject) == (author, provider.issuer, "4711")
    assert list_events(author) == ["Signed in with Clinic login", "Linked to Clinic login"]
    assert get_user_model().objects.count() == 2


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/"])
def test_it_never_leads_to_another_site(client, provider, author, elsewhere):
    assertRedirects(sign_on(client, provider, f"{BEGIN}?next={elsewhere}"), "/admin/")


def test_a_provider_without_basic_gets_the_secret_in_the_form(client, provider, author):
    provider.metadata["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    sign_on(client, provider)
    assert is_signed_in(client)


def test_a_mail_address_that_is_told_only_when_asked_for_counts_too(client, provider, author):
    provider.claims = {"email": None, "email_verified": None}
    provider.userinfo = {"sub": "4711", "email": EMAIL.upper(), "email_verified": True}
    sign_on(client, provider)
    assert is_signed_in(client)


# The account: once by mail address, then by subject


def test_from_then_on_the_subject_counts_and_no_mail_address(client, provider, author):
    sign_on(client, provider)
    client.logout()
    get_user_model().objects.update(email="new@example.org")
    make_staff(name="eve", email=EMAIL)
    sign_on(client, provider)
    assert client.session[SESSION_KEY] == str(author.pk)
    provider.claims = {"sub": "4712", "email": "new@example.org"}
    refused = Client()
    assertContains(get_refusal(refused, sign_on(refused, provider)), "Another sign-in opens")


@pytest.mark.parametrize("asked_by_provider", [True, False])
def test_a_superuser_is_not_reached_by_the_subject_of_somebody_else(
    client, provider, settings, asked_by_provider
):
    """Nor asked for the code, which anybody could then get wrong for them."""
    settings.OIDC_SECOND_FACTOR = asked_by_provider
    chief = make_staff(is_superuser=True, email=EMAIL)
    LinkedIdentity.objects.create(user=chief, issuer=provider.issuer, subject="1")
    assertContains(get_refusal(client, sign_on(client, provider)), "Another sign-in opens")
    assert LinkedIdentity.objects.get().subject == "1"


def test_the_same_subject_of_another_issuer_is_somebody_else(client, provider, author):
    LinkedIdentity.objects.create(
        user=make_staff(name="eve"), issuer="https://other.example", subject="4711"
    )
    sign_on(client, provider)
    assert client.session[SESSION_KEY] == str(author.pk)


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"email_verified": False}, "does not say that your mail address is yours"),
        ({"email_verified": "true"}, "does not say that your mail address is yours"),
        ({"email_verified": None}, "does not say that your mail address is yours"),
        ({"email": "nobody@example.org"}, "No account here has your mail address"),
        ({"email": ""}, "does not say that your mail address is yours"),
        ({"email": "\u0430da@example.org"}, "No account here has your mail address"),
    ],
)
def test_nobody_is_found_by_a_mail_address_that_is_not_theirs(
    client, provider, author, claims, said
):
    provider.claims = claims
    assertContains(get_refusal(client, sign_on(client, provider)), said)
    assert not LinkedIdentity.objects.exists()
    assert get_user_model().objects.count() == 1


@pytest.mark.parametrize("other", ["m\u0131ke@example.org", "mi\u212ae@example.org"])
def test_letters_that_a_database_holds_for_alike_find_nobody(client, provider, other):
    make_staff("Author", email="mike@example.org")
    provider.claims = {"email": other}
    assertContains(get_refusal(client, sign_on(client, provider)), "No account here")


@pytest.mark.parametrize("closed", [{"is_active": False}, {"is_staff": False}])
def test_a_closed_account_stays_closed(client, provider, author, closed):
    get_user_model().objects.update(**closed)
    assertContains(get_refusal(client, sign_on(client, provider)), "No account here")
    LinkedIdentity.objects.create(user=author, issuer=provider.issuer, subject="4711")
    assertContains(get_refusal(client, sign_on(client, provider)), "Your account here is closed")


def test_two_accounts_with_one_mail_address_are_for_a_person_to_sort_out(client, provider, author):
    make_staff("Publisher", name="ada2", email=EMAIL.title())
    assertContains(get_refusal(client, sign_on(client, provider)), "Several accounts")


def test_an_invitation_ends_when_its_owner_has_signed_on(client, provider, author):
    author.set_unusable_password()
    author.save()
    Invitation.objects.create(user=author, digest="a", until="2100-01-01T00:00Z", by="eve")
    sign_on(client, provider)
    assert is_signed_in(client)
    assert not Invitation.objects.exists()


def test_a_password_that_somebody_else_set_is_still_changed_first(client, provider, author):
    FirstPassword.objects.create(user=author)
    assertRedirects(sign_on(client, provider), "/admin/choose-password/")
    assert not is_signed_in(client)
    sent = {"new_password1": "a heron at the quiet pond"}
    client.post("/admin/choose-password/", sent | {"new_password2": sent["new_password1"]})
    assert is_signed_in(client)
    assert LinkedIdentity.objects.exists()


# The second factor


def test_the_code_of_ours_is_asked_for_where_nothing_else_is_set(client, provider, publisher):
    app = make_authenticator(publisher)
    assertRedirects(sign_on(client, provider), CODE)
    assert not is_signed_in(client)
    assert not LinkedIdentity.objects.exists()
    assertRedirects(submit_code(client, get_code(app)), "/admin/")
    assert is_signed_in(client)
    assert LinkedIdentity.objects.get().user == publisher
    assert "Signed in with Clinic login" in list_events(publisher)


def test_one_that_is_not_set_up_yet_is_set_up_first(client, provider, publisher):
    assertRedirects(sign_on(client, provider), "/admin/second-factor/set-up/")
    assert not is_signed_in(client)


def test_it_is_not_asked_for_where_the_provider_does(client, provider, publisher, settings):
    settings.OIDC_SECOND_FACTOR = True
    make_authenticator(publisher)
    assertRedirects(sign_on(client, provider), "/admin/")
    assert is_signed_in(client)
    settings.OIDC_SECOND_FACTOR = False
    assert not is_signed_in(client)


def test_it_is_still_asked_for_after_a_password(client, provider, publisher, settings):
    settings.OIDC_SECOND_FACTOR = True
    make_authenticator(publisher)
    assertRedirects(submit_password(client, publisher), CODE)
    assert not is_signed_in(client)


def test_a_session_from_before_the_setting_has_shown_none(client, provider, author, settings):
    sign_on(client, provider)
    settings.OIDC_SECOND_FACTOR = True
    author.is_superuser = True
    author.save()
    assert not is_signed_in(client)


def test_the_factor_of_the_provider_is_trusted(provider, author, settings, rf):
    settings.OIDC_SECOND_FACTOR = True
    author.has_factor_of_provider = True
    assert second_factor.is_trusted_for(author)


def test_an_account_without_a_password_needs_no_second_factor_of_ours(
    client, provider, publisher, settings
):
    settings.OIDC_SECOND_FACTOR = True
    sign_on(client, provider)
    assert [problem.id for problem in find_missing_second_factors()] == ["understory.E120"]
    publisher.set_unusable_password()
    publisher.save()
    assert not list(find_missing_second_factors())


# Lock-outs and limits


def test_who_is_locked_out_is_not_let_in_another_way(client, provider, author):
    for _attempt in range(5):
        submit_password(client, author, password="wrong")
    answer = sign_on(client, provider)
    assert answer.status_code == 429
    assert not is_signed_in(client)
    assert submit_password(client, author).status_code == 429


def test_wrong_codes_after_it_lock_out(client, provider, publisher):
    app = make_authenticator(publisher)
    sign_on(client, provider)
    for _attempt in range(5):
        app.refresh_from_db()
        app.throttle_reset()
        answer = submit_code(client, get_wrong_code(app))
    assert answer.status_code == 429
    assert sign_on(Client(), provider).status_code == 429


def test_it_can_be_begun_as_often_as_a_password_can_be_tried(client, provider):
    for _attempt in range(rate_limits.SIGN_IN.burst):
        assert client.get(BEGIN).status_code == 302
    assert client.get(BEGIN).status_code == 429
    assert Client().get(CALLBACK).status_code == 429


# What is kept and told


def test_nothing_of_the_secrets_is_kept_or_logged(client, provider, author, caplog):
    caplog.set_level(logging.INFO)
    back = begin(client, provider)
    client.get(CALLBACK, back)
    provider.claims = {"nonce": "another"}
    sign_on(Client(), provider)
    kept = str(tables()) + str([one.get_decoded() for one in Session.objects.all()])
    secrets = (*back.values(), false_provider.ACCESS_TOKEN, CLIENT_SECRET, provider.sign())
    for secret in secrets:
        assert secret not in caplog.text
        assert secret not in kept
    assert "refused: unsound" in caplog.text
    assert EMAIL not in caplog.text


def test_the_audit_list_says_who_signed_in_how(client, provider, author, admin_client):
    sign_on(client, provider)
    page = admin_client.get("/admin/accounts/accountevent/?name=ada")
    assertContains(page, "Single sign-on: Signed in with Clinic login")
    assertContains(page, "127.0.0.1")


def test_a_superuser_unlinks_an_account_which_ends_its_sessions(client, provider, author):
    sign_on(client, provider)
    sent = {"action": "unlink_single_sign_on", "_selected_action": author.pk}
    manager = sign_in(Client(), make_manager())
    manager.post("/admin/auth/user/", sent)
    assert is_signed_in(client)
    chief = sign_in(Client(), make_staff(name="chief", is_superuser=True))
    chief.post("/admin/auth/user/", sent)
    assert not is_signed_in(client)
    assert not LinkedIdentity.objects.exists()
    assert "Unlinked" in list_events(author)


def test_an_identity_that_was_linked_meanwhile_lets_nobody_else_in(client, provider, publisher):
    app = make_authenticator(publisher)
    sign_on(client, provider)
    LinkedIdentity.objects.create(user=publisher, issuer=provider.issuer, subject="1")
    assertContains(get_refusal(client, submit_code(client, get_code(app))), "Another sign-in opens")
