"""An entry for a patient's calendar: the day that a clinic types, and the link of a list."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from psychoplastogens.clinics.sharing.calendar_entry import build_calendar_entry
from psychoplastogens.clinics.sharing.list_kits import build_list_share_kit, build_pack_share_kit
from psychoplastogens.clinics.sharing.visit_form import VisitForm
from psychoplastogens.clinics.shortcuts import get_pack_or_404, get_reading_list_or_404
from psychoplastogens.delivery.decorators import noindex, public_form
from psychoplastogens.delivery.rate_limits import LISTS, rate_limited


@public_form(["words"])
@rate_limited(LISTS)
def list_visit(request, codes):
    made = get_reading_list_or_404(codes)
    kit = build_list_share_kit(made, request.GET.get("words", ""))
    return answer_visit(request, kit, made.get_absolute_url())


@public_form(["words"])
@rate_limited(LISTS)
def pack_visit(request, clinic, pack):
    """A closed or empty list has no entry: its own page says so."""
    found = get_pack_or_404(clinic, pack)
    if not found.is_live or not found.get_visible_items():
        return HttpResponseRedirect(found.get_absolute_url())
    kit = build_pack_share_kit(found, request.GET.get("words", ""))
    return answer_visit(request, kit, found.get_absolute_url())


def answer_visit(request, kit, back):
    """The form; for one that was filled in rightly the entry, as a file."""
    sent = request.POST if request.method == "POST" else None
    form = VisitForm(sent)
    if form.is_valid():
        entry = build_calendar_entry(kit, form.cleaned_data["day"], form.cleaned_data["at"])
        response = HttpResponse(entry, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="visit.ics"'
        return noindex(response)
    status = 200 if sent is None else 422
    context = {"form": form, "back": back}
    return noindex(render(request, "clinics/visit.html", context, status=status))
