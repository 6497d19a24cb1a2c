"""How a view gets a clinic or a reading list by the names in an address."""

from psychoplastogens.clinics.models import Clinic
from psychoplastogens.delivery.addresses import Moved


def find_clinic(slug):
    """The clinic with this slug. Raises Moved where it is an earlier one, Http404 for none."""
    clinic = Clinic.objects.at(slug)
    if clinic.slug != slug:
        raise Moved(clinic=clinic.slug)
    return clinic


def find_pack(clinic_slug, slug):
    """The reading list, open or closed, that a clinic has at this slug.

    Raises Moved, once for both names, and Http404 where there is none or none was ever open.
    """
    clinic = Clinic.objects.at(clinic_slug)
    pack = clinic.packs.at(slug)
    pack.clinic = clinic
    if (clinic.slug, pack.slug) != (clinic_slug, slug):
        raise Moved(clinic=clinic.slug, pack=pack.slug)
    return pack
