"""Single sign-on of staff: whom an identity at the provider lets in.

It opens an account of staff that is there already: the first time the one with its mail address,
if the provider has verified that; from then on the one that it was linked to, whatever address
either has. No account is ever made. The protocol is in oidc_client.py.
"""

from __future__ import annotations

import logging
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from psychoplastogens.accounts import sessions
from psychoplastogens.accounts.models import AccountEvent, Invitation, LinkedIdentity

# Names in the session.
REFUSED, SECOND_FACTOR_SHOWN = "sign_on_refused", "second_factor_at_provider"
EVENT_KIND = AccountEvent.Kind.SIGN_ON

log = logging.getLogger(__name__)


class Identity(NamedTuple):
    """Whom the provider names. `email` is '' unless it has verified that the address is theirs."""

    issuer: str
    subject: str
    email: str


class Refusal(models.TextChoices):
    """Why nobody was let in; the label is a sentence for who tried."""

    AWAY = "away", _("%(name)s does not answer. Try again later, or log in with your password.")
    STALE = (
        "stale",
        _("This way in was used already, or begun elsewhere. Begin again with the button."),
    )
    DENIED = "denied", _("%(name)s did not let you in.")
    UNSOUND = (
        "unsound",
        _("What %(name)s answered is not valid, so nobody was let in. Tell who runs this site."),
    )
    UNVERIFIED = (
        "unverified",
        _("%(name)s does not say that your mail address is yours, so no account can be found."),
    )
    UNKNOWN = "unknown", _("No account here has your mail address. Ask who manages accounts.")
    SEVERAL = (
        "several",
        _("Several accounts here have your mail address. Ask who manages accounts."),
    )
    TAKEN = (
        "taken",
        _("Another sign-in opens the account with your mail address. Ask who manages accounts."),
    )
    CLOSED = "closed", _("Your account here is closed. Ask who manages accounts.")


class SignOnRefused(Exception):
    """Nobody is let in; `reason` is a Refusal."""

    def __init__(self, reason: Refusal):
        super().__init__(reason)
        self.reason = reason


def is_set_up() -> bool:
    return all((settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET))


def find_account(identity: Identity):
    """The active account of staff that this identity opens. Raises SignOnRefused."""
    if linked := LinkedIdentity.objects.get_or_none(identity.issuer, identity.subject):
        if linked.user.is_active and linked.user.is_staff:
            return linked.user
        raise SignOnRefused(Refusal.CLOSED)
    if not identity.email:
        raise SignOnRefused(Refusal.UNVERIFIED)
    found = find_accounts_with_email(identity.email)
    if len(found) != 1:
        raise SignOnRefused(Refusal.SEVERAL if found else Refusal.UNKNOWN)
    if hasattr(found[0], "linked_identity"):
        raise SignOnRefused(Refusal.TAKEN)
    return found[0]


def find_accounts_with_email(email: str) -> list:
    """Active accounts of staff. Databases hold more letters for alike than mail servers do."""
    accounts = get_user_model().objects.filter(is_active=True, is_staff=True, email__iexact=email)
    return [user for user in accounts if user.email.lower() == email.lower()]


@transaction.atomic
def record_sign_on(user, identity: Identity) -> None:
    """Link the identity the first time, and record who signed in how.

    Raises SignOnRefused where another identity was linked meanwhile.
    """
    if not link(user, identity, by=user):
        raise SignOnRefused(Refusal.TAKEN)
    AccountEvent.objects.record(EVENT_KIND, user, f"Signed in with {settings.OIDC_NAME}", by=user)


@transaction.atomic
def link(user, identity: Identity, *, by) -> bool:
    """Let the identity open the account from now on; `by` is None for a command.

    An invitation of the account has found its owner, and ends. False where the identity opens
    another account, or another one opens this.
    """
    linked = LinkedIdentity.objects.get_or_none(identity.issuer, identity.subject)
    if linked:
        return linked.user_id == user.pk
    if not LinkedIdentity.objects.link(user, identity.issuer, identity.subject):
        return False
    Invitation.objects.filter(user=user).delete()
    AccountEvent.objects.record(EVENT_KIND, user, f"Linked to {settings.OIDC_NAME}", by=by)
    return True


@transaction.atomic
def unlink(user, *, by) -> None:
    """Let another identity be linked to the account, and end its sessions."""
    if LinkedIdentity.objects.filter(user=user).delete()[0]:
        sessions.end_all_sessions(user)
        AccountEvent.objects.record(EVENT_KIND, user, "Unlinked", by=by)


def refuse(request, reason: Refusal, address: str | None) -> str:
    """The URL of the sign-in on the way to `address`. Its page says once why nobody was let in."""
    log.warning("A single sign-on was refused: %s", reason.value)
    request.session[REFUSED] = reason.value
    onward = f"?{urlencode({'next': address})}" if address else ""
    return reverse("accounts:sign_in") + onward


def pop_refusal(session) -> str:
    """A sentence on why the last single sign-on was refused, returned once; '' if it was not."""
    reason = session.pop(REFUSED, "")
    return str(Refusal(reason).label) % {"name": settings.OIDC_NAME} if reason else ""


def has_second_factor(session) -> bool:
    """Whether this session began at a provider that, by the settings, asks for a second factor."""
    return settings.OIDC_SECOND_FACTOR and bool(session.get(SECOND_FACTOR_SHOWN))


def is_only_way_in(user) -> bool:
    """Whether the account opens at a provider alone, which asks for a second factor."""
    has_password = user.has_usable_password()
    return settings.OIDC_SECOND_FACTOR and not has_password and hasattr(user, "linked_identity")
