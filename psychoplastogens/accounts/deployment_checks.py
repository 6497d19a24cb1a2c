"""What `manage.py check --deploy` asks about accounts: second factors, and the daily clean-up."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.checks import Error, Warning
from django.utils import timezone

from psychoplastogens.accounts import roles, second_factor, single_sign_on
from psychoplastogens.delivery.deployment_checks import deployment_check

CLEAN_UP_DUE_AFTER = timedelta(days=3)


@deployment_check
def find_missing_second_factors():
    staff = get_user_model().objects.filter(is_active=True, is_staff=True)
    lacking = [
        user.get_username()
        for user in staff.order_by("username")
        if roles.decides_for_others(user)
        and not second_factor.get_authenticator(user)
        and not single_sign_on.is_only_way_in(user)
    ]
    if lacking:
        yield Error(
            "These accounts need a second factor and have none, so whoever has the password "
            f"sets it up: {', '.join(lacking)}.",
            hint="Let each sign in once at /admin/, or take its tick at “Active” away under Users.",
            id="understory.E120",
        )


@deployment_check
def find_missing_clean_up():
    long_over = timezone.now() - CLEAN_UP_DUE_AFTER
    if Session.objects.filter(expire_date__lt=long_over).exists():
        yield Warning(
            "Data that is over has not been deleted for days: ended sessions are still there.",
            hint="Run daily: python3 manage.py clean_up",
            id="understory.W121",
        )
