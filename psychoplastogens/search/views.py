from django.shortcuts import render
from django.utils.cache import patch_cache_control

from psychoplastogens.content.crisis import concern_in, panel_for
from psychoplastogens.delivery.addresses import MINUTE, public, unlisted
from psychoplastogens.delivery.client_address import client_network
from psychoplastogens.search import index_cache, zero_results
from psychoplastogens.search.documents import RESULT_KINDS

RESULTS_PER_KIND = 6
RESULTS_OF_SINGLE_KIND = 60


def build_search_context(request):
    """What the address asks for, and what was found.

    Words that call for help are searched for as they stand: no spelling makes "calling" of them.
    """
    kind, asked = request.GET.get("kind", ""), request.GET.get("q", "")
    concern = concern_in(asked)
    copy = index_cache.get_current_index()
    answer = copy.index.search(
        asked,
        exact="exact" in request.GET or bool(concern and concern.is_danger),
        kind=kind,
        most=RESULTS_OF_SINGLE_KIND if kind in RESULT_KINDS else RESULTS_PER_KIND,
    )
    return {
        "answer": answer,
        "groups": [(RESULT_KINDS[group.kind][0], group) for group in answer.groups],
        "topics": copy.topics,
        "panel": panel_for(concern) if concern else None,
        "helping": copy.helping,
    }


def cache_privately(response):
    """Any text may be searched for, so no shared cache keeps the answers."""
    patch_cache_control(response, private=True, max_age=MINUTE)
    return response


@public("q", "exact", "kind")
def search(request):
    context = build_search_context(request)
    if not context["groups"] and not context["panel"]:
        zero_results.count_zero_result_search(context["answer"].asked, client_network(request))
    return cache_privately(render(request, "search/search.html", context))


@public("q", "exact", "kind")
def search_results(request):
    context = build_search_context(request) | {"in_place": True}
    return unlisted(cache_privately(render(request, "search/_results.html", context)))
