"""A forgotten password is replaced through a mailed link, which works once and for an hour."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from psychoplastogens.accounts.passwords import set_own_password
from psychoplastogens.delivery.mail import mail_later
from psychoplastogens.delivery.rate_limits import PASSWORD_MAILS


def mail_reset_links(email: str, users: Iterable) -> None:
    """Mail each of the accounts with this address its link.

    No more than a few mails a day go to one address, whoever asks for them.
    """
    if PASSWORD_MAILS.seconds_to_wait(email.lower()):
        return
    for user in users:
        key = {"user_id": user.pk, "token": default_token_generator.make_token(user)}
        address = settings.SITE_ORIGIN + reverse("accounts:new_password", kwargs=key)
        _mail(user, _("choose a new password"), address=address)


def find_user(user_id: int, token: str):
    """The account of a link; None for a link that is too old, was used or is not ours.

    A link also ends with the next sign-in, and with a change of the password or the address.
    """
    staff = get_user_model().objects.filter(pk=user_id, is_active=True, is_staff=True)
    user = staff.first()
    return user if default_token_generator.check_token(user, token) else None


@transaction.atomic
def reset_password(user_id: int, token: str, password: str) -> bool:
    """Set the password and end all sessions. False where the link was used meanwhile."""
    get_user_model().objects.select_for_update().filter(pk=user_id).first()  # One at a time.
    user = find_user(user_id, token)
    if user is None:
        return False
    set_own_password(user, password, "a mailed link")
    transaction.on_commit(lambda: _mail(user, _("your password was changed")))
    return True


def _mail(user, subject: str, *, address: str = "") -> None:
    context = {"user": user, "address": address, "site_name": settings.SITE_NAME}
    text = render_to_string("admin/accounts/password_mail.txt", context)
    mail_later(subject, text, user.email)
