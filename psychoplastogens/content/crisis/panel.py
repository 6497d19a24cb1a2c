"""What is shown to somebody who may be in danger: one sentence, and what to tap."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from psychoplastogens.content.crisis.concerns import Concern, ConcernGroup
from psychoplastogens.delivery.crisis_lines import (
    CRISIS_COUNTRIES,
    ContactButton,
    CrisisCountry,
    get_crisis_country,
)


@dataclass(frozen=True)
class CrisisPanel:
    """The crisis panel. `is_small` (one row above the results) if there is no danger."""

    title: str
    sentence: str
    buttons: tuple[ContactButton, ...]
    beside: str
    is_small: bool


def get_crisis_panel(concern: Concern, country: str = "") -> CrisisPanel:
    """The panel with the crisis lines of `country` (two letters, default CRISIS_COUNTRY)."""
    known = get_crisis_country(country if country in CRISIS_COUNTRIES else settings.CRISIS_COUNTRY)
    words = _get_danger_texts(concern.group, known) if concern.is_danger else _get_question_texts()
    title, sentence, beside = words
    return CrisisPanel(title, sentence, _get_buttons(concern, known), beside, not concern.is_danger)


def _get_question_texts() -> tuple[str, str, str]:
    return (
        _("Is this about you, or someone with you?"),
        _("You can call at any hour, and you do not need to be sure."),
        "",
    )


def _get_danger_texts(group: ConcernGroup, country: CrisisCountry) -> tuple[str, str, str]:
    call = {"call": country.in_danger.action}
    if group == ConcernGroup.BODY:
        return (
            _("This may be an emergency."),
            _("%(call)s now if someone cannot be woken, cannot breathe, or gets worse.") % call,
            _("Stay with them, or ask someone to stay with you."),
        )
    if group == ConcernGroup.TAKEN:
        return (
            _("Too much taken, or the wrong thing?"),
            _("%(call)s now if someone cannot be woken, cannot breathe, or has a seizure.") % call,
            _("Keep what was taken close by, so that you can say what it was."),
        )
    if group == ConcernGroup.OTHER:
        return (
            _("You are right to take this seriously."),
            _("You can call for someone else, and you do not need to be sure."),
            _("Are you with them? Stay with them, and call together."),
        )
    return (
        _("It sounds like you are carrying a lot of pain."),
        _("You can talk with someone right now, free and in private."),
        _("Are you with someone? Tell them."),
    )


def _get_buttons(concern: Concern, country: CrisisCountry) -> tuple[ContactButton, ...]:
    talk, danger = country.talk[0].buttons, country.in_danger.buttons
    poison = country.poison.buttons if country.poison else ()
    by_group = {
        ConcernGroup.BODY: (*danger, *poison, *talk[:1]),
        ConcernGroup.TAKEN: (*danger, *poison, *talk),
        ConcernGroup.OTHER: (*talk, *danger),
        ConcernGroup.SELF: (*talk, *danger),
    }
    return by_group[concern.group]
