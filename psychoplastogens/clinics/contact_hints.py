"""What the form of a clinic says of the fields that decide where patients turn."""

from __future__ import annotations

from django.utils.formats import date_format

from psychoplastogens.accounts import second_factor
from psychoplastogens.clinics.contact import get_end_of_corrections
from psychoplastogens.clinics.models import Clinic

DECIDING = "The name, the phone and the words on hours and emergencies decide where patients turn."
TRUSTED = (
    "who signs in with a second factor that was set up at least 3 days ago: see “Second factor” at "
    "the top of this page."
)
LOCKED = f"{DECIDING} They can be changed by {TRUSTED} Or ask whoever runs this site."
NOT_TAKEN = "What you typed there was not taken: these fields were locked meanwhile."
NEW = (
    f"Check the number before you save. {DECIDING} You can correct them for 3 days, as long as "
    f"nobody else has changed this clinic. After that, they can be changed only by {TRUSTED}"
)
CORRECTABLE = (
    f"Check the number. {DECIDING} You can correct them until {{end}}, as long as nobody else has "
    f"changed this clinic. After that, they can be changed only by {TRUSTED}"
)


def describe_contact_lock(user, clinic: Clinic | None) -> str:
    """Who may change them, and until when; clinic is None for a new one.

    Returns '' for who always may.
    """
    if second_factor.is_trusted_for(user):
        return ""
    if clinic is None:
        return NEW
    end = get_end_of_corrections(user, clinic)
    return CORRECTABLE.format(end=date_format(end, "j F Y, H:i T")) if end else LOCKED
