"""What others changed at somebody's clinic: shown on the admin's first page."""

from django.template.loader import render_to_string

from psychoplastogens.clinics.contact import get_recent_contact_changes, may_change_contact
from psychoplastogens.editorial.admin.dashboard import dashboard_notice


@dashboard_notice
def contact_changes_panel(request):
    changes = get_recent_contact_changes(request.user)
    if not changes:
        return ""
    context = {"changes": changes, "may_undo": may_change_contact(request.user)}
    return render_to_string("admin/clinics/_contact_changes.html", context, request)
