"""LinkCheck, the state of an external link; import it from psychoplastogens.evidence.models."""

from datetime import timedelta

from django.db import models
from django.db.models import Q

RECHECK_AFTER = timedelta(hours=4)
MAX_ADDRESS_LENGTH = 700


class LinkCheckQuerySet(models.QuerySet):
    def for_addresses(self, addresses):
        return self.filter(address__in=addresses)

    def broken(self):
        return self.filter(state=LinkCheck.State.BROKEN)

    def needing_attention(self):
        """Links that a person has to open: broken, or not checkable by machine."""
        return self.filter(state__in=[LinkCheck.State.BROKEN, LinkCheck.State.CAUTION])

    def due(self, now):
        """Never checked, or not within RECHECK_AFTER."""
        return self.filter(Q(checked_at=None) | Q(checked_at__lte=now - RECHECK_AFTER))


class LinkCheck(models.Model):
    """The result of the last check of an external address.

    `problem` and `suggested_fix` are sentences for an editor, empty if the link works.
    """

    class State(models.TextChoices):
        OK = "ok", "Answers"
        BROKEN = "broken", "Broken"
        CAUTION = "caution", "To be opened by hand"
        PENDING = "pending", "Not checked yet"

    address = models.CharField(max_length=MAX_ADDRESS_LENGTH, unique=True)
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
