"""Counts by day that are kept for a limited time."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models


class ExpiringCountQuerySet(models.QuerySet):
    """Counts by `day`, deleted after RETENTION_DAYS days."""

    RETENTION_DAYS: int

    def delete_old(self, today: date) -> int:
        """Delete the rows that are too old and return how many there were."""
        return self.filter(day__lt=today - timedelta(days=self.RETENTION_DAYS)).delete()[0]
