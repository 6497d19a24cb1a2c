"""The copies of a list: of a clinic's own, and of one that anybody made."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from psychoplastogens.clinics.models import Pack, PackItem
from psychoplastogens.clinics.models.pack import list_records, sum_minutes
from psychoplastogens.clinics.reading_lists import ReadingList
from psychoplastogens.clinics.sharing.kit import ShareKit
from psychoplastogens.short_links.models import ShortLink


def build_list_share_kit(made: ReadingList, words: str) -> ShareKit:
    """A list that anybody made, by its short link where it has one.

    `words` is "named" where copies may name its pages.
    """
    items = made.items
    return ShareKit(
        address=settings.SITE_ORIGIN + (made.short_link or made).get_absolute_url(),
        titles=tuple(item.title for item in items),
        minutes=sum_minutes(items),
        version=get_version(items),
        discreet=words != "named",
    )


def build_pack_share_kit(pack: Pack, words: str) -> ShareKit:
    """A pack, by its short link. `words` ("neutral", "named") overrules the clinic's choice."""
    items, clinic = pack.get_visible_items(), pack.clinic
    assert clinic is not None  # Only lists of a clinic are handed out.
    discreet = {"neutral": True, "named": False}.get(words, clinic.discreet_previews)
    link = ShortLink.objects.get_or_create_for(pack)
    return ShareKit(
        address=settings.SITE_ORIGIN + link.get_absolute_url(),
        titles=tuple(item.title for item in items),
        minutes=sum_minutes(items),
        version=get_version(items),
        title=pack.title,
        clinic=clinic.name,
        phone=clinic.phone,
        color=clinic.color,
        logo=clinic.logo_address,
        discreet=discreet,
    )


def get_version(items: list[PackItem]) -> date | None:
    """The day of the last change of what the pages of a list say; None without a page."""
    return max((record.changed_on for record in list_records(items)), default=None)
