"""Staff are invited by a link that is good for seven days, once. They choose the password.

The link is mailed, or printed and handed over. A code in it names the account; the database keeps
only a keyed hash of the code.
"""

from __future__ import annotations

import re
import secrets
from base64 import b32encode
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from psychoplastogens.accounts.models import AccountEvent, Invitation
from psychoplastogens.accounts.passwords import set_own_password
from psychoplastogens.accounts.second_factor import normalize_code
from psychoplastogens.delivery.mail import mail_each

VALID_FOR = timedelta(days=7)
CODE_BYTES = 10  # 80 bits: nobody guesses one of a few in a week.
EVENT_KIND = AccountEvent.Kind.INVITATION


@transaction.atomic
def invite(user, *, by) -> str:
    """Give an account without a password a link, and return it. Its older links end."""
    letters = b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower()
    until = timezone.now() + VALID_FOR
    invited = {"digest": hash_code(letters), "until": until, "by": by.get_username()}
    Invitation.objects.update_or_create(user=user, defaults=invited)
    AccountEvent.objects.record(EVENT_KIND, user, "Invited", by=by)
    code = "-".join(re.findall(".{4}", letters))
    return settings.SITE_ORIGIN + reverse("accounts:invited", args=[code])


def mail_invitation(user, address: str, *, by) -> None:
    """Mail the link to the account, once it is committed."""
    context = {"user": user, "who": by, "address": address, "site_name": settings.SITE_NAME}
    text = render_to_string("admin/accounts/invitation_mail.txt", context)
    transaction.on_commit(lambda: mail_each(_("you are invited"), text, [user.email]))


@transaction.atomic
def withdraw(invitation: Invitation, *, by) -> None:
    """End the link and delete the account, which nobody has used."""
    AccountEvent.objects.record(EVENT_KIND, invitation.user, "Withdrawn", by=by)
    invitation.user.delete()


def find_invitation(code: str) -> Invitation | None:
    """None for a code that is too old, was used or withdrawn, or was never ours."""
    return Invitation.objects.open().filter(digest=hash_code(normalize_code(code))).first()


@transaction.atomic
def accept(code: str, password: str) -> bool:
    """Set the password, which ends the invitation. False where it was used meanwhile."""
    Invitation.objects.select_for_update().filter(digest=hash_code(normalize_code(code))).first()
    invitation = find_invitation(code)
    if invitation is None:
        return False
    set_own_password(invitation.user, password, "an invitation")
    return True


def hash_code(code: str) -> str:
    return salted_hmac("accounts.invitation", code, algorithm="sha256").hexdigest()
