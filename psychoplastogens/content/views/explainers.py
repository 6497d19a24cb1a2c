from django.shortcuts import render

from psychoplastogens.content import page_context
from psychoplastogens.content.models import Decision, Explainer
from psychoplastogens.delivery.decorators import public_page
from psychoplastogens.editorial.shortcuts import get_part_or_404, get_published_or_gone


@public_page()
def explainer_list(request):
    context = {
        "explainers": Explainer.objects.published().with_page_data(),
        "decisions": Decision.objects.published().with_page_data(),
    }
    return render(request, "content/explainer_list.html", context)


@public_page("depth")
def explainer_detail(request, slug):
    explainer = get_published_or_gone(Explainer.objects.with_page_data, slug)
    context = page_context.get_explainer_context(explainer, request.GET.get("depth", ""))
    return render(request, "content/explainer_detail.html", context)


@public_page("depth")
def section_detail(request, slug, section):
    explainer = get_published_or_gone(Explainer.objects.with_sections, slug)
    section = get_part_or_404(list(explainer.sections.all()), section)
    context = page_context.get_section_context(explainer, section, request.GET.get("depth", ""))
    return render(request, "content/section_detail.html", context)


@public_page("depth")
def explainer_all(request, slug):
    """The guide with all of its parts open."""
    explainer = get_published_or_gone(Explainer.objects.with_page_data, slug)
    context = page_context.get_explainer_context(explainer, request.GET.get("depth", ""))
    return render(request, "content/explainer_detail.html", context | {"is_whole": True})
