"""The endpoint by which forms and review screens report that they are open."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, JsonResponse
from django.utils.text import get_text_list

from psychoplastogens.editorial.models import APPROVE_PERMISSION, OpenForm, Revision
from psychoplastogens.editorial.workflow.authorship import get_author_ids


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
    """Who else has `page` open: '' if nobody has.

    “Ada has this page open since 14:20. Ben is reviewing it since 14:25.” That somebody reviews it
    is said only of those who may decide about it now.
    """
    others = list(OpenForm.objects.by_others(page, user))
    reviewers = _find_reviewers(page, others)
    reviewing = [other for other in others if other.user_id in reviewers]
    named = {other.user_id: other for other in reversed(others)}  # Of two, the one opened first
    editing = [other for other in named.values() if other.user_id not in reviewers][::-1]
    told = (
        _format_names(editing, "has this page open", "have this page open"),
        _format_names(reviewing, "is reviewing it", "are reviewing it"),
    )
    return " ".join(filter(None, told))


def _find_reviewers(page, others: list[OpenForm]) -> set[int]:
    """Who of those that have the review screen open, and no form, may decide about the text."""
    forms = {other.user_id for other in others if not other.is_review}
    screens = [other.user for other in others if other.user_id not in forms]
    draft = Revision.objects.get_open_draft(page) if screens else None
    if draft is None or draft.state != Revision.State.IN_REVIEW:
        return set()
    authors = get_author_ids(draft)
    return {u.pk for u in screens if u.pk not in authors and u.has_perm(APPROVE_PERMISSION)}


def _format_names(others: list[OpenForm], one_does: str, several_do: str) -> str:
    if len(others) == 1:
        return f"{others[0].who} {one_does} since {others[0].since}."
    names = [f"{other.who} (since {other.since})" for other in others]
    return f"{get_text_list(names, 'and')} {several_do}." if names else ""
