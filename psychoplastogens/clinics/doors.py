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

    Raises Moved where one of the two is an earlier one, Http404 where there is no list or it was
    never open.
    """
    clinic = find_clinic(clinic_slug)
    pack = clinic.packs.at(slug)
    if pack.slug != slug:
        raise Moved(pack=pack.slug)
    pack.clinic = clinic
    return pack
