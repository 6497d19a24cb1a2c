from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from psychoplastogens.clinics import item_context, list_handouts
from psychoplastogens.clinics.models.pack import split_read_first
from psychoplastogens.clinics.shortcuts import get_clinic_or_404, get_pack_or_404
from psychoplastogens.delivery.decorators import noindex, public_page
from psychoplastogens.delivery.page_store.policies import CONTENT, LISTS
from psychoplastogens.handouts.document import get_shortest_url
from psychoplastogens.handouts.responses import LAYOUT_PARAMETERS, read_layout, render_handout


@public_page()
def no_clinic_named(request):
    raise Http404("The address of a reading list begins with the name of its clinic.")


@public_page(depends_on=[CONTENT, LISTS])
def clinic_detail(request, clinic):
    clinic = get_clinic_or_404(clinic)
    context = {"clinic": clinic, "packs": clinic.packs.live()}
    return noindex(render(request, "clinics/clinic_detail.html", context))


@public_page(stored=False)
def clinic_logo(request, clinic, key):
    """The logo that the clinic has now; one that it had is a 404."""
    clinic = get_clinic_or_404(clinic)
    if clinic.logo_id != key:
        raise Http404("There is no such logo.")
    return noindex(HttpResponse(bytes(clinic.logo.png), content_type="image/png"))


@public_page(depends_on=[CONTENT, LISTS])
def pack_detail(request, clinic, pack):
    pack = get_pack_or_404(clinic, pack)
    if not pack.is_live:
        return render_closed_pack(request, pack)
    items = pack.get_visible_items()
    reasons = [] if items else pack.get_withdrawal_reasons()
    context = {
        "clinic": pack.clinic,
        "pack": pack,
        "reasons": reasons,
        "list_address": pack.get_absolute_url(),
    } | item_context.build_items_context(items, get_shortest_url(pack))
    status = 410 if reasons else 200
    return noindex(render(request, "clinics/pack_detail.html", context, status=status))


@public_page("depth", depends_on=[CONTENT, LISTS])
def item_detail(request, clinic, pack, number):
    """A page of the list, in the list: with the clinic's phone, and the way to the next page."""
    pack = get_pack_or_404(clinic, pack)
    if not pack.is_live:
        return render_closed_pack(request, pack)
    items = pack.get_visible_items()
    if not 1 <= number <= len(items):
        return HttpResponseRedirect(pack.get_absolute_url())
    item = items[number - 1]
    first, more = split_read_first(items)
    in_order = [*first, *more]
    place = in_order.index(item)
    context = item_context.build_item_context(item, request.GET.get("depth", "")) | {
        "clinic": pack.clinic,
        "pack": pack,
        "item": item,
        "place": place + 1,
        "total": len(items),
        "item_before": in_order[place - 1] if place else None,
        "item_after": in_order[place + 1] if place + 1 < len(items) else None,
    }
    return noindex(render(request, "clinics/item_detail.html", context))


def render_closed_pack(request, pack):
    """The clinic has closed this list: the page says so and how to reach the clinic."""
    context = {"clinic": pack.clinic}
    return noindex(render(request, "clinics/pack_closed.html", context, status=410))


@public_page(*LAYOUT_PARAMETERS, stored=False)
def pack_handout(request, clinic, pack):
    """The reading list of a clinic on paper; a closed or empty one says so on its page."""
    found = get_pack_or_404(clinic, pack)
    items = found.get_visible_items() if found.is_live else []
    if not items:
        return HttpResponseRedirect(found.get_absolute_url())
    handout = list_handouts.build_pack_document(found, items, read_layout(request))
    return render_handout(request, handout, found.slug)
