"""From a new clinic to its first link: a list that is ready becomes a list of the clinic's own."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.text import slugify

from psychoplastogens.clinics.list_presets import PRESETS, PresetList
from psychoplastogens.clinics.models import Clinic, Pack
from psychoplastogens.clinics.reading_lists import ListablePages, ReadingList


def list_missing_presets(clinic: Clinic) -> list[tuple[int, PresetList]]:
    """The ready lists that the clinic has not made, each with its number in PRESETS."""
    made = {pack.slug for pack in clinic.packs.all()}
    return [
        (number, preset)
        for number, preset in enumerate(PRESETS)
        if slugify(str(preset.title)) not in made
    ]


@transaction.atomic
def make_pack(clinic: Clinic, preset: PresetList) -> Pack:
    """A list of the clinic with the pages of a ready one; the one that it made of it before.

    Raises ValidationError where the clinic cannot have it.
    """
    title = str(preset.title)
    if found := clinic.packs.filter(slug=slugify(title)).first():
        return found
    pack = Pack(clinic=clinic, title=title, slug=slugify(title))
    pack.full_clean()
    pack.save()
    made = ReadingList(ListablePages().find_by_codes(preset.codes))
    for order, item in enumerate(made.items, start=1):
        item.pack, item.order = pack, order
        item.full_clean()
        item.save()
    return pack


class ReadyListAdminMixin:
    """For the admin of packs: POST `clinic` and `ready` (a number of PRESETS) makes a list."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.make_ready_list)
        return [path("ready/", view, name="clinics_pack_ready"), *super().get_urls()]

    def make_ready_list(self, request):
        if request.method != "POST" or not self.has_add_permission(request):
            raise PermissionDenied
        clinic = Clinic.objects.editable_by(request.user).find(request.POST.get("clinic", ""))
        number = request.POST.get("ready", "")
        if clinic is None or not number.isdecimal() or int(number) >= len(PRESETS):
            raise Http404("There is no such clinic of yours, or no such list.")
        try:
            pack = make_pack(clinic, PRESETS[int(number)])
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:clinics_pack_add"))
        said = "This is your list. Its pages and words can be changed at any time: links stay."
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:clinics_pack_hand_out", args=[pack.pk]))
