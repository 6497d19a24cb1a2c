"""After five failures an account is shut for an hour, for the address that failed."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.asserts import assertContains, assertRedirects

from psychoplastogens.delivery import rate_limits
from tests.factories import make_faq, make_staff
from tests.login import (
    end_throttling,
    get_code,
    get_wrong_code,
    is_signed_in,
    make_authenticator,
    sign_in,
    submit_code,
    submit_password,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make_staff("Author")


def fail(client, user, times=5):
    for _ in range(times):
        answer = submit_password(client, user, password="a guess")
    return answer


def test_four_failures_are_forgiven(client, author):
    assertContains(fail(client, author, 4), "Please enter the correct")
    submit_password(client, author)
    assert is_signed_in(client)


def test_the_fifth_is_told_what_to_do(client, author):
    page = fail(client, author)
    assert page.status_code == 429
    assert page["Retry-After"] == "3600"
    for said in ("failed to sign in 5 times", "Wait 60 minutes", "End the lock-out"):
        assertContains(page, said, status_code=429)


def test_after_it_the_right_password_does_not_help(client, author):
    fail(client, author)
    assert submit_password(client, author).status_code == 429
    assert not is_signed_in(client)


def test_it_opens_by_itself_after_an_hour_and_trying_does_not_make_it_longer(client, author):
    fail(client, author)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=59))
    assert submit_password(client, author).status_code == 429
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=61))
    submit_password(client, author)
    assert is_signed_in(client)


def test_another_browser_at_that_address_is_locked_out_too(author):
    fail(Client(HTTP_USER_AGENT="one"), author)
    assert submit_password(Client(HTTP_USER_AGENT="two"), author).status_code == 429


def test_nobody_can_lock_out_another_from_elsewhere(client, author):
    fail(Client(REMOTE_ADDR="192.0.2.7"), author)
    submit_password(client, author)
    assert is_signed_in(client)


def test_other_accounts_at_that_address_are_not(client, author):
    fail(Client(), author)
    submit_password(client, make_staff("Author", name="bo"))
    assert is_signed_in(client)


def test_a_sign_in_forgets_the_failures_before_it(client, author):
    for _ in range(3):
        rate_limits.SIGN_IN.reset()
        fail(client, author, 4)
        submit_password(client, author)
        assert is_signed_in(client)
        client.logout()


def test_wrong_codes_count_as_wrong_passwords_do(client):
    publisher = make_staff("Publisher")
    app = make_authenticator(publisher)
    submit_password(client, publisher)
    for _ in range(5):
        page = submit_code(client, get_wrong_code(app))
        end_throttling(app)
    assertContains(page, "failed to sign in 5 times", status_code=429)
    assert submit_code(client, get_code(app)).status_code == 429
    assert not is_signed_in(client)


def test_giving_the_password_again_does_not_forget_wrong_codes(client):
    publisher = make_staff("Publisher")
    app = make_authenticator(publisher)
    for _ in range(5):
        submit_password(client, publisher)
        page = submit_code(client, get_wrong_code(app))
        end_throttling(app)
    assert page.status_code == 429


def test_wrong_codes_on_the_pages_for_who_is_in_count_too(client):
    publisher = make_staff("Publisher")
    app = make_authenticator(publisher)
    sign_in(client, publisher)
    for _ in range(5):
        page = client.post("/admin/second-factor/", {"code": get_wrong_code(app)})
        end_throttling(app)
    assert page.status_code == 429
    assert client.get("/admin/second-factor/set-up/").status_code == 429


def test_a_colleague_ends_it(client, author, admin_client):
    fail(client, author)
    sent = {"action": "end_lock_out", "_selected_action": [author.pk]}
    assertContains(admin_client.post("/admin/auth/user/", sent, follow=True), "can try to sign in")
    submit_password(client, author)
    assert is_signed_in(client)


def test_they_need_not_wait_for_wrong_codes_that_somebody_else_typed_either(client, admin_client):
    """Who has a password alone could make its owner wait for years, a second at first."""
    publisher = make_staff("Publisher")
    app = make_authenticator(publisher)
    TOTPDevice.objects.update(
        throttling_failure_timestamp=timezone.now(), throttling_failure_count=30
    )
    submit_password(client, publisher)
    assertContains(submit_code(client, get_code(app)), "After wrong codes we wait")
    sent = {"action": "end_lock_out", "_selected_action": [publisher.pk]}
    admin_client.post("/admin/auth/user/", sent)
    submit_code(client, get_code(app))
    assert is_signed_in(client)


def test_nothing_that_was_typed_is_kept_but_the_name_of_an_account(client, author):
    fail(client, author, 1)
    submit_password(client, author, username="my secret password")
    kept = [str(row) for kind in (AccessAttempt, AccessFailureLog) for row in kind.objects.values()]
    assert len(kept) == 4
    for row in kept:
        assert "guess" not in row
        assert "secret" not in row
        assert "csrf" not in row.replace("csrfmiddlewaretoken=****", "")


def test_codes_are_not_kept_either(client):
    publisher = make_staff("Publisher")
    code = get_wrong_code(make_authenticator(publisher))
    submit_password(client, publisher)
    submit_code(client, code)
    assert code not in str(AccessAttempt.objects.values())


def test_a_name_that_nobody_has_is_shut_after_as_many(client):
    """So that the lock tells nobody which names there are."""
    for _ in range(5):
        page = client.post("/admin/login/", {"username": "nobody", "password": "a guess"})
    assert page.status_code == 429
    other = client.post("/admin/login/", {"username": "no one", "password": "a guess"})
    assert other.status_code == 200


def test_a_forged_header_does_not_get_round_it(author, settings):
    settings.BEHIND_PROXY = True
    for number in range(5):
        forged = Client(HTTP_X_FORWARDED_FOR=f"198.51.100.{number}, 203.0.113.9")
        page = fail(forged, author, 1)
    assert page.status_code == 429


def test_readers_leave_nothing_behind(client, author):
    make_faq(slug="why")
    for address in ("/questions/why/", "/search/?q=why", "/no-such-page/"):
        client.get(address)
    assert not AccessAttempt.objects.exists()
    assert not AccessFailureLog.objects.exists()


def test_one_network_tries_ten_passwords_a_minute_whatever_names_it_types(
    client, author, monkeypatch
):
    monkeypatch.setattr(rate_limits.SIGN_IN, "clock", lambda: 0)
    rate_limits.SIGN_IN.reset()
    for number in range(10):
        tried = {"username": f"nobody {number}", "password": "a guess"}
        assert client.post("/admin/login/", tried).status_code == 200
    rows = AccessFailureLog.objects.count()
    page = client.post("/admin/login/?next=/admin/content/", {"username": "ada", "password": "no"})
    assertContains(page, "Wait 6 seconds", status_code=429)
    assertContains(page, 'value="ada"', status_code=429)
    assertContains(page, 'value="/admin/content/"', status_code=429)
    assert page["Retry-After"] == "6"
    assert AccessFailureLog.objects.count() == rows
    assert client.get("/admin/login/").status_code == 200
    other = Client(REMOTE_ADDR="203.0.113.9")
    submit_password(other, author)
    assert is_signed_in(other)


def test_the_way_back_from_it_is_open(client, author):
    fail(client, author)
    assert client.get("/admin/login/").status_code == 200
    assertRedirects(client.get("/admin/"), "/admin/login/?next=/admin/")
