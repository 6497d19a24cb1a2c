"""Reading lists to start from, so that a busy front desk need not begin with an empty one."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from psychoplastogens.clinics.lists import Pages, ReadingList


class Starter(NamedTuple):
    """`names` are "kind:name" as in lists.Page; a page that is not published is left out."""

    title: str
    names: tuple[str, ...]


STARTERS = (
    Starter(
        _("Before a first visit"),
        (
            "explainer:is-it-for-me",
            "explainer:before-your-first-visit",
            "walkthrough:how-ketamine-works",
            "question_list:",
        ),
    ),
    Starter(
        _("Before the day of treatment"),
        (
            "explainer:the-day-of-your-treatment",
            "section:safety-and-side-effects/medicines-food-and-driving",
            "section:safety-and-side-effects/serious-risks-and-when-to-call",
        ),
    ),
    Starter(
        _("After treatment"),
        (
            "explainer:after-treatment",
            "section:safety-and-side-effects/serious-risks-and-when-to-call",
            "question_list:",
        ),
    ),
    Starter(
        _("For family and friends"),
        (
            "explainer:for-families",
            "section:the-day-of-your-treatment/going-home",
            "walkthrough:how-ketamine-works",
        ),
    ),
)


def starting_lists(pages: Pages) -> list[tuple[str, ReadingList]]:
    """(title, list) of each starter of which a page is published."""
    lists = [(starter.title, ReadingList(pages.named(starter.names))) for starter in STARTERS]
    return [(title, one) for title, one in lists if one.pages]
