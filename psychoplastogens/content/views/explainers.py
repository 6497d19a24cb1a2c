from django.shortcuts import render

from psychoplastogens.content import showing, structured
from psychoplastogens.content.models import Explainer
from psychoplastogens.content.pages import Prose
from psychoplastogens.delivery.addresses import public
from psychoplastogens.editorial.doors import find, find_part


@public()
def explainer_list(request):
    context = {"explainers": Explainer.objects.published().with_sections()}
    return render(request, "content/explainer_list.html", context)


@public("depth")
def explainer_detail(request, slug):
    explainer = find(Explainer.objects.with_sections(), slug)
    prose = Prose([explainer.key_points])
    context = {
        "explainer": explainer,
        "sections": explainer.sections.all(),
        "prose": prose,
        "depth": request.GET.get("depth", ""),
        "structured": structured.explainer(explainer, prose),
    }
    return render(request, "content/explainer_detail.html", context)


@public("depth")
def section_detail(request, slug, section):
    explainer = find(Explainer.objects.with_sections(), slug)
    section = find_part(list(explainer.sections.all()), section)
    context = showing.section_detail(explainer, section, request.GET.get("depth", ""))
    return render(request, "content/section_detail.html", context)


@public("depth")
def explainer_all(request, slug):
    explainer = find(Explainer.objects.with_sections(), slug)
    context = showing.explainer_all(explainer, request.GET.get("depth", ""))
    return render(request, "content/explainer_all.html", context)
