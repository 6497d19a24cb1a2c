"""Signing in: the password, then the second factor where one is asked for.

The right password alone only puts a note into the session: half way. Nobody is signed in before
the second factor is through.
"""

from __future__ import annotations

import time

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth import get_user_model, login
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_login_failed
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme

from psychoplastogens.accounts import second_factor, sessions
from psychoplastogens.accounts.lock_out import UNKNOWN
from psychoplastogens.accounts.models import AccountEvent, FirstPassword
from psychoplastogens.accounts.sessions import HALF_WAY

BACKEND = "django.contrib.auth.backends.ModelBackend"
LONGEST_HALF_WAY = 30 * sessions.MINUTE  # Time to find and install an app.
# The header of what a page asks for by itself: it makes no session last.
UNATTENDED = "X-Unattended"


def go_on(request, user) -> str:
    """The password was right: where to go now. Only who needs nothing more is signed in by it."""
    address = wanted_address(request)
    if not second_factor.is_asked_of(user) and not has_first_password(user):
        login(request, user, backend=BACKEND)
        return address
    request.session.flush()
    request.session[HALF_WAY] = {
        "user": user.pk,
        "password": user.get_session_auth_hash(),
        "until": time.time() + LONGEST_HALF_WAY,
        "next": address,
    }
    return next_step(request, user)


def has_first_password(user) -> bool:
    """Whether somebody else made this password, so that its owner has to choose another."""
    return FirstPassword.objects.filter(user=user).exists()


def has_to_choose_password(request, user) -> bool:
    return who_is_half_way(request) is not None and has_first_password(user)


def next_step(request, user) -> str:
    """What who came half way has to do next. Who needs nothing more is signed in."""
    if has_first_password(user):
        return reverse("accounts:choose_password")
    if second_factor.app_of(user):
        return reverse("accounts:enter_code")
    if second_factor.is_asked_of(user):
        return reverse("accounts:set_up")
    half = request.session.pop(HALF_WAY)
    login(request, user, backend=BACKEND)
    return half["next"]


def go_on_with_new_password(request, user) -> str:
    """Where to go once the password was changed half way: the session holds the new one."""
    half = request.session[HALF_WAY]
    request.session[HALF_WAY] = half | {"password": user.get_session_auth_hash()}
    return next_step(request, user)


def wanted_address(request) -> str:
    """The page of ours that the person had asked for, or the first of the admin."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if ours else reverse("admin:index")


def who_is_half_way(request):
    """The account whose password was given in this session, and nothing more yet; or None."""
    half = request.session.get(HALF_WAY)
    if half is None or half["until"] < time.time():
        return None
    user = get_user_model().objects.filter(pk=half["user"], is_active=True, is_staff=True).first()
    if user and constant_time_compare(half["password"], user.get_session_auth_hash()):
        return user
    return None


def finish(request, user, device) -> str:
    """Sign in who came half way and has shown to have `device`. Says where they wanted to go."""
    half = request.session.pop(HALF_WAY)
    user.otp_device = device  # django-otp remembers it in the session when somebody signs in.
    login(request, user, backend=BACKEND)
    return half["next"]


def who_is_in(request):
    """The account of staff that is signed in, or None."""
    return request.user if request.user.is_active and request.user.is_staff else None


def whoever_may_act(request, user):
    """`user` of this session, or nobody: where it is over, or lacks the second factor it needs."""
    if not user.is_authenticated:
        return user
    lacks_second_factor = user.otp_device is None and second_factor.is_asked_of(user)
    is_used = UNATTENDED not in request.headers
    if sessions.ends_now(request.session, is_used=is_used) or lacks_second_factor:
        return AnonymousUser()
    return user


def is_locked_out(request, user) -> bool:
    """Whether this account has failed too often from this address, by password or by code."""
    return not AxesProxyHandler.is_allowed(request, credentials_of(user))


def count_wrong_code(request, user) -> None:
    """A wrong code counts as a wrong password does: axes locks out after a few."""
    user_login_failed.send(sender=__name__, credentials=credentials_of(user), request=request)


def let_try_again(user, *, by) -> None:
    """End a lock-out before its time. `by` is the user who answers for it."""
    AxesProxyHandler.reset_attempts(username=user.get_username())
    second_factor.end_waiting(user)
    AccountEvent.objects.record(AccountEvent.Kind.LOCK_OUT, user, "Ended", by=by)


def credentials_of(user) -> dict[str, str]:
    return {"username": user.get_username()}


def name_to_keep(request, credentials) -> str:
    """The name under which axes counts a failure.

    Some type their password where the name belongs. So a name that no account has is kept as a
    digest: the same for the same name, and of no use to who reads it.
    """
    name = (credentials or {}).get("username") or ""
    if get_user_model().objects.filter(username=name).exists():
        return name
    return UNKNOWN + salted_hmac(UNKNOWN, name).hexdigest()[:16]
