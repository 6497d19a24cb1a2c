from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from psychoplastogens.clinics import item_pages, opening
from psychoplastogens.clinics.doors import find_clinic, find_pack
from psychoplastogens.clinics.models.link import normal_code
from psychoplastogens.clinics.models.pack import minutes_of
from psychoplastogens.delivery.addresses import Gone, public, unlisted


class SeeOther(HttpResponseRedirect):
    """303: what the address stands for is to be read elsewhere (RFC 9110, 15.4.4)."""

    status_code = 303


@cache_control(no_store=True)  # Each opening is counted.
@csrf_exempt
@require_safe
def short_link(request, code):
    """Straight to the page, whatever a mail program added behind a “?”."""
    try:
        address = opening.open_link(normal_code(code))
    except opening.UnknownCode:
        return render(request, "clinics/short_link_entry.html", {"is_unknown": True}, status=404)
    if not address:
        raise Gone("The page that this short link led to was deleted.")
    return SeeOther(address)


@public("code")
def short_link_entry(request):
    """Where people land who typed a short link without its code."""
    typed = request.GET.get("code", "")
    if code := normal_code(typed):
        return SeeOther(f"{request.path}{code}/")
    return render(request, "clinics/short_link_entry.html", {"is_unknown": bool(typed)})


@public()
def no_clinic_named(request):
    raise Http404("The address of a reading list begins with the name of its clinic.")


@public()
def clinic_detail(request, clinic):
    clinic = find_clinic(clinic)
    context = {"clinic": clinic, "packs": clinic.packs.live()}
    return unlisted(render(request, "clinics/clinic_detail.html", context))


@public()
def pack_detail(request, clinic, pack):
    pack = find_pack(clinic, pack)
    if not pack.is_live:
        return closed(request, pack)
    items = pack.shown_items()
    reasons = [] if items else pack.reasons()
    context = {
        "clinic": pack.clinic,
        "pack": pack,
        "items": items,
        "minutes": minutes_of(items),
        "reasons": reasons,
        "list_address": pack.get_absolute_url(),
    }
    status = 410 if reasons else 200
    return unlisted(render(request, "clinics/pack_detail.html", context, status=status))


@public("depth")
def item_detail(request, clinic, pack, number):
    """A page of the list, in the list: with the clinic's phone, and the way to the next page."""
    pack = find_pack(clinic, pack)
    if not pack.is_live:
        return closed(request, pack)
    items = pack.shown_items()
    if not 1 <= number <= len(items):
        return HttpResponseRedirect(pack.get_absolute_url())
    item = items[number - 1]
    context = item_pages.shown(item, request.GET.get("depth", "")) | {
        "clinic": pack.clinic,
        "pack": pack,
        "item": item,
        "total": len(items),
        "item_before": items[number - 2] if number > 1 else None,
        "item_after": items[number] if number < len(items) else None,
    }
    return unlisted(render(request, "clinics/item_detail.html", context))


def closed(request, pack):
    """The clinic has closed this list: the page says so and how to reach the clinic."""
    context = {"clinic": pack.clinic}
    return unlisted(render(request, "clinics/pack_closed.html", context, status=410))
