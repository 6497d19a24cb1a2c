"""“Hand it out” in the admin: everything to copy for a clinic's own list, for its editors alone."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse

from psychoplastogens.clinics.sharing import responses
from psychoplastogens.clinics.sharing.list_kits import build_pack_share_kit


class PackSharingAdminMixin:
    """For the admin of packs: the pages below a pack's form that hand it out."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.share_view)
        return [
            path("<uuid:key>/hand-out/", view, name="clinics_pack_hand_out"),
            path("<uuid:key>/hand-out/<path:part>", view),
            *super().get_urls(),
        ]

    def share_view(self, request, key, part=""):
        pack = self.get_object(request, str(key))
        if not pack or not self.has_view_permission(request, pack):
            raise Http404("There is no such reading list among those that you may see.")
        form = reverse("admin:clinics_pack_change", args=[pack.pk])
        if why_not := find_sharing_obstacle(pack):
            self.message_user(request, why_not, messages.WARNING)
            return HttpResponseRedirect(form)
        kit = build_pack_share_kit(pack, request.GET.get("words", ""))
        where = {"base": request.path, "change": form, "list_address": pack.get_absolute_url()}
        where["first_page"] = reverse("admin:index")
        answers = {
            "": lambda: responses.render_share_page(
                request, kit, where | {"said": messages.get_messages(request)}
            ),
            "email/": lambda: responses.render_email_preview(request, kit),
            "qr.svg": lambda: responses.render_qr_image(kit, "svg"),
            "qr.png": lambda: responses.render_qr_image(kit, "png"),
            "labels.pdf": lambda: responses.render_labels(request, kit, form),
            "poster/": lambda: responses.render_poster(request, kit),
        }
        if part not in answers:
            raise Http404("There is no such copy of a reading list.")
        return answers[part]()


def find_sharing_obstacle(pack):
    """Why a pack cannot be handed out yet; '' where it can."""
    if not pack.clinic_id:
        return "Each clinic of the group hands it out: open the copy of a clinic."
    if not pack.is_live:
        return "This list is closed: patients could not open its link. Tick “open” and save it."
    if not pack.get_visible_items():
        return "Patients would find nothing in this list. Add a page that they can see, and save."
    return ""
