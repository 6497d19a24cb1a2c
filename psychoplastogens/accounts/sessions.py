"""Staff sessions: when they expire, and ending them."""

from __future__ import annotations

import time

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext_lazy

MINUTE, HOUR = 60, 3600
MAX_SESSION_SECONDS = 8 * HOUR
MAX_IDLE_SECONDS = 60 * MINUTE
# Names in the session.
PENDING_LOGIN = "half_way"  # The password was right, the login is not complete; see login.py.
SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
END_REASON = "ended"
END_MESSAGES = {
    "idle": gettext_lazy("You were signed out after an hour without use. Sign in to go on."),
    "long": gettext_lazy("You were signed out after eight hours. Sign in to go on."),
}


def start_session(sender, request, user, **kwargs) -> None:
    """Receiver of user_logged_in."""
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = time.time()


def end_if_expired(session, *, is_used: bool = True) -> bool:
    """End the session if it is too old or idle for too long, and return whether it ended.

    Requests that a page sends on its own are not `is_used`: they do not keep a session alive.
    """
    now = time.time()
    long = now - session.get(SIGNED_IN_AT, 0) > MAX_SESSION_SECONDS
    if long or now - session.get(SEEN_AT, 0) > MAX_IDLE_SECONDS:
        session.flush()
        session[END_REASON] = "long" if long else "idle"
        return True
    if is_used and now - session[SEEN_AT] > MINUTE:  # Not written at every click.
        session[SEEN_AT] = now
    return False


def pop_end_message(session) -> str:
    """A sentence on why the last session ended, returned once; '' if there is none."""
    return str(END_MESSAGES.get(session.pop(END_REASON, ""), ""))


def delete_expired_sessions(**kwargs) -> str:
    """Delete expired sessions from the database."""
    number, _ = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return f"sessions that are over: {number}"


def end_all_sessions(user, *, but: str | None = None) -> None:
    """End every session of the account, pending logins too, except the one with the key `but`."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()).exclude(session_key=but):
        held = session.get_decoded()
        if str(user.pk) in (held.get(SESSION_KEY), str(held.get(PENDING_LOGIN, {}).get("user"))):
            session.delete()
