"""A clinic makes itself: nothing is stored before its mail address is confirmed.

What it typed travels in the link of a mail, signed, for 48 hours. The link works once: it makes an
account for the address, and an address with an account gets no other.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from psychoplastogens.accounts.clinic_accounts import find_account
from psychoplastogens.clinics.models import ClinicRequest
from psychoplastogens.delivery.mail import is_mail_set_up, mail_each
from psychoplastogens.delivery.rate_limits import SIGN_UP_MAILS

OPEN, APPROVED, OFF = "open", "approve", "off"
"""What CLINIC_SIGN_UP may be: clinics join by themselves, when somebody accepts them, or never."""
SALT = "clinics.sign_up"
MAX_TOKEN_AGE_SECONDS = 48 * 3600


def is_sign_up_offered() -> bool:
    return settings.CLINIC_SIGN_UP != OFF and is_mail_set_up()


def make_token(details: dict[str, str]) -> str:
    """The name, phone and email of a clinic, signed."""
    return signing.dumps(details, salt=SALT, compress=True)


def read_token(token: str) -> dict[str, str] | None:
    """What a token holds; None for one that is too old or not ours."""
    try:
        return signing.loads(token, salt=SALT, max_age=MAX_TOKEN_AGE_SECONDS)
    except signing.BadSignature:
        return None


def has_joined(email: str) -> bool:
    """Whether a link to this address was used."""
    return find_account(email) is not None or ClinicRequest.objects.filter(email=email).exists()


def mail_link(details: dict[str, str]) -> None:
    """Mail the link to confirm; to an address that has joined, that it has.

    No more than a few mails a day go to one address, whoever asks for them.
    """
    email = details["email"]
    if SIGN_UP_MAILS.seconds_to_wait(email):
        return
    if has_joined(email):
        mail("joined", _("you have asked for an account already"), [email])
        return
    address = settings.SITE_ORIGIN + reverse("clinics:join_confirm", args=[make_token(details)])
    mail("confirm", _("confirm your mail address"), [email], address=address)


def join(request: ClinicRequest) -> bool:
    """Take in a confirmed request. Whether the clinic is there now, or waits for somebody.

    Raises ValidationError and IntegrityError as `ClinicRequest.accept`.
    """
    if settings.CLINIC_SIGN_UP == OPEN:
        request.accept()
        return True
    request.save(force_insert=True)
    owners = get_user_model().objects.filter(is_superuser=True, is_active=True).exclude(email="")
    address = settings.SITE_ORIGIN + reverse("admin:clinics_clinicrequest_changelist")
    addresses = owners.values_list("email", flat=True)
    mail("waiting", _("a clinic asks to join"), addresses, address=address)
    return False


def mail(kind: str, subject: str, addresses, **context: Any) -> None:
    """Mail the text of this kind. Only those of invitations name the clinic and its editor."""
    context |= {"kind": kind, "site_name": settings.SITE_NAME, "origin": settings.SITE_ORIGIN}
    text = render_to_string("clinics/sign_up_mail.txt", context)
    mail_each(subject, text, addresses)
