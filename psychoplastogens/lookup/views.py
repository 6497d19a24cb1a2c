from django.shortcuts import render
from django.utils.cache import patch_cache_control

from psychoplastogens.delivery.addresses import MINUTE, public, unlisted
from psychoplastogens.delivery.client_address import client_network
from psychoplastogens.lookup import missed, shelf
from psychoplastogens.lookup.published import KINDS
from psychoplastogens.lookup.words import names_crisis

SHOWN = 6
SHOWN_OF_ONE_KIND = 60


def found(request):
    """What the address asks for, and what was found."""
    kind = request.GET.get("kind", "")
    copy = shelf.copy()
    answer = copy.index.search(
        request.GET.get("q", ""),
        exact="exact" in request.GET,
        kind=kind,
        most=SHOWN_OF_ONE_KIND if kind in KINDS else SHOWN,
    )
    return {
        "answer": answer,
        "groups": [(KINDS[group.kind][0], group) for group in answer.groups],
        "topics": copy.topics,
        "names_crisis": names_crisis(f"{answer.asked} . {answer.searched}"),
    }


def private(response):
    """Any text may be searched for, so no shared cache keeps the answers."""
    patch_cache_control(response, private=True, max_age=MINUTE)
    return response


@public("q", "exact", "kind")
def search(request):
    context = found(request)
    if not context["groups"] and not context["names_crisis"]:
        missed.note(context["answer"].asked, client_network(request))
    return private(render(request, "lookup/search.html", context))


@public("q", "exact", "kind")
def search_results(request):
    context = found(request) | {"in_place": True}
    return unlisted(private(render(request, "lookup/_results.html", context)))
