"""What django-axes keeps of sign-ins: no more than lock-outs and the audit list need."""

from __future__ import annotations

from datetime import timedelta

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

UNKNOWN = "unknown "
"""How the kept name of a failure begins where no account has the name that was typed."""
MOST_OF_UNKNOWN = 10_000
"""Failures kept of names that nobody has. Anybody can make them, as fast as the limit allows."""
DAYS_OF_FAILURES, DAYS_OF_SIGN_INS = 90, 365


class Handler(AxesDatabaseHandler):
    """Keeps the name of an account, the address and the time. No browser, no form, no query."""

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        if request is None:
            return super().user_login_failed(sender, credentials, request, **kwargs)
        typed = request.GET, request.POST
        request.GET = request.POST = QueryDict()
        forget_browser(request)
        try:
            super().user_login_failed(sender, credentials, request, **kwargs)
        finally:
            request.GET, request.POST = typed
        keep_few_of_unknown()

    def user_logged_in(self, sender, request, user, **kwargs):
        forget_browser(request)
        super().user_logged_in(sender, request, user, **kwargs)


def forget_browser(request) -> None:
    request.axes_user_agent = request.axes_http_accept = ""


def keep_few_of_unknown() -> None:
    """Drop the oldest failures of names that nobody has, so that a flood fills no disk.

    Those of accounts stay: made-up names drive none of them out.
    """
    for model in (AccessAttempt, AccessFailureLog):
        unknown = model.objects.filter(username__startswith=UNKNOWN)
        for oldest in unknown.order_by("-pk").values_list("pk")[MOST_OF_UNKNOWN - 1 :][:1]:
            unknown.filter(pk__lt=oldest[0]).delete()


def clean_up(**kwargs) -> str:
    """Forget failures that lock nobody out any more, and old lines of the audit list."""
    now = timezone.now()
    kept = {
        AccessAttempt: timedelta(hours=settings.AXES_COOLOFF_TIME),
        AccessFailureLog: timedelta(days=DAYS_OF_FAILURES),
        AccessLog: timedelta(days=DAYS_OF_SIGN_INS),
    }
    old = [model.objects.filter(attempt_time__lt=now - age) for model, age in kept.items()]
    return f"sign-ins and failures: {sum(rows.delete()[0] for rows in old)}"
