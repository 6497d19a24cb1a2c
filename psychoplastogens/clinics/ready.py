"""Reading lists that are ready, so that a busy front desk need not begin with an empty one."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from psychoplastogens.clinics.lists import Pages, ReadingList


class Ready(NamedTuple):
    """`names` are "kind:name" as in lists.Page; a page that is not published is left out."""

    title: str
    names: tuple[str, ...]


READY = (
    Ready(
        _("Before a first visit"),
        (
            "explainer:is-it-for-me",
            "explainer:before-your-first-visit",
            "walkthrough:how-ketamine-works",
            "question_list:",
        ),
    ),
    Ready(
        _("Before the day of treatment"),
        (
            "explainer:the-day-of-your-treatment",
            "section:safety-and-side-effects/medicines-food-and-driving",
            "section:safety-and-side-effects/serious-risks-and-when-to-call",
        ),
    ),
    Ready(
        _("After treatment"),
        (
            "explainer:after-treatment",
            "section:safety-and-side-effects/serious-risks-and-when-to-call",
            "question_list:",
        ),
    ),
    Ready(
        _("For family and friends"),
        (
            "explainer:for-families",
            "section:the-day-of-your-treatment/going-home",
            "walkthrough:how-ketamine-works",
        ),
    ),
)


def ready_lists(pages: Pages) -> list[tuple[str, ReadingList]]:
    """(title, list) of each of them that has a published page."""
    lists = [(one.title, ReadingList(pages.named(one.names))) for one in READY]
    return [(title, made) for title, made in lists if made.pages]
