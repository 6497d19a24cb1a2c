"""Publications and withdrawals that are to happen at a set time."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from psychoplastogens.editorial.models.revision import Revision


class ScheduledChangeQuerySet(models.QuerySet):
    def about(self, record):
        kind = ContentType.objects.get_for_model(record)
        return self.filter(content_type=kind, object_id=record.pk).order_by("at")

    def waiting(self):
        """Those that have not run and were not ended, soonest first."""
        return self.filter(ended_at=None).select_related("made_by", "revision").order_by("at")

    def due(self, moment):
        return self.waiting().filter(at__lte=moment)

    def waiting_times(self, model, action):
        """The time of a waiting change of the outer record. For use in a subquery."""
        kind = ContentType.objects.get_for_model(model)
        same = self.filter(content_type=kind, object_id=OuterRef("pk"), action=action)
        return Subquery(same.filter(ended_at=None).values("at")[:1])

    def stopped_for(self, user, since):
        """Those of `user` that others or the checks have stopped since a moment."""
        stopped = self.filter(made_by=user, outcome=ScheduledChange.Outcome.STOPPED)
        return stopped.filter(ended_at__gte=since).order_by("-ended_at")

    def in_bundle_with(self, change):
        """The other waiting ones of its bundle, which is published as a whole."""
        bundle = change.revision.bundle_id
        if change.action != ScheduledChange.Action.PUBLISH or bundle is None:
            return self.none()
        others = self.waiting().filter(action=change.action, revision__bundle=bundle)
        return others.exclude(pk=change.pk)

    def claim(self, change) -> bool:
        """Mark a waiting change as done. False if another process did so before."""
        fields = {"ended_at": timezone.now(), "outcome": ScheduledChange.Outcome.DONE}
        return bool(self.filter(pk=change.pk, ended_at=None).update(**fields))


class ScheduledChange(models.Model):
    """A revision is published, or its record withdrawn, at the time `at` or soon after it.

    `revision` is the approved one, or for a withdrawal what readers read when it was scheduled.
    A record has one waiting change of each action at most. Those of a bundle are published, and
    end, as one.
    """

    class Action(models.TextChoices):
        PUBLISH = "publish", "Publish"
        WITHDRAW = "withdraw", "Withdraw"

    class Outcome(models.TextChoices):
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"
        STOPPED = "stopped", "Stopped"

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.UUIDField()
    record = GenericForeignKey("content_type", "object_id")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=8, choices=Action)
    at = models.DateTimeField()
    reason = models.TextField(max_length=500, blank=True)
    leave_uses = models.BooleanField(default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True)
    note = models.TextField(max_length=2000, blank=True)

    objects = ScheduledChangeQuerySet.as_manager()

    class Meta:
        ordering = ["at"]
        default_permissions = ()
        indexes = [models.Index(fields=["ended_at", "at"], name="editorial_scheduled_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "action"],
                condition=Q(ended_at=None),
                name="editorial_scheduled_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="")
                | Q(Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="editorial_scheduled_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(action="withdraw") | ~Q(reason=""),
                name="editorial_scheduled_withdrawal_says_why",
            ),
        ]

    def __str__(self):
        return f"{self.get_action_display()} {self.revision.title} at {self.at:%Y-%m-%d %H:%M}"
