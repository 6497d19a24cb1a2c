"""The version number of all content, and digests of the loaded fixtures."""

from __future__ import annotations

from django.db import models
from django.db.models import F


class ContentVersionQuerySet(models.QuerySet):
    def get_current(self):
        """Return an integer that changes whenever readers can see a change."""
        return self.values_list("number", flat=True).first() or 0

    def lock(self):
        """Block other saves and drafts until this transaction ends.

        Every writer locks this row first, so writers cannot deadlock.
        """
        self.select_for_update().first()

    def bump(self):
        if not self.update(number=F("number") + 1):
            self.create(number=1)


class ContentVersion(models.Model):
    """A single row with one integer. Caches and the search index belong to one version."""

    number = models.PositiveBigIntegerField(default=0)
    fixtures_digest = models.CharField(max_length=64, blank=True)

    objects = ContentVersionQuerySet.as_manager()

    def __str__(self):
        return str(self.number)


class LoadedRecord(models.Model):
    """Digests of a starter record as it was loaded.

    The loader uses them to recognise records that staff have edited.
    """

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=90)
    fixture_digest = models.CharField(max_length=64)
    record_digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="editorial_loadedrecord_once")
        ]

    def __str__(self):
        return f"{self.kind} {self.key}"
