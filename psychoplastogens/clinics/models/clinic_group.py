from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Lower

from psychoplastogens.clinics.fields import PlainTextField
from psychoplastogens.delivery.page_store.policies import LISTS
from psychoplastogens.editorial.models import ContentVersion


class ClinicGroupQuerySet(models.QuerySet):
    def editable_by(self, user):
        """The groups whose lists `user` may see and change: a superuser all, others their own."""
        return self if user.is_superuser else self.filter(editors=user)


class ClinicGroup(models.Model):
    """Clinics that hand out the same reading lists, each with its own name and phone.

    Its editors keep these lists; they see nothing else of its clinics. Which clinics belong to it
    is said by a superuser.
    """

    name = PlainTextField(max_length=80, help_text="Patients read that it chose the pages.")
    editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="clinic_groups",
        help_text="Staff who may see and change the lists of the group. They also need the "
        "permissions on packs.",
    )

    objects = ClinicGroupQuerySet.as_manager()

    class Meta:
        verbose_name = "group of clinics"
        verbose_name_plural = "groups of clinics"
        ordering = [Lower("name")]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="clinics_clinicgroup_one_name",
                violation_error_message="Another group has this name.",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        with transaction.atomic():
            super().save(*args, **kwargs)
            ContentVersion.objects.bump(LISTS)  # Its name stands on the lists of its clinics.
