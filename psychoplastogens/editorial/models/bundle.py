"""Texts that go to readers together."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class Bundle(models.Model):
    """Revisions that were sent for review as one, such as a page with its new source.

    The checks of each count the others as published, and all are published in one transaction. A
    revision that is no longer open has left its bundle.
    """

    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-made_at"]
        default_permissions = ()

    def __str__(self):
        return f"Bundle of {self.made_by}, {self.made_at:%Y-%m-%d %H:%M}"
