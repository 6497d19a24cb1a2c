from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from psychoplastogens.clinics.doors import find_list, find_pack
from psychoplastogens.clinics.handouts import document, lists, press, sheets
from psychoplastogens.content.models import Compound, Condition, Explainer, Faq
from psychoplastogens.delivery.addresses import Moved, public, unlisted
from psychoplastogens.editorial.doors import find, find_part
from psychoplastogens.walkthrough.models import Walkthrough


def form_of(request):
    return document.Form(request.GET.get("paper", ""), request.GET.get("size", ""))


def handed_out(request, handout, slug):
    """The answer with a handout; a page that says what to do where there can be none just now."""
    try:
        pdf = press.pdf(handout, request)
    except press.Unavailable:
        context = {"handout": handout, "can_print": press.is_here(), "wait": press.SECONDS_TO_WAIT}
        response = render(request, "clinics/handout_unavailable.html", context, status=503)
        response["Retry-After"] = str(press.SECONDS_TO_WAIT)
        response["Cache-Control"] = "no-store"
    else:
        response = HttpResponse(pdf, content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{slug}.pdf"'
        response["ETag"] = f'"{press.name_of(handout)[:32]}"'
    return unlisted(response)


def of_page(request, sheet):
    return handed_out(request, document.of_sheet(sheet, form_of(request)), sheet.record.slug)


@public("paper", "size")
def compound_handout(request, slug):
    return of_page(request, sheets.of_compound(find(Compound.objects.with_statuses(), slug)))


@public("paper", "size")
def condition_handout(request, slug):
    return of_page(request, sheets.of_condition(find(Condition.objects.with_parts(), slug)))


@public("paper", "size", "section", "depth")
def explainer_handout(request, slug):
    explainer = find(Explainer.objects.with_sections(), slug)
    sections = list(explainer.sections.all())
    slugs = {current_slug(sections, asked) for asked in request.GET.getlist("section")}
    chosen = [section for section in sections if section.slug in slugs]
    if "" in slugs:
        return choose_again(request, explainer, chosen)
    sheet = sheets.of_explainer(explainer, chosen, more=request.GET.get("depth") == "more")
    return of_page(request, sheet)


def choose_again(request, explainer, chosen):
    """A part was asked for that the guide does not have: which it has, the others still ticked."""
    context = {
        "explainer": explainer,
        "sections": explainer.sections.all(),
        "ticked": {section.slug for section in chosen},
        "depth": request.GET.get("depth", ""),
    }
    return unlisted(render(request, "clinics/handout_parts.html", context, status=404))


def current_slug(sections, slug):
    """The slug that a section has now, if it was renamed since; '' for one that is gone."""
    try:
        return find_part(sections, slug).slug
    except Moved as moved:
        return moved.renamed["section"]
    except Http404:
        return ""


@public("paper", "size")
def faq_handout(request, slug):
    return of_page(request, sheets.of_faq(find(Faq.objects.with_topic(), slug)))


@public("paper", "size", "depth")
def walkthrough_handout(request, slug):
    walkthrough = find(Walkthrough.objects.with_steps(), slug)
    more = request.GET.get("depth") == "more"
    return of_page(request, sheets.of_walkthrough(walkthrough, more))


@public("paper", "size")
def pack_handout(request, clinic, pack):
    """The reading list of a clinic as one handout; a closed or empty one says so on its page."""
    found = find_pack(clinic, pack)
    items = found.shown_items() if found.is_live else []
    if not items:
        return HttpResponseRedirect(found.get_absolute_url())
    handout = document.of_pack(found, lists.sheets_of(items), form_of(request))
    return handed_out(request, handout, found.slug)


@public("paper", "size")
def list_handout(request, codes):
    """A list that anybody made as one handout."""
    made = find_list(codes)
    handout = document.of_list(made, lists.sheets_of(made.items), form_of(request))
    return handed_out(request, handout, "reading-list")
