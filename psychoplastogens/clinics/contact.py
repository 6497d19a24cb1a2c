"""How patients reach a clinic: changed by who has shown a second factor, told to its other editors.

Whoever has only stolen a password must not be able to send patients to another number. Who has just
added a clinic may correct what they typed: with the password alone they could add another one.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from psychoplastogens.accounts import second_factor
from psychoplastogens.clinics.models import Clinic, ContactChange
from psychoplastogens.delivery.mail import is_mail_set_up, mail_each
from psychoplastogens.editorial.admin.record_pages import get_record_admin_url
from psychoplastogens.editorial.exceptions import WorkflowError

CONTACT_FIELDS = ("name", "phone", "hours", "out_of_hours", "emergency")
NOTICE_PERIOD = timedelta(days=30)


def may_change_contact(user, clinic: Clinic) -> bool:
    return second_factor.is_trusted_for(user) or get_end_of_corrections(user, clinic) is not None


def get_end_of_corrections(user, clinic: Clinic) -> datetime | None:
    """Until when `user` may correct a new clinic without a trusted second factor; None: not now.

    Only who added it, while nobody else has touched it. It lasts as long as a second factor is
    young, so that a clinic that patients know is never open to a stolen password.
    """
    kind = ContentType.objects.get_for_model(Clinic)
    entries = LogEntry.objects.filter(content_type=kind, object_id=str(clinic.pk))
    of_others = (entries.exclude(user=user), clinic.contact_changes.exclude(by=user))
    added = entries.filter(user=user, action_flag=ADDITION).order_by("action_time").first()
    if added is None or any(found.exists() for found in of_others):
        return None
    end = added.action_time + second_factor.TRUSTED_AFTER
    return end if end > timezone.now() else None


def get_contact(clinic: Clinic) -> dict[str, str]:
    return {name: getattr(clinic, name) for name in CONTACT_FIELDS}


@transaction.atomic
def save_clinic(clinic: Clinic, *, by) -> ContactChange | None:
    """Save a clinic that is there already. A change of how patients reach it is kept and told.

    Raises PermissionDenied where `by` may not change that.
    """
    before = get_contact(Clinic.objects.select_for_update().get(pk=clinic.pk))
    after = get_contact(clinic)
    if before != after and not may_change_contact(by, clinic):
        raise PermissionDenied
    clinic.save()
    if before == after:
        return None
    change = ContactChange.objects.create(clinic=clinic, by=by, before=before, after=after)
    transaction.on_commit(lambda: mail_contact_change(change))
    return change


@transaction.atomic
def undo_contact_change(change: ContactChange, *, by) -> ContactChange:
    """Patients are told again what they were told before `change`. Gives the change back.

    Raises WorkflowError where it was undone, or something else was changed, since; ValidationError
    where what stood there cannot stand there any more.
    """
    clinic = Clinic.objects.select_for_update().get(pk=change.clinic_id)
    change = ContactChange.objects.select_for_update().get(pk=change.pk)
    if change.undone_at:
        raise WorkflowError(f"{change.undone_by} undid it already.")
    if get_contact(clinic) != change.after:
        raise WorkflowError("It was changed again since. Correct it in the form below.")
    for name, value in change.before.items():
        setattr(clinic, name, value)
    clinic.full_clean()
    back = save_clinic(clinic, by=by)
    assert back is not None  # The contact is another than before.
    change.undone_by, change.undone_at = by, timezone.now()
    change.save(update_fields=["undone_by", "undone_at"])
    return back


def get_recent_contact_changes(user) -> list[ContactChange]:
    """What others changed lately at the clinics that `user` edits, the latest first."""
    return list(ContactChange.objects.changed_by_others(user, timezone.now() - NOTICE_PERIOD))


def mail_contact_change(change: ContactChange) -> None:
    """Mail it to the clinic's other editors who have an address, where there is a mail server."""
    if not is_mail_set_up():
        return
    others = change.clinic.editors.filter(is_active=True).exclude(pk=change.by_id)
    addresses = others.exclude(email="").values_list("email", flat=True)
    context = {
        "change": change,
        "address": settings.SITE_ORIGIN + get_record_admin_url(change.clinic),
        "site_name": settings.SITE_NAME,
    }
    text = render_to_string("clinics/contact_mail.txt", context)
    mail_each(f"how patients reach {change.clinic} was changed", text, addresses)
