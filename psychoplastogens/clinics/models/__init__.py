"""Who hands the pages out: Clinic, ContactChange, Pack, PackItem and SharedList."""

from psychoplastogens.clinics.models.clinic import Clinic
from psychoplastogens.clinics.models.contact import ContactChange
from psychoplastogens.clinics.models.pack import Pack, PackItem
from psychoplastogens.clinics.models.shared_list import SharedList

__all__ = ["Clinic", "ContactChange", "Pack", "PackItem", "SharedList"]
