"""Staff sessions: when they expire, listing and ending them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psychoplastogens.accounts.browsers import describe_browser

MINUTE, HOUR = 60, 3600
MAX_SESSION_SECONDS = 8 * HOUR
MAX_IDLE_SECONDS = 60 * MINUTE
# Names in the session.
PENDING_LOGIN = "half_way"  # The first step is done, the login is not complete; see login.py.
SIGNED_IN_AT, SEEN_AT, BROWSER = "signed_in_at", "seen_at", "browser"
END_REASON = "ended"
END_MESSAGES = {
    "idle": gettext_lazy("You were signed out after an hour without use. Sign in to go on."),
    "long": gettext_lazy("You were signed out after eight hours. Sign in to go on."),
}


def start_session(sender, request, user, **kwargs) -> None:
    """Receiver of user_logged_in."""
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = time.time()
    request.session[BROWSER] = describe_browser(request.headers.get("User-Agent", ""))


def end_if_expired(session, *, is_used: bool = True) -> bool:
    """End the session if it is too old or idle for too long, and return whether it ended.

    Requests that a page sends on its own are not `is_used`: they do not keep a session alive.
    """
    now = time.time()
    if reason := find_end_reason(session, now):
        session.flush()
        session[END_REASON] = reason
        return True
    if is_used and now - session[SEEN_AT] > MINUTE:  # Not written at every click.
        session[SEEN_AT] = now
    return False


def find_end_reason(held, now: float) -> str:
    """Why what a session holds is over: "long", "idle", or '' where it is not."""
    if now - held.get(SIGNED_IN_AT, 0) > MAX_SESSION_SECONDS:
        return "long"
    return "idle" if now - held.get(SEEN_AT, 0) > MAX_IDLE_SECONDS else ""


def pop_end_message(session) -> str:
    """A sentence on why the last session ended, returned once; '' if there is none."""
    return str(END_MESSAGES.get(session.pop(END_REASON, ""), ""))


def delete_expired_sessions(**kwargs) -> str:
    """Delete expired sessions from the database."""
    number, _deleted = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return f"sessions that are over: {number}"


def end_all_sessions(user, *, but: str | None = None) -> int:
    """End every session of the account, pending logins too, except the one with the key `but`.

    Returns how many there were.
    """
    ended = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).exclude(session_key=but):
        held = session.get_decoded()
        if str(user.pk) in (held.get(SESSION_KEY), str(held.get(PENDING_LOGIN, {}).get("user"))):
            ended += bool(session.delete()[0])
    return ended


def end_sessions_of_closed_account(sender, instance, **kwargs) -> None:
    """Receiver of post_save: opening the account again opens none of them again."""
    if not (instance.is_active and instance.is_staff):
        end_all_sessions(instance)


class OwnSession(NamedTuple):
    """A session as staff see it. `handle` names it, and opens nothing."""

    handle: str
    browser: str
    signed_in_at: datetime
    seen_at: datetime
    is_here: bool


def get_sessions(user, *, here: str) -> list[OwnSession]:
    """The sessions in which the account is signed in: `here` is the key of this one, the first."""
    found = [
        OwnSession(
            handle=make_handle(session),
            browser=held.get(BROWSER) or _("A browser"),
            signed_in_at=datetime.fromtimestamp(held[SIGNED_IN_AT], UTC),
            seen_at=datetime.fromtimestamp(held[SEEN_AT], UTC),
            is_here=session.session_key == here,
        )
        for session, held in find_sessions(user)
    ]
    return sorted(found, key=lambda session: (not session.is_here, -session.seen_at.timestamp()))


def end_session(user, handle: str, *, but: str | None) -> int:
    """End the session of the account with this handle, unless `but` is its key.

    Returns how many there were: 1 or 0.
    """
    others = [session for session, _held in find_sessions(user) if session.session_key != but]
    return sum(one.delete()[0] for one in others if make_handle(one) == handle)


def find_sessions(user) -> Iterator[tuple[Session, dict]]:
    """Each session in which the account is signed in now, and what it holds."""
    now = time.time()
    hashes = {user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()}
    for session in Session.objects.filter(expire_date__gt=timezone.now()):
        held = session.get_decoded()
        is_own = held.get(SESSION_KEY) == str(user.pk) and held.get(HASH_SESSION_KEY) in hashes
        if is_own and not find_end_reason(held, now):
            yield session, held


def make_handle(session: Session) -> str:
    """Names a session on a page: its key would open it."""
    return salted_hmac("accounts.session", session.session_key).hexdigest()[:16]
