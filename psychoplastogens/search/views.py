from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control

from psychoplastogens.content.crisis import detect_concern, get_crisis_panel
from psychoplastogens.content.other_languages import OTHER_LANGUAGES
from psychoplastogens.delivery.client_ip import get_client_network
from psychoplastogens.delivery.decorators import PAGE_MAX_AGE_SECONDS, noindex, public_page
from psychoplastogens.delivery.languages import get_translation_language
from psychoplastogens.delivery.rate_limits import SUGGESTIONS, rate_limited
from psychoplastogens.search import index_cache, zero_results
from psychoplastogens.search.documents import get_search_groups
from psychoplastogens.search.index import MAX_BEST_HITS
from psychoplastogens.search.spelling import is_question

RESULTS_PER_KIND = 6
RESULTS_OF_SINGLE_KIND = 60
MIN_SUGGESTION_LENGTH = 3
UNSUGGESTED_KINDS = ("claim", "source")
"""A title of these stands for nothing without what our page says of it."""


def build_search_context(request):
    """What the address asks for, and what was found.

    Words that call for help are searched for as they stand: no spelling makes "calling" of them.
    """
    kind, asked = request.GET.get("kind", ""), request.GET.get("q", "")
    concern = detect_concern(asked)
    groups = get_search_groups()
    copy = index_cache.get_current_index()
    answer = copy.index.search(
        asked,
        exact="exact" in request.GET or bool(concern and concern.is_danger),
        kind=kind,
        most=RESULTS_OF_SINGLE_KIND if kind in groups else RESULTS_PER_KIND,
    )
    best = [] if kind in groups else answer.best
    return {
        "answer": answer,
        "best": [(groups[hit.document.kind].label, hit) for hit in best],
        "groups": [
            (groups[group.kind].label, group, hits)
            for group in answer.groups
            if (hits := group.without(best)) or group.has_more
        ],
        "card": find_answer_card(answer, copy.index.vocabulary, concern),
        "topics": copy.topics,
        "panel": get_crisis_panel(concern) if concern else None,
        "helping": copy.helping,
    }


def find_answer_card(answer, vocabulary, concern):
    """The best hit where somebody asks a question and its page answers; None in a crisis.

    None as well where a case is named: what is true of most medicines may be dangerous for one.
    """
    if concern or not answer.best or not is_question(answer.asked):
        return None
    if any(map(vocabulary.names_a_case, (answer.asked, answer.searched))):
        return None
    best = answer.best[0]
    return best if best.document.answer else None


def cache_privately(response):
    """Any text may be searched for, so no shared cache keeps the answers."""
    patch_cache_control(response, private=True, max_age=PAGE_MAX_AGE_SECONDS)
    return response


@public_page("q", "exact", "kind", stored=False)
def search(request):
    context = build_search_context(request)
    if not context["answer"].total and not context["panel"]:
        zero_results.count_zero_result_search(context["answer"].asked, get_client_network(request))
    return cache_privately(render(request, "search/search.html", context))


@public_page("q", "exact", "kind", stored=False)
def search_results(request):
    context = build_search_context(request) | {"in_place": True}
    return noindex(cache_privately(render(request, "search/_results.html", context)))


@public_page("q", stored=False)
def translations(request):
    """The pages in another language: all of them, or those that hold what was typed.

    While there is none, what the help page says in that language.
    """
    asked, language = request.GET.get("q", ""), get_translation_language()
    index = index_cache.get_current_index().index
    if not index.documents:
        return redirect(OTHER_LANGUAGES[language].address)
    concern = detect_concern(asked)
    answer = index.search(asked, exact=bool(concern), most=RESULTS_OF_SINGLE_KIND)
    context = {
        "answer": answer,
        "hits": [hit for group in answer.groups for hit in group.hits],
        "documents": [] if asked else index.documents,
        "panel": get_crisis_panel(concern) if concern else None,
    }
    return cache_privately(render(request, "search/translations.html", context))


@public_page("q", stored=False)
@rate_limited(SUGGESTIONS)
def search_suggestions(request):
    """The best pages for what is typed so far; who to call, and no page, in a crisis."""
    asked = request.GET.get("q", "")
    concern = detect_concern(asked)
    hits = []
    if not concern and len(asked.strip()) >= MIN_SUGGESTION_LENGTH:
        found = index_cache.get_current_index().index.search(asked, most=MAX_BEST_HITS).best
        hits = [hit for hit in found if hit.document.kind not in UNSUGGESTED_KINDS]
    context = {"hits": hits, "panel": get_crisis_panel(concern) if concern else None}
    return noindex(cache_privately(render(request, "search/_suggestions.html", context)))
