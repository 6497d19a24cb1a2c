"""Who hands the pages out: Clinic, ContactChange, Pack and PackItem."""

from psychoplastogens.clinics.models.clinic import Clinic
from psychoplastogens.clinics.models.contact import ContactChange
from psychoplastogens.clinics.models.pack import Pack, PackItem

__all__ = ["Clinic", "ContactChange", "Pack", "PackItem"]
