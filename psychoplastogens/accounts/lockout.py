"""What django-axes stores about sign-ins: only what lockouts and the audit list need."""

from __future__ import annotations

from datetime import timedelta

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

UNKNOWN_NAME_PREFIX = "unknown "
"""Prefix of the stored name of a failure if no account has the name that was typed."""
MAX_UNKNOWN_NAME_FAILURES = 10_000
"""How many failures of unknown names are stored. Anybody can cause them, at the rate limit."""
FAILURE_RETENTION_DAYS, SIGN_IN_RETENTION_DAYS = 90, 365


class LockoutHandler(AxesDatabaseHandler):
    """Stores account name, IP address and time, but not browser, form or query string."""

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        if request is None:
            return super().user_login_failed(sender, credentials, request, **kwargs)
        typed = request.GET, request.POST
        request.GET = request.POST = QueryDict()
        clear_browser_details(request)
        try:
            super().user_login_failed(sender, credentials, request, **kwargs)
        finally:
            request.GET, request.POST = typed
        prune_unknown_name_failures()

    def user_logged_in(self, sender, request, user, **kwargs):
        clear_browser_details(request)
        super().user_logged_in(sender, request, user, **kwargs)


def clear_browser_details(request) -> None:
    request.axes_user_agent = request.axes_http_accept = ""


def prune_unknown_name_failures() -> None:
    """Delete the oldest failures of unknown names, so that a flood cannot fill the disk.

    Failures of real accounts stay.
    """
    for model in (AccessAttempt, AccessFailureLog):
        unknown = model.objects.filter(username__startswith=UNKNOWN_NAME_PREFIX)
        for oldest in unknown.order_by("-pk").values_list("pk")[MAX_UNKNOWN_NAME_FAILURES - 1 :][
            :1
        ]:
            unknown.filter(pk__lt=oldest[0]).delete()


def delete_old_attempts(**kwargs) -> str:
    """Delete failures that no longer lock anybody out, and old lines of the audit list."""
    now = timezone.now()
    kept = {
        AccessAttempt: timedelta(hours=settings.AXES_COOLOFF_TIME),
        AccessFailureLog: timedelta(days=FAILURE_RETENTION_DAYS),
        AccessLog: timedelta(days=SIGN_IN_RETENTION_DAYS),
    }
    old = [model.objects.filter(attempt_time__lt=now - age) for model, age in kept.items()]
    return f"sign-ins and failures: {sum(rows.delete()[0] for rows in old)}"
