"""Who hands the pages out, and the reading lists that they hand out."""

from psychoplastogens.clinics.models.clinic import Clinic
from psychoplastogens.clinics.models.clinic_group import ClinicGroup
from psychoplastogens.clinics.models.clinic_request import ClinicRequest
from psychoplastogens.clinics.models.contact import ContactChange
from psychoplastogens.clinics.models.logo import Logo
from psychoplastogens.clinics.models.pack import Pack, PackItem
from psychoplastogens.clinics.models.shared_list import SharedList

__all__ = [
    "Clinic",
    "ClinicGroup",
    "ClinicRequest",
    "ContactChange",
    "Logo",
    "Pack",
    "PackItem",
    "SharedList",
]
