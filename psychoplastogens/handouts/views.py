from django.http import Http404
from django.shortcuts import render

from psychoplastogens.content.models import Compound, Condition, Explainer, Faq
from psychoplastogens.delivery.decorators import noindex, public_page
from psychoplastogens.delivery.exceptions import PageMoved
from psychoplastogens.editorial.shortcuts import get_part_or_404, get_published_or_gone
from psychoplastogens.handouts import document, sheets
from psychoplastogens.handouts.responses import read_layout, render_handout
from psychoplastogens.walkthrough.models import Walkthrough


def render_page_handout(request, sheet):
    return render_handout(
        request, document.build_page_document(sheet, read_layout(request)), sheet.record.slug
    )


@public_page("paper", "size")
def compound_handout(request, slug):
    return render_page_handout(
        request,
        sheets.build_compound_sheet(get_published_or_gone(Compound.objects.with_statuses(), slug)),
    )


@public_page("paper", "size")
def condition_handout(request, slug):
    return render_page_handout(
        request,
        sheets.build_condition_sheet(get_published_or_gone(Condition.objects.with_parts(), slug)),
    )


@public_page("paper", "size", "section", "depth")
def explainer_handout(request, slug):
    explainer = get_published_or_gone(Explainer.objects.with_sections(), slug)
    sections = list(explainer.sections.all())
    slugs = {find_current_slug(sections, asked) for asked in request.GET.getlist("section")}
    chosen = [section for section in sections if section.slug in slugs]
    if "" in slugs:
        return render_section_choice(request, explainer, chosen)
    sheet = sheets.build_explainer_sheet(explainer, chosen, more=request.GET.get("depth") == "more")
    return render_page_handout(request, sheet)


def render_section_choice(request, explainer, chosen):
    """A part was asked for that the guide does not have: which it has, the others still ticked."""
    context = {
        "explainer": explainer,
        "sections": explainer.sections.all(),
        "ticked": {section.slug for section in chosen},
        "depth": request.GET.get("depth", ""),
    }
    return noindex(render(request, "handouts/section_choice.html", context, status=404))


def find_current_slug(sections, slug):
    """The slug that a section has now, if it was renamed since; '' for one that is gone."""
    try:
        return get_part_or_404(sections, slug).slug
    except PageMoved as moved:
        return moved.new_url_kwargs["section"]
    except Http404:
        return ""


@public_page("paper", "size")
def faq_handout(request, slug):
    return render_page_handout(
        request, sheets.build_faq_sheet(get_published_or_gone(Faq.objects.with_topic(), slug))
    )


@public_page("paper", "size", "depth")
def walkthrough_handout(request, slug):
    walkthrough = get_published_or_gone(Walkthrough.objects.with_steps(), slug)
    more = request.GET.get("depth") == "more"
    return render_page_handout(request, sheets.build_walkthrough_sheet(walkthrough, more))
