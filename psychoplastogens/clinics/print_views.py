"""Handouts that carry the name and phone of a clinic, typed for this print alone."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseRedirect
from django.shortcuts import render

from psychoplastogens.clinics import list_handouts
from psychoplastogens.clinics.printed_contact import PrintedContactForm
from psychoplastogens.clinics.shortcuts import get_reading_list_or_404
from psychoplastogens.delivery.decorators import noindex, public_form
from psychoplastogens.delivery.rate_limits import LISTS, rate_limited
from psychoplastogens.editorial.shortcuts import get_published_page
from psychoplastogens.handouts.chosen_parts import build_chosen_document, find_chosen_parts
from psychoplastogens.handouts.document import HandoutLayout
from psychoplastogens.handouts.responses import read_layout, render_handout


def build_printed_contact_view(model):
    """The view of the form for the handouts of `model`; a POST of it is answered with the PDF."""

    @public_form(model.handout_parameters)
    def page_printed_contact(request, slug):
        page = get_published_page(model, slug)
        chosen, has_all = find_chosen_parts(page, request.GET.getlist("section"))
        if not has_all:
            asked = request.GET.urlencode()
            return HttpResponseRedirect(f"{page.get_absolute_url()}handout.pdf?{asked}")

        def build(layout):
            more = request.GET.get("depth") == "more"
            return build_chosen_document(page, chosen, layout, more=more)

        where = {"title": str(page), "back": page.get_absolute_url()}
        return answer_printed_contact(request, build, where, page.slug)

    return page_printed_contact


@public_form(())
@rate_limited(LISTS)
def list_printed_contact(request, codes):
    made = get_reading_list_or_404(codes)

    def build(layout):
        return list_handouts.build_list_document(made, layout)

    where = {"back": made.get_absolute_url(), "several": True}
    return answer_printed_contact(request, build, where, "reading-list")


def answer_printed_contact(
    request, build: Callable[[HandoutLayout], dict[str, Any]], where: dict[str, Any], slug: str
):
    """The form; for one that was filled in rightly the PDF that `build` makes, with its words.

    `where` has the address to go `back` to, the `title` of the page, and `several` for a list.
    """
    sent = request.POST if request.method == "POST" else None
    form = PrintedContactForm(sent)
    if form.is_valid():
        handout = build(read_layout(request)) | {"added": form.as_handout_data()}
        return render_handout(request, handout, slug, private=True)
    status = 200 if sent is None else 422
    context = {"form": form} | where
    return noindex(render(request, "clinics/printed_contact.html", context, status=status))
