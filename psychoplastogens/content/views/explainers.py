from django.shortcuts import render

from psychoplastogens.content import structured
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
    sections = list(explainer.sections.all())
    section = find_part(sections, section)
    place = sections.index(section)
    prose = Prose([section.plain, section.more], heading=2)
    context = {
        "explainer": explainer,
        "sections": sections,
        "section": section,
        "number": place + 1,
        "previous": sections[place - 1] if place else None,
        "next": sections[place + 1] if place + 1 < len(sections) else None,
        "next_explainer": Explainer.objects.published().after(explainer),
        "prose": prose,
        "depth": request.GET.get("depth", ""),
        "structured": structured.section(explainer, section, prose),
    }
    return render(request, "content/section_detail.html", context)


@public("depth")
def explainer_all(request, slug):
    explainer = find(Explainer.objects.with_sections(), slug)
    sections = explainer.sections.all()
    texts = [explainer.key_points] + [t for s in sections for t in (s.plain, s.more)]
    context = {
        "explainer": explainer,
        "sections": sections,
        "prose": Prose(texts),
        "depth": request.GET.get("depth", ""),
    }
    return render(request, "content/explainer_all.html", context)
