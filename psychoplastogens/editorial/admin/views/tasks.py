"""All tasks of one panel of the admin index."""

from __future__ import annotations

from datetime import datetime

from django.contrib import admin
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from psychoplastogens.editorial.admin.dashboard import get_panel_or_none
from psychoplastogens.editorial.admin.news import mark_as_read
from psychoplastogens.editorial.admin.personal_tasks import get_personal_panels
from psychoplastogens.editorial.models import VIEW_DRAFTS_PERMISSION

MAX_LISTED = 1000


@require_POST
def mark_news_as_read(request):
    """POST until=<time>: the news of the user's texts until then is read."""
    try:
        until = datetime.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        until = None
    if until is None or until.tzinfo is None:
        raise SuspiciousOperation("Not a time with its zone.")
    mark_as_read(request.user, until)
    return HttpResponseRedirect(reverse("admin:index"))


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
