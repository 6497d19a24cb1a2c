"""The search of records that readers see, for the choice of one."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import JsonResponse

from psychoplastogens.editorial.admin.views.preview import get_number_parameter

RECORDS_PER_PAGE = 20


def search_readable(model_admin, request):
    """Published records, searched as in the list, in the form that select2 takes.

    `?term=` is what was typed, `page=` counts from 1, each `not=` is the key of one to leave out.
    """
    if not model_admin.has_publish_permission(request):
        raise PermissionDenied
    published, term = model_admin.get_queryset(request).published(), request.GET.get("term", "")
    found, has_duplicates = model_admin.get_search_results(request, published, term)
    found = found.distinct() if has_duplicates else found
    first = max(0, get_number_parameter(request, "page") - 1) * RECORDS_PER_PAGE
    records = list(found[first : first + RECORDS_PER_PAGE + 1])
    left_out = set(request.GET.getlist("not"))
    shown = [
        {"id": str(record.pk), "text": str(record)}
        for record in records[:RECORDS_PER_PAGE]
        if str(record.pk) not in left_out
    ]
    more = len(records) > RECORDS_PER_PAGE
    return JsonResponse({"results": shown, "pagination": {"more": more}})
