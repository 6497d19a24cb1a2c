"""What `manage.py check --deploy` asks about links: whether anything checks them."""

from __future__ import annotations

from datetime import timedelta

from django.core.checks import Warning
from django.db.models import Max
from django.utils import timezone

from psychoplastogens.delivery.deployment_checks import deployment_check
from psychoplastogens.evidence.models import LinkCheck

MAX_AGE = timedelta(days=3)


@deployment_check
def find_missing_link_checks():
    last = LinkCheck.objects.aggregate(last=Max("checked_at"))["last"]
    if last is None or last < timezone.now() - MAX_AGE:
        yield Warning(
            f"Outside links were last checked on {timezone.localtime(last):%Y-%m-%d}."
            if last
            else "Outside links were never checked.",
            hint="Run nightly: python3 manage.py check_links",
            id="understory.W122",
        )
