"""The second factor: an app that shows a new code every 30 seconds (TOTP, RFC 6238), and ten
recovery codes for the day on which the phone is gone. Each code opens the door once."""

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

RECOVERY_CODES = 10
SETTLES_AFTER = timedelta(days=3)
KIND = AccountEvent.Kind.SECOND_FACTOR

new_key = default_key


def app_of(user) -> TOTPDevice | None:
    """The app that the person has set up, if any."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def recovery_of(user) -> RecoveryDevice | None:
    return RecoveryDevice.objects.filter(user=user, confirmed=True).first()


def is_asked_of(user) -> bool:
    """Whether a password alone does not let this account in."""
    return roles.needs_second_factor(user) or app_of(user) is not None


def is_proof_of(user) -> bool:
    """Whether `user`, as signed in now, has shown more than a password that may be stolen.

    Whoever has the password of an account without a second factor can set one up. So for an
    account that need not have one, it counts from the third day: its person has noticed by then.
    """
    app = app_of(user)
    if getattr(user, "otp_device", None) is None or app is None:
        return False
    since = app.created_at  # None: set up before that was kept.
    has_settled = since is None or since <= timezone.now() - SETTLES_AFTER
    return has_settled or roles.needs_second_factor(user)


def tidy(typed: str) -> str:
    """A code as it is kept: people type spaces and hyphens where they see them."""
    return re.sub(r"[\s-]", "", typed).lower()


def device_for(user, code: str) -> Device | None:
    """Six digits are from the app; anything else can only be a recovery code."""
    return app_of(user) if re.fullmatch("[0-9]{6}", code) else recovery_of(user)


def seconds_to_wait(user, code: str) -> int:
    """After wrong codes the next is looked at only later: 1, 2, 4, 8 ... seconds."""
    device = device_for(user, code)
    is_allowed, why_not = device.verify_is_allowed() if device else (True, None)
    if is_allowed:
        return 0
    return math.ceil((why_not["locked_until"] - timezone.now()).total_seconds())


def end_waiting(user) -> None:
    """The next code is looked at without waiting, however many wrong ones were before it."""
    for device in filter(None, (app_of(user), recovery_of(user))):
        device.throttle_reset()


def verify(user, code: str) -> Device | None:
    """The device of this person that accepts the code, which is used up; None for a wrong one."""
    device = device_for(user, code)
    return verify_token(user, device.persistent_id, code) if device else None


def is_shown_by(key: str, code: str) -> bool:
    """Whether an app with this key (hexadecimal) shows the code now, or half a minute ago."""
    digits = re.fullmatch("[0-9]{6}", code)
    return bool(digits) and TOTP(bytes.fromhex(key)).verify(int(code), tolerance=1)


@transaction.atomic
def set_up(
    user, key: str, code: str, seed: str, *, instead_of: TOTPDevice | None
) -> TOTPDevice | None:
    """Make an app with `key` the person's own, with the recovery codes of `seed`.

    `code` is used up.

    None, and nothing done, where the app from before is not `instead_of`: somebody was faster.
    """
    get_user_model().objects.select_for_update().get(pk=user.pk)  # One at a time.
    if app_of(user) != instead_of:
        return None
    forget(user)
    app = TOTPDevice.objects.create(user=user, name="App", key=key)
    if instead_of:  # Moved by who showed a code of it: known for as long as that one.
        app.created_at = instead_of.created_at
        app.save(update_fields=["created_at"])
    app.verify_token(code)
    make_recovery_codes(user, seed)
    what = "Moved to another app" if instead_of else "Set up"
    AccountEvent.objects.record(KIND, user, what, by=user)
    return app


def new_seed() -> str:
    """What recovery codes are made of, kept in the session for as long as they are shown."""
    return secrets.token_hex(16)


def codes_from(seed: str) -> list[str]:
    """Ten codes, in two groups of four letters and digits.

    Only with the secret key does a seed give them: a copy of the database does not show them.
    """
    made = [salted_hmac("recovery codes", f"{seed} {n}", algorithm="sha256").digest()
            for n in range(RECOVERY_CODES)]  # fmt: skip
    letters = [b32encode(digest[:5]).decode().lower() for digest in made]
    return [f"{code[:4]}-{code[4:]}" for code in letters]


def make_recovery_codes(user, seed: str) -> None:
    """Those of `seed`; those from before no longer open anything."""
    RecoveryDevice.objects.filter(user=user).delete()
    device = RecoveryDevice.objects.create(user=user, name="Recovery codes")
    codes = map(tidy, codes_from(seed))
    RecoveryCode.objects.bulk_create(
        RecoveryCode(device=device, digest=device.digest_of(code)) for code in codes
    )


@transaction.atomic
def renew_recovery_codes(user, seed: str) -> None:
    make_recovery_codes(user, seed)
    AccountEvent.objects.record(KIND, user, "New recovery codes", by=user)


def recovery_codes_left(user) -> int:
    """How many of them were not used yet."""
    return RecoveryCode.objects.filter(device__user=user).count()


def forget(user) -> None:
    """Take away app and recovery codes."""
    for kind in (TOTPDevice, RecoveryDevice):
        kind.objects.filter(user=user).delete()


@transaction.atomic
def reset(user, *, by) -> None:
    """Take the second factor away and end all sessions. `by` is a superuser; None: a command."""
    forget(user)
    sessions.end_all(user)
    AccountEvent.objects.record(KIND, user, "Reset", by=by)


def address_for_apps(user, key: str) -> str:
    """What the picture holds: the otpauth: address that authenticator apps understand."""
    return TOTPDevice(user=user, key=key).config_url


def key_in_words(key: str) -> str:
    """The key as people type it into an app: base 32 (RFC 4648), in groups of four."""
    letters = b32encode(bytes.fromhex(key)).decode()
    return " ".join(re.findall(".{4}", letters))
