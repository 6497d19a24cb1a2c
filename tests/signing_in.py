"""Signing in where a test is about something else, and the codes of a second factor."""

import re
from base64 import b16encode, b32decode

from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

STEP = 30  # seconds that a code lasts


def sign_in(client, user):
    """As after name, password and second factor. The account becomes one of staff."""
    user.is_staff = True
    user.save()
    app, _ = TOTPDevice.objects.get_or_create(user=user, defaults={"name": "App"})
    client.force_login(user)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = app.persistent_id
    session.save()
    return client


def code_of(app, ahead=0):
    """What an app shows now, or `ahead` codes later: a device, or the key as a page shows it."""
    key = app.bin_key if isinstance(app, TOTPDevice) else b32decode(re.sub(r"\s", "", app))
    clock = TOTP(key, drift=ahead)
    return f"{clock.token():06}"


def key_on(page):
    """The key that the page for setting up shows, as the database keeps it."""
    shown = re.search(r'class="key">([A-Z2-7 ]+)<', page.content.decode())[1]
    return b16encode(b32decode(shown.replace(" ", ""))).decode().lower()
