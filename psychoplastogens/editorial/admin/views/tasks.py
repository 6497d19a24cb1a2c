"""All tasks of one panel of the admin index."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse

from psychoplastogens.editorial.admin.dashboard import get_panel_or_none
from psychoplastogens.editorial.admin.personal_tasks import get_personal_panels
from psychoplastogens.editorial.models import VIEW_DRAFTS_PERMISSION

MAX_LISTED = 1000


def list_tasks(request, key):
    """List what the panel with this key holds, the first MAX_LISTED of it."""
    if not request.user.has_perm(VIEW_DRAFTS_PERMISSION):
        raise PermissionDenied
    personal = {panel.key: panel for panel in get_personal_panels(request.user, MAX_LISTED)}
    panel = personal.get(key) or get_panel_or_none(key, MAX_LISTED)
    if panel is None:
        raise Http404("There is no such list, or nothing waits in it any more.")
    context = {
        **admin.site.each_context(request),
        "title": f"{panel.title}: {panel.count}",
        "panel": panel,
    }
    return TemplateResponse(request, "admin/tasks.html", context)
