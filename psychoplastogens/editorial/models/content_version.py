"""The version numbers of all content and of the reading lists, and digests of loaded fixtures."""

from __future__ import annotations

from django.db import models, transaction
from django.db.models import F

from psychoplastogens.delivery.metrics import record_content_version
from psychoplastogens.delivery.page_store import versions
from psychoplastogens.delivery.page_store.policies import CONTENT, LISTS

FIELD_NAMES = {CONTENT: "number", LISTS: "lists_number"}
"""The field that counts each version."""


class ContentVersionQuerySet(models.QuerySet):
    def get_current(self):
        """Return an integer that changes whenever readers can see a change."""
        return self.values_list("number", flat=True).first() or 0

    def read_numbers(self):
        """{name of a version: its number}, in one query."""
        found = self.values_list(*FIELD_NAMES.values()).first() or (0, 0)
        numbers = dict(zip(FIELD_NAMES, found, strict=True))
        record_content_version(numbers[CONTENT])
        return numbers

    def get_watched(self):
        """Like `read_numbers`, at most a moment old: without a query where a thread reads them.

        It is what the public sees, also inside private tables.
        """
        return versions.watcher.get_numbers() or self.read_numbers()

    def lock(self):
        """Block other saves and drafts until this transaction ends.

        Every writer locks this row first, so writers cannot deadlock.
        """
        self.select_for_update().first()

    def bump(self, name=CONTENT):
        """Increase a version: CONTENT, or LISTS for the clinics and their reading lists."""
        field = FIELD_NAMES[name]
        if not self.update(**{field: F(field) + 1}):
            self.create(**{field: 1})
        transaction.on_commit(versions.watcher.expect_change)


class ContentVersion(models.Model):
    """A single row with two integers. Caches and the search index belong to a version.

    `number` moves with all that staff publish, `lists_number` with clinics and their lists, which
    few pages show.
    """

    number = models.PositiveBigIntegerField(default=0)
    lists_number = models.PositiveBigIntegerField(default=0)
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
