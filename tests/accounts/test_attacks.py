"""Attempts to get in with the password alone, or with what was good once."""

import pytest
from django.contrib import admin
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.asserts import assertContains, assertRedirects

from psychoplastogens.accounts import second_factor
from psychoplastogens.content.models import Faq
from tests.factories import make_faq, make_staff
from tests.login import (
    end_throttling,
    get_code,
    get_recovery_codes,
    get_wrong_code,
    is_signed_in,
    make_authenticator,
    sign_in,
    submit_code,
    submit_password,
)

pytestmark = pytest.mark.django_db
LOGIN, CODE, SET_UP = "/admin/login/", "/admin/second-factor/code/", "/admin/second-factor/set-up/"
OPEN_TO_WHO_COMES_HALF_WAY = {
    "/admin/choose-password/",
    CODE,
    SET_UP,
    "/admin/second-factor/recovery-codes/",
    "/admin/second-factor/recovery-codes/file/",
}
OPEN_TO_ALL = {LOGIN, "/admin/forgot-password/"}


@pytest.fixture
def publisher():
    return make_staff("Publisher")


def addresses(patterns, before="/"):
    """Every address of the admin, with a made-up key where one belongs."""
    for pattern in patterns:
        own = str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, before + own)
        elif "(?P" not in own:
            yield before + "".join(part.partition(">")[2] or part for part in own.split("<"))


def list_admin_urls():
    kinds = get_resolver().url_patterns
    return sorted(
        {a for a in addresses(kinds) if a.startswith("/admin/")}
        - OPEN_TO_WHO_COMES_HALF_WAY
        - OPEN_TO_ALL
    )


def test_every_door_is_found():
    urls = list_admin_urls()
    assert len(urls) > 6 * len(admin.site._registry)
    assert {"/admin/", "/admin/password_change/", "/admin/autocomplete/"} < set(urls)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("has_app", [True, False])
def test_the_password_alone_opens_no_door_of_the_admin(client, publisher, has_app, method):
    if has_app:
        make_authenticator(publisher)
    submit_password(client, publisher)
    for url in list_admin_urls():
        answer = getattr(client, method)(url)
        assert answer.status_code == 302, url
        assert answer["Location"].partition("?")[0] in (LOGIN, "/admin/"), url
    assert SESSION_KEY not in client.session


def test_the_password_alone_changes_nothing(client, publisher):
    make_authenticator(publisher)
    faq = make_faq()
    submit_password(client, publisher)
    client.post(
        "/admin/content/faq/", {"action": "withdraw", "_selected_action": [faq.pk], "reason": "x"}
    )
    client.post(f"/admin/content/faq/{faq.pk}/change/", {"question": "Changed?"})
    assert Faq.objects.get().question == faq.question


def test_a_session_without_the_second_factor_is_nobody_s(client, publisher):
    """Wherever it came from: another part of the site, or the time before the role was given."""
    client.force_login(publisher)
    assertRedirects(client.get("/admin/"), "/admin/login/?next=/admin/")


def test_who_is_given_a_role_that_needs_it_is_out_until_it_is_set_up(client):
    user = make_staff("Author")
    submit_password(client, user)
    assert is_signed_in(client)
    user.groups.set(make_staff("Publisher", name="bo").groups.all())
    assert not is_signed_in(client)


def test_the_sign_in_of_django_that_asks_for_a_password_alone_is_out_of_reach(client, publisher):
    assert reverse("admin:login") == LOGIN
    submit_password(client, publisher)
    assert not client.session.get(SESSION_KEY)


def test_the_same_code_does_not_open_twice(client, publisher):
    code = get_code(make_authenticator(publisher))
    for _ in range(2):
        other = Client()
        submit_password(other, publisher)
        submit_code(other, code)
    assert not is_signed_in(other)


def test_a_code_from_before_the_last_one_does_not_open(client, publisher):
    app = make_authenticator(publisher)
    second_factor.verify_code(publisher, get_code(app))
    submit_password(client, publisher)
    submit_code(client, get_code(app, ahead=-1))
    assert not is_signed_in(client)


def test_the_code_that_set_up_the_app_does_not_open_again(client, publisher):
    key = second_factor.generate_key()
    code = get_code(TOTPDevice(key=key))
    second_factor.set_up_authenticator(publisher, key, code, "seed", instead_of=None)
    submit_password(client, publisher)
    submit_code(client, code)
    assert not is_signed_in(client)


def test_a_recovery_code_opens_once(publisher):
    make_authenticator(publisher)
    code = get_recovery_codes(publisher)[0]
    first, second = Client(), Client()
    for client in (first, second):
        submit_password(client, publisher)
        submit_code(client, code)
    assert is_signed_in(first)
    assert not is_signed_in(second)


@pytest.mark.parametrize("kind", ["app", "recovery code"])
def test_what_opens_another_account_does_not_open_this_one(client, publisher, kind):
    make_authenticator(publisher)
    other = make_staff("Publisher", name="bo")
    codes = {"app": get_code(make_authenticator(other))}
    codes["recovery code"] = get_recovery_codes(other)[0]
    submit_password(client, publisher)
    submit_code(client, codes[kind])
    assert not is_signed_in(client)


def test_the_app_of_another_account_in_the_session_counts_for_nothing(client, publisher):
    client.force_login(publisher)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = make_authenticator(make_staff(name="bo")).persistent_id
    session.save()
    assert not is_signed_in(client)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "0x1E24", "1e5", "-1", "x\x00y"])
def test_what_is_no_code_is_refused(client, publisher, code):
    make_authenticator(publisher)
    submit_password(client, publisher)
    assert submit_code(client, code).context["form"].errors
    assert not is_signed_in(client)


def test_the_right_code_in_digits_of_another_script_is_refused(client, publisher):
    """Python takes them for numbers; nobody's app shows them."""
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in get_code(make_authenticator(publisher)))
    submit_password(client, publisher)
    submit_code(client, wide)
    assert not is_signed_in(client)


def give_wrong_codes(client, app):
    """As many as make the next wait for minutes: no test is as slow as that."""
    TOTPDevice.objects.filter(pk=app.pk).update(throttling_failure_count=8)
    submit_code(client, get_wrong_code(app))


def test_after_wrong_codes_even_the_right_one_must_wait(client, publisher):
    app = make_authenticator(publisher)
    submit_password(client, publisher)
    give_wrong_codes(client, app)
    page = submit_code(client, get_code(app))
    assertContains(page, "After wrong codes we wait a little longer each time: 2")
    end_throttling(app)
    submit_code(client, get_code(app))
    assert is_signed_in(client)


def test_wrong_codes_make_everybody_wait_not_only_this_browser(publisher):
    app = make_authenticator(publisher)
    first, second = Client(), Client(REMOTE_ADDR="192.0.2.7")
    submit_password(first, publisher)
    give_wrong_codes(first, app)
    submit_password(second, publisher)
    submit_code(second, get_code(app))
    assert not is_signed_in(second)


def test_a_cookie_from_before_the_second_factor_is_worth_nothing_after(client, publisher):
    app = make_authenticator(publisher)
    submit_password(client, publisher)
    before = client.cookies["sessionid"].value
    submit_code(client, get_code(app))
    thief = Client()
    thief.cookies["sessionid"] = before
    assert client.cookies["sessionid"].value != before
    assert not is_signed_in(thief)


def test_half_way_ends_when_the_password_changes(client, publisher):
    app = make_authenticator(publisher)
    submit_password(client, publisher)
    publisher.set_password("another password than before")
    publisher.save()
    assertRedirects(submit_code(client, get_code(app)), LOGIN)
    assert not is_signed_in(client)


def test_half_way_ends_when_the_account_does(client, publisher):
    app = make_authenticator(publisher)
    submit_password(client, publisher)
    publisher.is_active = False
    publisher.save()
    assertRedirects(submit_code(client, get_code(app)), LOGIN)


def test_half_way_ends_after_half_an_hour(client, publisher):
    app = make_authenticator(publisher)
    submit_password(client, publisher)
    session = client.session
    session["half_way"] |= {"until": session["half_way"]["until"] - 1801}
    session.save()
    assertRedirects(submit_code(client, get_code(app)), LOGIN)
    assert not is_signed_in(client)


@pytest.mark.parametrize("address", sorted(OPEN_TO_WHO_COMES_HALF_WAY))
def test_without_a_password_there_is_no_second_step(client, address):
    assertRedirects(client.get(address), LOGIN)
    assertRedirects(client.post(address, {"code": "123456"}), LOGIN)


def test_who_has_an_app_cannot_set_up_another_with_the_password_alone(client, publisher):
    app = make_authenticator(publisher)
    submit_password(client, publisher)
    assertRedirects(client.get(SET_UP), CODE)
    session = client.session
    session["new_key"] = key = second_factor.generate_key()
    session.save()
    assertRedirects(client.post(SET_UP, {"new_code": get_code(TOTPDevice(key=key))}), CODE)
    assert second_factor.get_authenticator(publisher) == app


def test_a_borrowed_session_cannot_move_to_another_app_without_a_code(client, publisher):
    app = make_authenticator(publisher)
    sign_in(client, publisher)
    client.get(SET_UP)
    new = get_code(TOTPDevice(key=client.session["new_key"]))
    for code in ("", get_wrong_code(app)):
        assert client.post(SET_UP, {"new_code": new, "code": code}).context["form"].errors
    assert second_factor.get_authenticator(publisher) == app


def test_two_who_set_up_the_same_account_at_once_the_second_does_nothing(publisher):
    key = second_factor.generate_key()
    code = get_code(TOTPDevice(key=key))
    first = second_factor.set_up_authenticator(publisher, key, code, "seed", instead_of=None)
    assert (
        second_factor.set_up_authenticator(
            publisher, second_factor.generate_key(), code, "b", instead_of=None
        )
        is None
    )
    assert second_factor.get_authenticator(publisher) == first


def test_another_key_is_offered_to_each_who_comes_with_the_password(publisher):
    """Who has seen one does not know the one that is set up later."""
    keys = set()
    for _ in range(2):
        client = Client()
        submit_password(client, publisher)
        client.get(SET_UP)
        keys.add(client.session["new_key"])
    assert len(keys) == 2


@pytest.mark.parametrize(
    "address", ["/admin/password_reset/", "/password_reset/", "/accounts/login/"]
)
def test_django_s_own_ways_in_are_out_of_reach(client, address):
    assert client.get(address, follow=True).request["PATH_INFO"] in (LOGIN, address)
    assert client.get(address, follow=True).status_code in (200, 404)


def test_a_change_of_password_needs_the_second_factor(client, publisher):
    make_authenticator(publisher)
    submit_password(client, publisher)
    assertRedirects(
        client.get("/admin/password_change/"), "/admin/login/?next=/admin/password_change/"
    )


def test_forms_without_the_token_of_their_page_are_refused(publisher):
    strict = Client(enforce_csrf_checks=True)
    assert submit_password(strict, publisher).status_code == 403
    assert submit_code(strict, "123456").status_code == 403


def test_keys_and_recovery_codes_are_on_no_page_of_the_admin(admin_client):
    for address in ("otp_totp/totpdevice/", "accounts/recoverydevice/", "axes/accessattempt/"):
        assert admin_client.get(f"/admin/{address}").status_code == 404
