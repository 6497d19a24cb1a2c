from django.shortcuts import render
from django.utils.cache import patch_cache_control

from psychoplastogens.content.crisis import concern_in, panel_for
from psychoplastogens.delivery.addresses import MINUTE, public, unlisted
from psychoplastogens.delivery.client_address import client_network
from psychoplastogens.lookup import missed, shelf
from psychoplastogens.lookup.published import KINDS

SHOWN = 6
SHOWN_OF_ONE_KIND = 60


def found(request):
    """What the address asks for, and what was found.

    Words that call for help are searched for as they stand: no spelling makes "calling" of them.
    """
    kind, asked = request.GET.get("kind", ""), request.GET.get("q", "")
    concern = concern_in(asked)
    copy = shelf.copy()
    answer = copy.index.search(
        asked,
        exact="exact" in request.GET or bool(concern and concern.is_danger),
        kind=kind,
        most=SHOWN_OF_ONE_KIND if kind in KINDS else SHOWN,
    )
    return {
        "answer": answer,
        "groups": [(KINDS[group.kind][0], group) for group in answer.groups],
        "topics": copy.topics,
        "panel": panel_for(concern) if concern else None,
        "helping": copy.helping,
    }


def private(response):
    """Any text may be searched for, so no shared cache keeps the answers."""
    patch_cache_control(response, private=True, max_age=MINUTE)
    return response


@public("q", "exact", "kind")
def search(request):
    context = found(request)
    if not context["groups"] and not context["panel"]:
        missed.note(context["answer"].asked, client_network(request))
    return private(render(request, "lookup/search.html", context))


@public("q", "exact", "kind")
def search_results(request):
    context = found(request) | {"in_place": True}
    return unlisted(private(render(request, "lookup/_results.html", context)))
