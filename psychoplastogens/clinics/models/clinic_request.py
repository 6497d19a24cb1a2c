from datetime import timedelta
from typing import ClassVar
from uuid import uuid4

from django.contrib.admin.models import ADDITION, LogEntry
from django.db import models, transaction
from django.utils import timezone

from psychoplastogens.accounts.clinic_accounts import create_clinic_editor
from psychoplastogens.clinics.fields import PhoneField, PlainTextField
from psychoplastogens.clinics.models.clinic import Clinic
from psychoplastogens.editorial.free_slugs import find_free_slug

KEPT_FOR = timedelta(days=90)


class ClinicRequestQuerySet(models.QuerySet):
    def delete_old(self, day):
        """Delete those that nobody has accepted or declined for long; return how many."""
        return self.filter(asked_on__lt=day - KEPT_FOR).delete()[0]


class ClinicRequest(models.Model):
    """A clinic that wants to hand our pages out. Its mail address is confirmed.

    It waits here until somebody accepts it, which makes the clinic and the account of its first
    editor, or declines it, which deletes it, or until it is too old. `password` is a hash.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = PlainTextField(max_length=80)
    phone = PhoneField()
    email = models.EmailField(max_length=150, unique=True)
    password = models.CharField(max_length=128)
    asked_on = models.DateField(auto_now_add=True)

    objects: ClassVar = ClinicRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_on", "name"]
        verbose_name = "clinic that waits"
        verbose_name_plural = "clinics that wait"

    def __str__(self):
        return self.name

    @transaction.atomic
    def accept(self, *, by=None):
        """Make the clinic and the account of its editor, and return the clinic.

        Raises ValidationError where the name was taken since, IntegrityError where the address has
        an account.
        """
        clinic = Clinic(name=self.name, phone=self.phone)
        clinic.slug = find_free_slug(clinic, self.name)
        clinic.full_clean()
        clinic.save()
        editor = create_clinic_editor(self.email, self.password, by=by)
        clinic.editors.add(editor)
        if by is None:  # What somebody has looked at is not theirs to correct.
            LogEntry.objects.log_actions(editor.pk, [clinic], ADDITION, "Joined.")
        if not self._state.adding:
            self.delete()
        return clinic


def delete_old_requests(**kwargs):
    """Receiver of `clean_up`: delete the requests that are too old."""
    number = ClinicRequest.objects.delete_old(timezone.localdate())
    return f"clinics that waited too long: {number}"
