from django.shortcuts import render

from psychoplastogens.content import page_context
from psychoplastogens.content.models import Faq, Topic
from psychoplastogens.content.rendering.prose_renderer import ProseRenderer
from psychoplastogens.delivery.decorators import noindex, public_page
from psychoplastogens.delivery.pagination import (
    ShortListPaginator,
    build_list_query,
    get_page_or_404,
)
from psychoplastogens.editorial.shortcuts import get_published_or_gone

QUESTIONS_PER_PAGE = 200
"""So many that a link to a place on the list still finds it there."""
ANSWERS_ON_A_LIST = 40
"""A longer list has the questions alone, each with the way to its answer."""


def build_faq_context(request):
    """The questions that the address asks for, those chosen for the visit, and the filter."""
    topic = request.GET.get("topic", "")
    words = request.GET.get("find", "").strip()
    faqs = Faq.objects.published().with_topic().on_topic(topic).matching(words)
    page = get_page_or_404(request, ShortListPaginator(faqs, QUESTIONS_PER_PAGE))
    chosen = list(dict.fromkeys(request.GET.getlist("q")))
    listed = {faq.slug for faq in page}
    has_answers = len(page) <= ANSWERS_ON_A_LIST
    return {
        "page": page,
        "list_query": build_list_query(topic=topic, find=words),
        "chosen": chosen,
        "chosen_elsewhere": [slug for slug in chosen if slug not in listed],
        "topic": topic,
        "words": words,
        "has_answers": has_answers,
        "prose": ProseRenderer(faq.answer for faq in page if has_answers),
    }


@public_page("topic", "find", "q", "page", stored_with=["topic", "page"])
def faq_list(request):
    context = build_faq_context(request) | {"topics": Topic.objects.published()}
    return render(request, "content/faq_list.html", context)


@public_page("topic", "find", "q", "page", stored_with=["topic", "page"])
def faq_results(request):
    return noindex(render(request, "content/_faq_results.html", build_faq_context(request)))


@public_page()
def faq_detail(request, slug):
    faq = get_published_or_gone(Faq.objects.with_topic, slug)
    return render(request, "content/faq_detail.html", page_context.get_faq_context(faq))


@public_page("q", "about", stored_with=[])
def ask(request):
    """The questions somebody chose for their visit, to print or to hold up."""
    context = page_context.get_question_list_context(
        request.GET.getlist("q"), request.GET.getlist("about")
    )
    return render(request, "content/ask.html", context)
