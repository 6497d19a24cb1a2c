"""Reading lists that are ready, so that a busy front desk need not begin with an empty one."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from psychoplastogens.clinics.reading_lists import ListablePages, ReadingList, make_page_code


class PresetList(NamedTuple):
    """`names` are "kind:name" as of a ListablePage; a page that is not published is left out."""

    title: Promise
    names: tuple[str, ...]

    @property
    def codes(self) -> list[str]:
        return [make_page_code(*name.split(":")) for name in self.names]


PRESETS = (
    PresetList(
        _("Before a first visit"),
        (
            "explainer:is-it-for-me",
            "explainer:before-your-first-visit",
            "walkthrough:how-ketamine-works",
            "question_list:",
        ),
    ),
    PresetList(
        _("Before the day of treatment"),
        (
            "explainer:the-day-of-your-treatment",
            "section:safety-and-side-effects/medicines-food-and-driving",
            "section:safety-and-side-effects/serious-risks-and-when-to-call",
        ),
    ),
    PresetList(
        _("After treatment"),
        (
            "explainer:after-treatment",
            "section:safety-and-side-effects/serious-risks-and-when-to-call",
            "question_list:",
        ),
    ),
    PresetList(
        _("For family and friends"),
        (
            "explainer:for-families",
            "section:the-day-of-your-treatment/going-home",
            "walkthrough:how-ketamine-works",
        ),
    ),
)


def build_preset_lists(pages: ListablePages) -> list[tuple[Promise, ReadingList]]:
    """(title, list) of each of them that has a published page."""
    pages.fetch(code for preset in PRESETS for code in preset.codes)
    lists = [(one.title, ReadingList(pages.find_by_codes(one.codes))) for one in PRESETS]
    return [(title, made) for title, made in lists if made.pages]
