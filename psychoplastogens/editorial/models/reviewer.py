"""Clinicians who sign reviewed pages."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Reviewer(models.Model):
    """A clinician who reviews pages. Readers see their name and credentials."""

    name = models.CharField(
        max_length=120,
        unique=True,
        help_text="As readers will see it. A change leaves what was signed before as it is.",
    )
    credentials = models.CharField(max_length=120, help_text="For example: MD, psychiatrist.")
    email = models.EmailField(
        blank=True, help_text="Links for review are mailed here. Readers never see it."
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reviewer",
        help_text="Their account, if they have one: approving a whole page then shows their name.",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return f"{self.name}, {self.credentials}"
