"""How a view gets a clinic or a reading list by the names in an address."""

from django.http import Http404

from psychoplastogens.clinics.models import Clinic
from psychoplastogens.clinics.models.shared_list import split_codes
from psychoplastogens.clinics.reading_lists import (
    ListablePages,
    build_reading_list,
    get_withdrawal_reasons,
)
from psychoplastogens.delivery.exceptions import PageMoved


def get_clinic_or_404(slug):
    """The clinic with this slug. Raises PageMoved where it is an earlier one, Http404 for none."""
    clinic = Clinic.objects.get_by_slug(slug)
    if clinic.slug != slug:
        raise PageMoved(clinic=clinic.slug)
    return clinic


def get_pack_or_404(clinic_slug, slug):
    """The reading list, open or closed, that a clinic has at this slug.

    Raises PageMoved where one of the two is an earlier one, Http404 where there is no list or it
    was never open.
    """
    clinic = get_clinic_or_404(clinic_slug)
    pack = clinic.packs.get_by_slug(slug)
    if pack.slug != slug:
        raise PageMoved(pack=pack.slug)
    pack.clinic = clinic
    return pack


def get_reading_list_or_404(codes):
    """The list that anybody made of the pages with these codes.

    Raises PageGone where none of them is here and one was withdrawn, Http404 where there was none.
    """
    codes = split_codes(codes)
    made = build_reading_list(ListablePages(), codes)
    if made.pages:
        return made
    if reasons := get_withdrawal_reasons(codes):
        raise reasons[0]
    raise Http404("None of the pages of this list is here.")
