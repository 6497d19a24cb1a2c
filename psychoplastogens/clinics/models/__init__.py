"""Who hands the pages out: Clinic, Pack and PackItem; ShortLink and DailyCount."""

from psychoplastogens.clinics.models.clinic import Clinic
from psychoplastogens.clinics.models.link import DailyCount, ShortLink
from psychoplastogens.clinics.models.pack import Pack, PackItem

__all__ = ["Clinic", "DailyCount", "Pack", "PackItem", "ShortLink"]
