from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from psychoplastogens.clinics import opening
from psychoplastogens.clinics.models.link import normal_code
from psychoplastogens.delivery.addresses import Gone, public


class SeeOther(HttpResponseRedirect):
    """303: what the address stands for is to be read elsewhere (RFC 9110, 15.4.4)."""

    status_code = 303


@never_cache
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


def clinic_detail(request, clinic): ...
def pack_detail(request, clinic, pack): ...
def item_detail(request, clinic, pack, number): ...
