"""The second factor: an authenticator app (TOTP, RFC 6238) and ten recovery codes for a lost phone.

Each code works once.
"""

from __future__ import annotations

import math
import re
import secrets
from base64 import b32encode
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp import verify_token
from django_otp.models import Device
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from psychoplastogens.accounts import roles, sessions
from psychoplastogens.accounts.models import AccountEvent, RecoveryCode, RecoveryDevice

RECOVERY_CODE_COUNT = 10
TRUSTED_AFTER = timedelta(days=3)
EVENT_KIND = AccountEvent.Kind.SECOND_FACTOR

generate_key = default_key


def get_authenticator(user) -> TOTPDevice | None:
    """The authenticator app that the user has set up, or None."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def get_recovery_device(user) -> RecoveryDevice | None:
    return RecoveryDevice.objects.filter(user=user, confirmed=True).first()


def is_required_for(user) -> bool:
    """Whether this account needs a second factor to sign in."""
    return roles.needs_second_factor(user) or get_authenticator(user) is not None


def is_trusted_for(user) -> bool:
    """Whether `user`, as signed in now, has proved more than a password, which may be stolen.

    A thief with the password of an account without a second factor can set one up. So it counts
    after TRUSTED_AFTER, when the owner has noticed; at once only for who decides for others, and
    where a provider of single sign-on asked for it.
    """
    if getattr(user, "has_factor_of_provider", False):
        return True
    app = get_authenticator(user)
    if getattr(user, "otp_device", None) is None or app is None:
        return False
    since = app.created_at  # None: set up before that was kept.
    has_settled = since is None or since <= timezone.now() - TRUSTED_AFTER
    return has_settled or roles.decides_for_others(user)


def normalize_code(typed: str) -> str:
    """A typed code without spaces and hyphens, in lower case."""
    return re.sub(r"[\s-]", "", typed).lower()


def get_device_for_code(user, code: str) -> Device | None:
    """The app for six digits, else the recovery codes; None if the user has none."""
    return get_authenticator(user) if re.fullmatch("[0-9]{6}", code) else get_recovery_device(user)


def get_seconds_to_wait(user, code: str) -> int:
    """Seconds until the next code is accepted; they double with each wrong code (1, 2, 4 ...)."""
    device = get_device_for_code(user, code)
    is_allowed, why_not = device.verify_is_allowed() if device else (True, {})
    if is_allowed:
        return 0
    return math.ceil((why_not["locked_until"] - timezone.now()).total_seconds())


def reset_throttling(user) -> None:
    """Accept the next code at once, however many wrong ones were entered."""
    for device in filter(None, (get_authenticator(user), get_recovery_device(user))):
        device.throttle_reset()


def verify_code(user, code: str) -> Device | None:
    """The device of the user that accepts the code, which is used up; None for a wrong code."""
    device = get_device_for_code(user, code)
    return verify_token(user, device.persistent_id, code) if device else None


def is_current_code(key: str, code: str) -> bool:
    """Whether an app with this key (hexadecimal) shows the code now or showed it 30 seconds ago."""
    digits = re.fullmatch("[0-9]{6}", code)
    return bool(digits) and TOTP(bytes.fromhex(key)).verify(int(code), tolerance=1)


@transaction.atomic
def set_up_authenticator(
    user, key: str, code: str, seed: str, *, instead_of: TOTPDevice | None
) -> TOTPDevice | None:
    """Give the user an app with `key`, and the recovery codes of `seed`. `code` is used up.

    Returns None and changes nothing if the present app is not `instead_of`: a concurrent request
    has set up another.
    """
    get_user_model().objects.select_for_update().get(pk=user.pk)  # One at a time.
    if get_authenticator(user) != instead_of:
        return None
    delete_devices(user)
    app = TOTPDevice.objects.create(user=user, name="App", key=key)
    if instead_of:  # The user proved to have the old app, so the new one keeps its age.
        app.created_at = instead_of.created_at
        app.save(update_fields=["created_at"])
    app.verify_token(code)
    replace_recovery_codes(user, seed)
    what = "Moved to another app" if instead_of else "Set up"
    AccountEvent.objects.record(EVENT_KIND, user, what, by=user)
    return app


def generate_recovery_seed() -> str:
    """A random seed for recovery codes, stored in the session while they are shown."""
    return secrets.token_hex(16)


def derive_recovery_codes(seed: str) -> list[str]:
    """The recovery codes of a seed, each in two groups of four letters and digits.

    They also depend on SECRET_KEY, so a copy of the database does not reveal them.
    """
    made = [salted_hmac("recovery codes", f"{seed} {n}", algorithm="sha256").digest()
            for n in range(RECOVERY_CODE_COUNT)]  # fmt: skip
    letters = [b32encode(digest[:5]).decode().lower() for digest in made]
    return [f"{code[:4]}-{code[4:]}" for code in letters]


def replace_recovery_codes(user, seed: str) -> None:
    """Store the codes of `seed`; older codes stop working."""
    RecoveryDevice.objects.filter(user=user).delete()
    device = RecoveryDevice.objects.create(user=user, name="Recovery codes")
    codes = map(normalize_code, derive_recovery_codes(seed))
    RecoveryCode.objects.bulk_create(
        RecoveryCode(device=device, digest=device.hash_code(code)) for code in codes
    )


@transaction.atomic
def renew_recovery_codes(user, seed: str) -> None:
    replace_recovery_codes(user, seed)
    AccountEvent.objects.record(EVENT_KIND, user, "New recovery codes", by=user)


def count_recovery_codes(user) -> int:
    """How many recovery codes are unused."""
    return RecoveryCode.objects.filter(device__user=user).count()


def delete_devices(user) -> None:
    """Delete the app and the recovery codes."""
    for kind in (TOTPDevice, RecoveryDevice):
        kind.objects.filter(user=user).delete()


@transaction.atomic
def reset_second_factor(user, *, by) -> None:
    """Delete the second factor and end all sessions. `by` is None for a command."""
    delete_devices(user)
    sessions.end_all_sessions(user)
    AccountEvent.objects.record(EVENT_KIND, user, "Reset", by=by)


def get_otpauth_url(user, key: str) -> str:
    """The otpauth: URL of the QR code, which authenticator apps understand."""
    return TOTPDevice(user=user, key=key).config_url


def format_key(key: str) -> str:
    """The key for typing it into an app: base 32 (RFC 4648), in groups of four."""
    letters = b32encode(bytes.fromhex(key)).decode()
    return " ".join(re.findall(".{4}", letters))
