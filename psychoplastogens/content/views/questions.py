from django.shortcuts import render

from psychoplastogens.content import showing
from psychoplastogens.content.models import Faq, Topic
from psychoplastogens.content.pages import Prose
from psychoplastogens.delivery.addresses import public, unlisted
from psychoplastogens.editorial.doors import find


def faqs_found(request):
    """The questions that the address asks for, those chosen for the visit, and the filter."""
    topic = request.GET.get("topic", "")
    words = request.GET.get("find", "").strip()
    faqs = list(Faq.objects.published().with_topic().on_topic(topic).asking(words))
    chosen = list(dict.fromkeys(request.GET.getlist("q")))
    listed = {faq.slug for faq in faqs}
    return {
        "faqs": faqs,
        "chosen": chosen,
        "chosen_elsewhere": [slug for slug in chosen if slug not in listed],
        "topic": topic,
        "words": words,
        "prose": Prose(faq.answer for faq in faqs),
    }


@public("topic", "find", "q")
def faq_list(request):
    context = faqs_found(request) | {"topics": Topic.objects.published()}
    return render(request, "content/faq_list.html", context)


@public("topic", "find", "q")
def faq_results(request):
    return unlisted(render(request, "content/_faq_results.html", faqs_found(request)))


@public()
def faq_detail(request, slug):
    faq = find(Faq.objects.with_topic(), slug)
    return render(request, "content/faq_detail.html", showing.faq_detail(faq))


@public("q", "about")
def ask(request):
    """The questions somebody chose for their visit, to print or to hold up."""
    context = showing.ask(request.GET.getlist("q"), request.GET.getlist("about"))
    return render(request, "content/ask.html", context)
