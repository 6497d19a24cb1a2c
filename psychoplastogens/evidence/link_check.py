"""Whether an address outside this site answers: offered by psychoplastogens.evidence.models."""

from datetime import timedelta

from django.db import models
from django.db.models import Q

FRESH_FOR = timedelta(hours=4)
LONGEST_ADDRESS = 700


class LinkCheckQuerySet(models.QuerySet):
    def of(self, addresses):
        return self.filter(address__in=addresses)

    def broken(self):
        return self.filter(state=LinkCheck.State.BROKEN)

    def to_look_at(self):
        """Those that a person has to open: they do not answer, or not as they do to readers."""
        return self.filter(state__in=[LinkCheck.State.BROKEN, LinkCheck.State.CAUTION])

    def due(self, now):
        """Never checked, or not since FRESH_FOR."""
        return self.filter(Q(checked_at=None) | Q(checked_at__lte=now - FRESH_FOR))


class LinkCheck(models.Model):
    """What an address that readers may follow answered when it was last asked.

    `problem` and `suggested_fix` are sentences for an editor. They are empty where all is well.
    """

    class State(models.TextChoices):
        OK = "ok", "Answers"
        BROKEN = "broken", "Broken"
        CAUTION = "caution", "To be opened by hand"
        PENDING = "pending", "Not checked yet"

    address = models.CharField(max_length=LONGEST_ADDRESS, unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    http_status = models.PositiveSmallIntegerField("HTTP status", null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True)
    suggested_fix = models.CharField(max_length=200, blank=True)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        ordering = ["address"]
        verbose_name = "link"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="pending", checked_at__isnull=True)
                | Q(state__in=["ok", "broken", "caution"], checked_at__isnull=False),
                name="evidence_linkcheck_pending_or_checked",
                violation_error_message="A link is pending, or has the time of its check.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ok", "pending"], problem="")
                | (Q(state__in=["broken", "caution"]) & ~Q(problem="")),
                name="evidence_linkcheck_problem_said",
                violation_error_message="What is wrong with a link is said, and only then.",
            ),
        ]

    def __str__(self):
        return self.address
