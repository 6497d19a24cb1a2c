"""On the admin's first page: clinics that wait, first steps, what others changed at a clinic."""

from django.contrib import admin
from django.template.loader import render_to_string

from psychoplastogens.accounts import second_factor
from psychoplastogens.clinics.contact import get_recent_contact_changes, may_change_contact
from psychoplastogens.clinics.first_steps import list_missing_presets
from psychoplastogens.clinics.models import Clinic, ClinicRequest
from psychoplastogens.editorial.admin.dashboard import dashboard_notice

MOST_INVITATIONS = 5


@dashboard_notice
def waiting_clinics_panel(request):
    """How many clinics wait, for superusers: no mail tells who has no address."""
    if not request.user.is_superuser or not (waiting := ClinicRequest.objects.count()):
        return ""
    return render_to_string("admin/clinics/_waiting_clinics.html", {"waiting": waiting})


@dashboard_notice
def first_steps_panel(request):
    """The way to a first link, for editors of a clinic that has none, and for those without one.

    A clinic that has lists is offered the ready ones that it has not made yet.
    """
    if request.user.is_superuser or not request.user.has_perm("clinics.add_pack"):
        return ""
    clinics = Clinic.objects.editable_by(request.user).prefetch_related("packs")
    offers = [(clinic, list_missing_presets(clinic)) for clinic in clinics]
    context = {
        "clinics": [
            (clinic, ready, may_change_contact(request.user, clinic))
            for clinic, ready in offers
            if not clinic.packs.all()
        ],
        "more": [(clinic, ready) for clinic, ready in offers if clinic.packs.all() and ready],
        "has_clinic": bool(offers),
    }
    return render_to_string("admin/clinics/_first_steps.html", context, request)


@dashboard_notice
def invitation_panel(request):
    """For who may invite a colleague to a clinic now; with more clinics, their forms lead there."""
    pages = admin.site.get_model_admin(Clinic).get_own_pages(request)
    if not 0 < len(pages) <= MOST_INVITATIONS:
        return ""
    return render_to_string("admin/clinics/_invitations.html", {"pages": pages})


@dashboard_notice
def contact_changes_panel(request):
    changes = get_recent_contact_changes(request.user)
    if not changes:
        return ""
    context = {"changes": changes, "may_undo": second_factor.is_trusted_for(request.user)}
    return render_to_string("admin/clinics/_contact_changes.html", context, request)
