"""On the admin's first page: first steps of a clinic, and what others changed at it."""

from django.template.loader import render_to_string

from psychoplastogens.clinics.contact import get_recent_contact_changes, may_change_contact
from psychoplastogens.clinics.list_presets import PRESETS
from psychoplastogens.clinics.models import Clinic
from psychoplastogens.editorial.admin.dashboard import dashboard_notice


@dashboard_notice
def first_steps_panel(request):
    """The way to a first link, for editors of a clinic that has none, and for those without one."""
    if request.user.is_superuser or not request.user.has_perm("clinics.add_pack"):
        return ""
    own = Clinic.objects.editable_by(request.user)
    waiting = list(own.without_lists())
    if not waiting and own.exists():
        return ""
    context = {"clinics": waiting, "ready_lists": [preset.title for preset in PRESETS]}
    return render_to_string("admin/clinics/_first_steps.html", context, request)


@dashboard_notice
def contact_changes_panel(request):
    changes = get_recent_contact_changes(request.user)
    if not changes:
        return ""
    context = {"changes": changes, "may_undo": may_change_contact(request.user)}
    return render_to_string("admin/clinics/_contact_changes.html", context, request)
