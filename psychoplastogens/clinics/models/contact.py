from django.conf import settings
from django.db import models
from django.utils import timezone

from psychoplastogens.clinics.models.clinic import Clinic
from psychoplastogens.editorial.models import both_or_neither_constraint


class ContactChangeQuerySet(models.QuerySet):
    def changed_by_others(self, user, since):
        """What others changed since then at the clinics that `user` edits, the latest first."""
        changes = self.filter(clinic__editors=user, at__gte=since).exclude(by=user)
        return changes.select_related("clinic", "by", "undone_by")


class ContactChange(models.Model):
    """What patients were told for reaching a clinic, and what they are told instead, by whom.

    `before` and `after` hold each field of psychoplastogens.clinics.contact.CONTACT as text. Only
    added to; an undoing is a change of its own, and is noted at the one that it undid.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="contact_changes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    before = models.JSONField()
    after = models.JSONField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = ContactChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ()
        constraints = [both_or_neither_constraint("undone_at", "undone_by")]

    def __str__(self):
        return f"{self.clinic}: {', '.join(name for name, _, _ in self.lines)}"

    @property
    def lines(self):
        """(name of the field, before, after) of each that differs."""
        return [
            (str(Clinic._meta.get_field(name).verbose_name), before, self.after[name])
            for name, before in self.before.items()
            if before != self.after[name]
        ]
