from django.shortcuts import render

from psychoplastogens.delivery.decorators import noindex, public_page
from psychoplastogens.editorial.shortcuts import get_published_page
from psychoplastogens.handouts.chosen_parts import build_chosen_document, find_chosen_parts
from psychoplastogens.handouts.responses import LAYOUT_PARAMETERS, read_layout, render_handout


def build_handout_view(model):
    """The view of the handouts of `model`, which reads the parameters that the model names."""

    @public_page(*LAYOUT_PARAMETERS, *model.handout_parameters, stored=False)
    def page_handout(request, slug):
        page = get_published_page(model, slug)
        chosen, has_all = find_chosen_parts(page, request.GET.getlist("section"))
        if not has_all:
            return render_section_choice(request, page, chosen)
        more = request.GET.get("depth") == "more"
        handout = build_chosen_document(page, chosen, read_layout(request), more=more)
        return render_handout(request, handout, page.slug)

    return page_handout


def render_section_choice(request, page, chosen):
    """A part was asked for that the page does not have: which it has, the others still ticked."""
    context = {
        "page": page,
        "sections": page.part_pages,
        "ticked": {part.slug for part in chosen},
        "depth": request.GET.get("depth", ""),
    }
    return noindex(render(request, "handouts/section_choice.html", context, status=404))
