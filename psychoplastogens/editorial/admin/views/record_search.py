"""The search of the admin over records, texts and drafts."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse

from psychoplastogens.editorial.admin.record_search import (
    clean_query,
    find_records,
    get_named_record,
    split_query,
)
from psychoplastogens.editorial.admin.text_search import find_texts


def search_records(request):
    """Show what `?q=` finds of all that the account may see; open what it names whole."""
    query = clean_query(request.GET.get("q", ""))
    words = split_query(query)
    groups = find_records(request, query) if words else []
    if named := get_named_record(groups):
        return HttpResponseRedirect(named.address)
    texts, has_more = find_texts(request, words) if words else ([], False)
    context = {
        **admin.site.each_context(request),
        "title": "Search",
        "query": query,
        "groups": groups,
        "texts": texts,
        "has_more": has_more,
    }
    return TemplateResponse(request, "admin/record_search.html", context)
