"""Counts of searches that found nothing."""

from __future__ import annotations

from django.db import models, transaction
from django.db.models import F, Max, Sum
from django.utils import timezone

from psychoplastogens.delivery.expiring_counts import ExpiringCountQuerySet


class MissedSearchQuerySet(ExpiringCountQuerySet):
    MAX_ROWS_PER_DAY = 300
    """Different words stored for one day; later ones are dropped."""
    RETENTION_DAYS = 90

    def add_count(self, words, day, number):
        """Add `number` searches for `words` on `day`. The first row of a day deletes old rows."""
        with transaction.atomic():
            if self.filter(words=words, day=day).update(number=F("number") + number):
                return
            stored = self.filter(day=day).count()
            if not stored:
                self.delete_old(day)
            if stored < self.MAX_ROWS_PER_DAY:
                row = self.model(words=words, day=day, number=number)
                self.bulk_create([row], ignore_conflicts=True)

    def group_by_words(self, since):
        """{"words", "times", "last"} since a day, the most frequent first."""
        found = self.filter(day__gte=since).values("words")
        return found.annotate(times=Sum("number"), last=Max("day")).order_by("-times", "words")


class MissedSearch(models.Model):
    """Words that were searched for without a result several times on a day. Never who searched."""

    words = models.CharField(max_length=80)
    day = models.DateField()
    number = models.PositiveIntegerField()

    objects = MissedSearchQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-number", "words"]
        verbose_name = "search that found nothing"
        verbose_name_plural = "searches that found nothing"
        constraints = [
            models.UniqueConstraint(fields=["words", "day"], name="search_missedsearch_once_a_day")
        ]

    def __str__(self):
        return f"{self.words}, {self.day}"


def delete_old_counts(**kwargs):
    """Receiver of `clean_up`: delete the counts that are too old."""
    number = MissedSearch.objects.delete_old(timezone.localdate())
    return f"counts of searches that found nothing: {number}"
