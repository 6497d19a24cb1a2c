"""The endpoint by which forms report that they are open."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, JsonResponse
from django.utils.text import get_text_list

from psychoplastogens.editorial.models import OpenForm


def update_presence(model_admin, request, key):
    """POST: the form is open, or closed if `left` is sent. Answers with {"notice": who else}."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    page = model_admin.get_page_by_key(str(key))
    if page is None:
        raise Http404("There is no such record.")
    if not model_admin.has_change_permission(request, page):
        raise PermissionDenied
    if "left" in request.POST:
        OpenForm.objects.leave(page, request.user)
        return JsonResponse({"notice": ""})
    OpenForm.objects.heartbeat(page, request.user)
    return JsonResponse(
        {"notice": format_presence_notice(OpenForm.objects.by_others(page, request.user))}
    )


def format_presence_notice(others) -> str:
    """“Ada has this page open since 14:20.”, or '' if nobody has."""
    others = list(others)
    if len(others) == 1:
        return f"{others[0].who} has this page open since {others[0].since}."
    names = [f"{other.who} (since {other.since})" for other in others]
    return f"{get_text_list(names, 'and')} have this page open." if names else ""
