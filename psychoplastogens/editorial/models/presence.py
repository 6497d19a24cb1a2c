"""Who has a record open, in a form or on its review screen. Entries expire after 90 seconds."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format

# Three times the interval between heartbeats.
PRESENCE_TIMEOUT = timedelta(seconds=90)


class OpenFormQuerySet(models.QuerySet):
    def about(self, record):
        """The forms and review screens of `record` that are open now, longest first."""
        kind = ContentType.objects.get_for_model(record)
        since = timezone.now() - PRESENCE_TIMEOUT
        return self.filter(content_type=kind, object_id=record.pk, seen_at__gte=since).order_by(
            "opened_at"
        )

    def heartbeat(self, record, user, *, is_review=False):
        """Record that `user` has `record` open now, and delete expired entries."""
        now = timezone.now()
        with transaction.atomic():
            self.filter(seen_at__lt=now - PRESENCE_TIMEOUT).delete()
            kind = ContentType.objects.get_for_model(record)
            about = {"content_type": kind, "object_id": record.pk, "is_review": is_review}
            self.update_or_create({"seen_at": now}, user=user, **about)

    def leave(self, record, user, *, is_review=False):
        """Record that `user` closed the form, or the review screen."""
        self.about(record).filter(user=user, is_review=is_review).delete()

    def by_others(self, record, user):
        return self.about(record).exclude(user=user).select_related("user")


class OpenForm(models.Model):
    """A user has the form of a record, or of one of its parts, open since `opened_at`.

    With `is_review` it is the review screen of the record.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.UUIDField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_review = models.BooleanField(default=False)
    opened_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(db_index=True)

    objects = OpenFormQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "user", "is_review"],
                name="editorial_openform_once",
            )
        ]

    def __str__(self):
        return f"{self.user} since {self.opened_at:%Y-%m-%d %H:%M}"

    @property
    def who(self):
        return self.user.get_full_name() or self.user.get_username()

    @property
    def since(self):
        """“14:20 CET”, with the date if it is not today."""
        opened = timezone.localtime(self.opened_at)
        is_today = opened.date() == timezone.localdate()
        return date_format(opened, "H:i T" if is_today else "j F, H:i T")
