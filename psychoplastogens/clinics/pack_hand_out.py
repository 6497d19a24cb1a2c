"""“Hand it out” in the admin: everything to copy for a clinic's own list, for its editors alone."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse

from psychoplastogens.clinics import handing_out
from psychoplastogens.clinics.copies import HandOut
from psychoplastogens.clinics.models import ShortLink
from psychoplastogens.clinics.models.pack import minutes_of


def handed_out(pack, words):
    """A pack as something to hand out, by its short link. `words` overrules the clinic's choice."""
    items = pack.shown_items()
    discreet = {"neutral": True, "named": False}.get(words, pack.clinic.discreet_previews)
    link = ShortLink.objects.for_object(pack)
    return HandOut(
        address=settings.SITE_ORIGIN + link.get_absolute_url(),
        titles=tuple(item.title for item in items),
        minutes=minutes_of(items),
        title=pack.title,
        clinic=pack.clinic.name,
        phone=pack.clinic.phone,
        discreet=discreet,
    )


class HandsOut:
    """For the admin of packs: the pages below a pack's form that hand it out."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.handing_out_view)
        return [
            path("<uuid:key>/hand-out/", view, name="clinics_pack_hand_out"),
            path("<uuid:key>/hand-out/<path:part>", view),
            *super().get_urls(),
        ]

    def handing_out_view(self, request, key, part=""):
        pack = self.get_object(request, str(key))
        if not pack or not self.has_view_permission(request, pack):
            raise Http404("There is no such reading list among those that you may see.")
        form = reverse("admin:clinics_pack_change", args=[pack.pk])
        if why_not := reason_to_wait(pack):
            self.message_user(request, why_not, messages.WARNING)
            return HttpResponseRedirect(form)
        handout = handed_out(pack, request.GET.get("words", ""))
        where = {"base": request.path, "change": form, "list_address": pack.get_absolute_url()}
        answers = {
            "": lambda: handing_out.page(request, handout, where),
            "email/": lambda: handing_out.email_preview(request, handout),
            "qr.svg": lambda: handing_out.qr_picture(handout, "svg"),
            "qr.png": lambda: handing_out.qr_picture(handout, "png"),
            "poster/": lambda: handing_out.poster(request, handout),
        }
        if part not in answers:
            raise Http404("There is no such copy of a reading list.")
        return answers[part]()


def reason_to_wait(pack):
    """Why a pack cannot be handed out yet; '' where it can."""
    if not pack.is_live:
        return "This list is closed: patients could not open its link. Tick “open” and save it."
    if not pack.shown_items():
        return "Patients would find nothing in this list. Add a page that they can see, and save."
    return ""
