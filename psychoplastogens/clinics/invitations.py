"""Editors of a clinic invite colleagues, by a link in a mail that is good for 48 hours, once.

Nothing is stored before the link is used. Whoever has only stolen a password invites nobody: as
for a change of how patients reach the clinic, it takes a second factor that has settled.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from psychoplastogens.accounts.clinic_accounts import create_clinic_editor, find_account
from psychoplastogens.clinics import sign_up
from psychoplastogens.clinics.models import Clinic
from psychoplastogens.delivery.rate_limits import SIGN_UP_MAILS

SALT = "clinics.invitation"


class Invitation(NamedTuple):
    """Who invites whom to edit which clinic. `account` is the one that the address has."""

    clinic: Clinic
    email: str
    by: Any
    account: Any


def mail_invitation(clinic: Clinic, email: str, *, by) -> None:
    """Mail the link. No more than a few mails a day go to one address, whoever asks for them."""
    if SIGN_UP_MAILS.seconds_to_wait(email):
        return
    held = {"clinic": str(clinic.pk), "email": email, "by": by.pk}
    token = signing.dumps(held, salt=SALT, compress=True)
    address = settings.SITE_ORIGIN + reverse("clinics:invited", args=[token])
    subject = _("a colleague invites you")
    sign_up.mail("invite", subject, [email], address=address, clinic=clinic, who=by)


def read_invitation(token: str) -> Invitation | None:
    """None for a link that is too old, was used, or whose sender edits the clinic no more."""
    try:
        held = signing.loads(token, salt=SALT, max_age=sign_up.MAX_TOKEN_AGE_SECONDS)
    except signing.BadSignature:
        return None
    by = get_user_model().objects.filter(pk=held["by"], is_active=True).first()
    clinic = by and Clinic.objects.editable_by(by).find(held["clinic"])
    if not clinic:
        return None
    account = find_account(held["email"])
    if account and (not account.is_active or clinic.editors.contains(account)):
        return None
    return Invitation(clinic, held["email"], by, account)


@transaction.atomic
def accept_invitation(invitation: Invitation, password: str = "") -> None:
    """Make the account, where there is none, an editor of the clinic; the others are told.

    `password` is a hash. Raises IntegrityError where the address got an account meanwhile.
    """
    clinic, email, by, account = invitation
    others = clinic.editors.filter(is_active=True).exclude(email="")
    addresses = list(others.values_list("email", flat=True))
    clinic.editors.add(account or create_clinic_editor(email, password, by=by))
    subject = _("somebody joined the editors of your clinic")
    told = {"clinic": clinic, "who": by, "email": email}
    transaction.on_commit(lambda: sign_up.mail("invited", subject, addresses, **told))
