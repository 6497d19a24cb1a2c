"""Sessions of staff: how long they last, and how they end."""

from __future__ import annotations

import time

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext_lazy

MINUTE, HOUR = 60, 3600
LONGEST = 8 * HOUR
LONGEST_IDLE = 60 * MINUTE
# Names in the session.
HALF_WAY = "half_way"  # The password was right; see signing_in.py.
SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
ENDED = "ended"
WHY_ENDED = {
    "idle": gettext_lazy("You were signed out after an hour without use. Sign in to go on."),
    "long": gettext_lazy("You were signed out after eight hours. Sign in to go on."),
}


def begin(sender, request, user, **kwargs) -> None:
    """Receives Django's signal that somebody has signed in."""
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = time.time()


def ends_now(session, *, is_used: bool = True) -> bool:
    """End the session where it has lasted long enough; else remember that it is in use.

    Not `is_used` by what an open page asks for by itself, with nobody in front of it.
    """
    now = time.time()
    long = now - session.get(SIGNED_IN_AT, 0) > LONGEST
    if long or now - session.get(SEEN_AT, 0) > LONGEST_IDLE:
        session.flush()
        session[ENDED] = "long" if long else "idle"
        return True
    if is_used and now - session[SEEN_AT] > MINUTE:  # Not written at every click.
        session[SEEN_AT] = now
    return False


def why_ended(session) -> str:
    """A sentence for who comes back after the end of their session; said once."""
    return WHY_ENDED.get(session.pop(ENDED, ""), "")


def clean_up(**kwargs) -> str:
    """Delete the rows of sessions that are over."""
    number, _ = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return f"sessions that are over: {number}"


def end_all(user, *, but: str | None = None) -> None:
    """End every session of the account, half-way ones too, except the one whose key is `but`."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()).exclude(session_key=but):
        held = session.get_decoded()
        if str(user.pk) in (held.get(SESSION_KEY), str(held.get(HALF_WAY, {}).get("user"))):
            session.delete()
