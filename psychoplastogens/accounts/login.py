"""Login in two steps: password or single sign-on, then the second factor if the account needs one.

After the first step the session only holds a pending login. Nobody is signed in before the second.
"""

from __future__ import annotations

import time

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_login_failed
from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme

from psychoplastogens.accounts import second_factor, sessions, single_sign_on
from psychoplastogens.accounts.lockout import UNKNOWN_NAME_PREFIX
from psychoplastogens.accounts.models import AccountEvent, FirstPassword
from psychoplastogens.accounts.roles import AUTH_BACKEND
from psychoplastogens.accounts.sessions import PENDING_LOGIN
from psychoplastogens.accounts.single_sign_on import Identity, SignOnRefused

MAX_PENDING_SECONDS = 30 * sessions.MINUTE  # Time to find and install an app.
# The header of requests that a page sends on its own; they do not keep a session alive.
BACKGROUND_REQUEST_HEADER = "X-Unattended"


def find_username(typed: str) -> str:
    """The username of the one account that `typed` means: its name or its mail address.

    As typed where that is the name of an account, or where none or several are meant. Capitals
    make no difference.
    """
    accounts = get_user_model().objects
    if accounts.filter(username=typed).exists():
        return typed
    meant = Q(username__iexact=typed) | Q(email__iexact=typed)
    names = accounts.filter(meant).values_list("username", flat=True)[:2]
    return names[0] if len(names) == 1 else typed


def continue_after_password(request, user) -> str:
    """The URL to go to after the right password. Signs in if nothing more is needed."""
    return begin_pending_login(request, user, get_next_url(request))


def continue_after_sign_on(request, user, identity: Identity, address: str) -> str:
    """The URL to go to where `identity` opens the account of `user`, on the way to `address`.

    Signs in if nothing more is needed.
    """
    return begin_pending_login(request, user, address, identity=identity)


def begin_pending_login(request, user, address: str, **how) -> str:
    """Hold a pending login in the session. Returns the URL of the next step."""
    request.session.flush()
    request.session[PENDING_LOGIN] = {
        "user": user.pk,
        "password": user.get_session_auth_hash(),
        "until": time.time() + MAX_PENDING_SECONDS,
        "next": address,
        **how,
    }
    return get_next_step_url(request, user)


def has_first_password(user) -> bool:
    """Whether somebody else set this password, so that its owner has to choose another."""
    return FirstPassword.objects.filter(user=user).exists()


def must_choose_password(request, user) -> bool:
    return get_pending_user(request) is not None and has_first_password(user)


def get_next_step_url(request, user) -> str:
    """The URL of the next login step. Signs in if nothing more is needed."""
    if has_first_password(user):
        return reverse("accounts:choose_password")
    if not is_second_factor_asked(request):
        return complete_login(request, user)
    if second_factor.get_authenticator(user):
        return reverse("accounts:enter_code")
    if second_factor.is_required_for(user):
        return reverse("accounts:set_up")
    return complete_login(request, user)


def is_second_factor_asked(request) -> bool:
    """Whether the second factor is for us to ask, since no provider of single sign-on has."""
    return not (settings.OIDC_SECOND_FACTOR and "identity" in request.session[PENDING_LOGIN])


def continue_after_password_change(request, user) -> str:
    """The next URL after a password change during a pending login, which now holds the new hash."""
    half = request.session[PENDING_LOGIN]
    request.session[PENDING_LOGIN] = half | {"password": user.get_session_auth_hash()}
    return get_next_step_url(request, user)


def get_next_url(request) -> str:
    """The local URL in `next`, or the admin index."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if ours else reverse("admin:index")


def get_pending_user(request):
    """The user of the pending login, or None."""
    half = request.session.get(PENDING_LOGIN)
    if half is None or half["until"] < time.time():
        return None
    user = get_user_model().objects.filter(pk=half["user"], is_active=True, is_staff=True).first()
    if user and constant_time_compare(half["password"], user.get_session_auth_hash()):
        return user
    return None


def complete_login(request, user, device=None) -> str:
    """Sign in the user of a pending login, verified by `device`. Returns the URL to go to."""
    half = request.session.pop(PENDING_LOGIN)
    identity = half.get("identity")
    if identity:
        try:
            single_sign_on.record_sign_on(user, Identity(*identity))
        except SignOnRefused as refused:
            return single_sign_on.refuse(request, refused.reason, half["next"])
    user.otp_device = device  # django-otp stores it in the session at login.
    login(request, user, backend=AUTH_BACKEND)
    if identity:
        request.session[single_sign_on.SECOND_FACTOR_SHOWN] = settings.OIDC_SECOND_FACTOR
    return half["next"]


def get_staff_user(request):
    """The signed-in staff user, or None."""
    return request.user if request.user.is_active and request.user.is_staff else None


def get_effective_user(request, user):
    """`user`, or AnonymousUser if the session has expired or lacks a required second factor."""
    if not user.is_authenticated:
        return user
    user.has_factor_of_provider = single_sign_on.has_second_factor(request.session)
    has_second_factor = user.otp_device is not None or user.has_factor_of_provider
    lacks_second_factor = not has_second_factor and second_factor.is_required_for(user)
    is_used = BACKGROUND_REQUEST_HEADER not in request.headers
    if sessions.end_if_expired(request.session, is_used=is_used) or lacks_second_factor:
        return AnonymousUser()
    user.password_set_by = user  # Whoever has signed in changes their own on this instance.
    return user


def is_locked_out(request, user) -> bool:
    """Whether this account failed too often from this IP address, by password or by code."""
    return not AxesProxyHandler.is_allowed(request, get_axes_credentials(user))


def count_wrong_code(request, user) -> None:
    """Report a wrong code to axes like a wrong password, so that it counts towards a lockout."""
    user_login_failed.send(sender=__name__, credentials=get_axes_credentials(user), request=request)


def unlock_account(user, *, by) -> None:
    """End a lockout early. `by` is the user who does it."""
    AxesProxyHandler.reset_attempts(username=user.get_username())
    second_factor.reset_throttling(user)
    AccountEvent.objects.record(AccountEvent.Kind.LOCK_OUT, user, "Ended", by=by)


def get_axes_credentials(user) -> dict[str, str]:
    return {"username": user.get_username()}


def get_axes_username(request, credentials) -> str:
    """The name under which axes counts a failure.

    People may type their password into the name field. So an unknown name is stored as a keyed
    digest, which is the same for the same name.
    """
    name = (credentials or {}).get("username") or ""
    if get_user_model().objects.filter(username=name).exists():
        return name
    return UNKNOWN_NAME_PREFIX + salted_hmac(UNKNOWN_NAME_PREFIX, name).hexdigest()[:16]
