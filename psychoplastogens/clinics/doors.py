"""How a view gets a clinic or a reading list by the names in an address."""

from django.http import Http404

from psychoplastogens.clinics.lists import Pages, chosen, in_address, withdrawn
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


def find_list(codes):
    """The list that anybody made of the pages with these codes.

    Raises Gone where none of them is here and one was withdrawn, Http404 where there was none.
    """
    codes = in_address(codes)
    made = chosen(Pages(), codes)
    if made.pages:
        return made
    if reasons := withdrawn(codes):
        raise reasons[0]
    raise Http404("None of the pages of this list is here.")
