from django.http import Http404
from django.shortcuts import render

from psychoplastogens.delivery.decorators import noindex, public_page
from psychoplastogens.delivery.exceptions import PageMoved
from psychoplastogens.editorial.shortcuts import get_part_or_404, get_published_page
from psychoplastogens.handouts import document
from psychoplastogens.handouts.responses import LAYOUT_PARAMETERS, read_layout, render_handout


def build_handout_view(model):
    """The view of the handouts of `model`, which reads the parameters that the model names."""

    @public_page(*LAYOUT_PARAMETERS, *model.handout_parameters, stored=False)
    def page_handout(request, slug):
        page = get_published_page(model, slug)
        parts = page.part_pages
        slugs = {find_current_slug(parts, asked) for asked in request.GET.getlist("section")}
        chosen = [part for part in parts if part.slug in slugs]
        if "" in slugs:
            return render_section_choice(request, page, parts, chosen)
        layout, more = read_layout(request), request.GET.get("depth") == "more"
        if chosen or more or layout.length == document.FULL:
            handout = document.build_page_document(page.build_sheet(chosen, more=more), layout)
        else:
            handout = document.build_short_page_document(page.build_short_sheet(), layout)
        return render_handout(request, handout, page.slug)

    return page_handout


def render_section_choice(request, page, parts, chosen):
    """A part was asked for that the page does not have: which it has, the others still ticked."""
    context = {
        "page": page,
        "sections": parts,
        "ticked": {part.slug for part in chosen},
        "depth": request.GET.get("depth", ""),
    }
    return noindex(render(request, "handouts/section_choice.html", context, status=404))


def find_current_slug(parts, slug):
    """The slug that a part has now, if it was renamed since; '' for one that is gone."""
    try:
        return get_part_or_404(parts, slug).slug
    except PageMoved as moved:
        return moved.new_url_kwargs["section"]
    except Http404:
        return ""
