"""The endpoint by which forms and review screens report that they are open."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, JsonResponse
from django.utils.text import get_text_list

from psychoplastogens.editorial.models import OpenForm


def update_presence(model_admin, request, key):
    """POST: the form is open, or closed if `left` is sent. Answers with {"notice": who else}.

    With `reviewing` it is the review screen, which everybody may open who may read the record.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    page = model_admin.get_page_by_key(str(key))
    if page is None:
        raise Http404("There is no such record.")
    is_review = "reviewing" in request.POST
    may = model_admin.has_view_permission if is_review else model_admin.has_change_permission
    if not may(request, page):
        raise PermissionDenied
    if "left" in request.POST:
        OpenForm.objects.leave(page, request.user, is_review=is_review)
        return JsonResponse({"notice": ""})
    OpenForm.objects.heartbeat(page, request.user, is_review=is_review)
    return JsonResponse({"notice": get_presence_notice(page, request.user)})


def get_presence_notice(page, user) -> str:
    """Who else has `page` open, in the form or for review: '' if nobody has.

    “Ada has this page open since 14:20. Ben is reviewing it since 14:25.”
    """
    others = list(OpenForm.objects.by_others(page, user))
    editing = [other for other in others if not other.is_review]
    editors = {other.user_id for other in editing}
    reviewing = [other for other in others if other.is_review and other.user_id not in editors]
    told = (
        _format_names(editing, "has this page open", "have this page open"),
        _format_names(reviewing, "is reviewing it", "are reviewing it"),
    )
    return " ".join(filter(None, told))


def _format_names(others: list[OpenForm], one_does: str, several_do: str) -> str:
    if len(others) == 1:
        return f"{others[0].who} {one_does} since {others[0].since}."
    names = [f"{other.who} (since {other.since})" for other in others]
    return f"{get_text_list(names, 'and')} {several_do}." if names else ""
