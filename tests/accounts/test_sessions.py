"""How a session of staff ends, by itself and from elsewhere."""

import os
import subprocess
import sys

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from psychoplastogens import settings as ours
from psychoplastogens.accounts import second_factor
from tests.factories import make_faq, make_staff
from tests.login import (
    PASSWORD,
    get_code,
    get_shown_key,
    is_signed_in,
    make_authenticator,
    sign_in,
    submit_password,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher():
    return make_staff("Publisher")


def age(client, **seconds):
    """As if this much more time had passed since these moments of the session."""
    session = client.session
    for name, passed in seconds.items():
        session[name] -= passed
    session.save()


@pytest.mark.parametrize(
    ("seconds", "lasts"),
    [
        ({"seen_at": 59 * 60}, True),
        ({"seen_at": 61 * 60}, False),
        ({"signed_in_at": 7.9 * 3600}, True),
        ({"signed_in_at": 8.1 * 3600}, False),
    ],
)
def test_it_ends_an_hour_after_the_last_page_and_eight_after_the_first(
    client, publisher, seconds, lasts
):
    sign_in(client, publisher)
    age(client, **seconds)
    assert is_signed_in(client) is lasts


def test_what_an_open_page_asks_by_itself_keeps_no_session_going(client, publisher):
    sign_in(client, publisher)
    address = f"/admin/content/faq/{make_faq().pk}/presence/"
    for age_in_minutes, answer in ((50, 200), (11, 302)):
        age(client, seen_at=age_in_minutes * 60)
        assert client.post(address, headers={"X-Unattended": "1"}).status_code == answer


def test_a_page_now_and_then_keeps_it_going_but_not_past_eight_hours(client, publisher):
    sign_in(client, publisher)
    for _ in range(9):
        assert is_signed_in(client)
        age(client, seen_at=50 * 60, signed_in_at=50 * 60)
    age(client, signed_in_at=40 * 60)
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("moment", "why"), [("seen_at", "an hour without use"), ("signed_in_at", "after eight hours")]
)
def test_who_comes_back_is_told_why_and_led_back(client, publisher, moment, why):
    sign_in(client, publisher)
    age(client, **{moment: 9 * 3600})
    page = client.get("/admin/content/faq/", follow=True)
    assertContains(page, why)
    assertContains(page, 'name="next" value="/admin/content/faq/"')
    assertNotContains(client.get("/admin/login/"), why)


def test_what_is_over_cannot_be_used_again(client, publisher):
    sign_in(client, publisher)
    key = client.session.session_key
    age(client, seen_at=2 * 3600)
    client.get("/admin/")
    assert not Session.objects.filter(session_key=key).exists()


def test_a_session_that_does_not_say_when_it_began_is_over(client, publisher):
    sign_in(client, publisher)
    session = client.session
    del session["signed_in_at"]
    session.save()
    assert not is_signed_in(client)


def test_signing_out_ends_it(client, publisher):
    sign_in(client, publisher)
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    client.post("/admin/logout/")
    assert not is_signed_in(client)
    assert not is_signed_in(thief)


def test_a_change_of_password_ends_the_others_and_not_this_one(publisher):
    here, elsewhere = sign_in(Client(), publisher), sign_in(Client(), publisher)
    new = "lichen on a north wall"
    typed = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assertRedirects(here.post("/admin/password_change/", typed), "/admin/password_change/done/")
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def test_moving_to_another_app_ends_the_others_and_not_this_one(publisher):
    app = make_authenticator(publisher)
    here, elsewhere, half_way = sign_in(Client(), publisher), sign_in(Client(), publisher), Client()
    submit_password(half_way, publisher)
    page = here.get("/admin/second-factor/set-up/")
    sent = {"new_code": get_code(get_shown_key(page)), "code": get_code(app)}
    here.post("/admin/second-factor/set-up/", sent)
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert not half_way.session.get("half_way")


def test_setting_up_what_one_need_not_ends_the_others_too():
    author = make_staff("Author")
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        submit_password(client, author)
    key = get_shown_key(here.get("/admin/second-factor/set-up/"))
    here.post("/admin/second-factor/set-up/", {"new_code": get_code(key)})
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def test_a_reset_ends_all_of_that_account_and_no_other(publisher):
    other = sign_in(Client(), make_staff("Author", name="bo"))
    here, half_way = sign_in(Client(), publisher), Client()
    submit_password(half_way, publisher)
    second_factor.reset_second_factor(publisher, by=None)
    assert not is_signed_in(here)
    assert not half_way.session.get("half_way")
    assert is_signed_in(other)


def test_an_account_that_is_ended_is_out_at_once(client, publisher):
    sign_in(client, publisher)
    publisher.is_active = False
    publisher.save()
    assert not is_signed_in(client)


def test_the_cookie_is_for_the_admin_alone(client):
    submit_password(client, make_staff("Author"))
    for name in ("sessionid", "csrftoken"):
        assert client.cookies[name]["path"] == "/admin/"
    assert client.cookies["sessionid"]["httponly"]


def test_over_https_browsers_refuse_cookies_that_were_set_without_it():
    script = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)"
    )
    names = [
        subprocess.run(
            [sys.executable, "-c", script],
            env=os.environ | {"HTTPS": on},
            cwd=ours.BASE_DIR,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for on in ("on", "off")
    ]
    assert names == [["__Secure-sessionid", "__Secure-csrftoken"], ["sessionid", "csrftoken"]]


def test_public_pages_set_none_even_for_who_sends_one(client, publisher):
    sign_in(client, publisher)
    make_faq(slug="why")
    age(client, seen_at=2 * 3600)
    page = client.get("/questions/why/")
    assert not page.cookies
    assert "Cookie" not in page["Vary"]
