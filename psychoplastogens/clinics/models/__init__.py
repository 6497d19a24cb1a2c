"""Who hands the pages out: Clinic, ClinicRequest, ContactChange, Pack, PackItem, SharedList."""

from psychoplastogens.clinics.models.clinic import Clinic
from psychoplastogens.clinics.models.clinic_request import ClinicRequest
from psychoplastogens.clinics.models.contact import ContactChange
from psychoplastogens.clinics.models.pack import Pack, PackItem
from psychoplastogens.clinics.models.shared_list import SharedList

__all__ = ["Clinic", "ClinicRequest", "ContactChange", "Pack", "PackItem", "SharedList"]
