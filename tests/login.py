"""Signing in where a test is about something else, and the codes of a second factor."""

import re
from base64 import b32decode
from datetime import timedelta

from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from psychoplastogens.accounts import second_factor

PASSWORD = "moss under tall trees"


def sign_in(client, user):
    """As after name, password and second factor. The account becomes one of staff."""
    user.is_staff = True
    user.save()
    app = second_factor.get_authenticator(user) or make_authenticator(user)
    client.force_login(user)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = app.persistent_id
    session.save()
    return client


def submit_password(client, user, **sent):
    """The first step, typed. The account was made by make_staff."""
    return client.post(
        "/admin/login/", {"username": user.get_username(), "password": PASSWORD} | sent
    )


def submit_code(client, code):
    return client.post("/admin/second-factor/code/", {"code": code})


def is_signed_in(client):
    return client.get("/admin/").status_code == 200


def make_authenticator(user, days_ago=0):
    """The app of somebody who set up the second factor then, with recovery codes."""
    app = TOTPDevice.objects.create(user=user, name="App")
    second_factor.replace_recovery_codes(user, get_recovery_seed(user))
    app.created_at -= timedelta(days=days_ago)
    app.save()
    return app


def get_recovery_seed(user):
    return f"seed of {user.pk}"


def get_recovery_codes(user):
    """Those that the app of make_app came with; some may be used up."""
    return second_factor.derive_recovery_codes(get_recovery_seed(user))


def get_code(app, ahead=0):
    """What an app shows now, or `ahead` codes later: a device, or the key as a page shows it."""
    key = app.bin_key if isinstance(app, TOTPDevice) else b32decode(re.sub(r"\s", "", app))
    return f"{TOTP(key, drift=ahead).token():06}"


def get_wrong_code(app):
    """Six digits that it shows neither now nor soon."""
    shown = {get_code(app, ahead) for ahead in range(-3, 4)}
    return next(code for code in ("111111", "222222", "333333") if code not in shown)


def get_shown_key(page):
    """The key that the page for setting up shows."""
    return re.search(r'class="key">([A-Z2-7 ]+)<', page.content.decode())[1]


def end_throttling(app):
    """As if the wait after a wrong code were over."""
    type(app).objects.filter(pk=app.pk).update(
        throttling_failure_timestamp=timezone.now() - timedelta(days=1)
    )
