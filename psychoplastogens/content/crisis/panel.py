"""What is shown to somebody who may be in danger: one sentence, and what to tap."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from psychoplastogens.content.crisis.concerns import Concern, Group
from psychoplastogens.delivery.crisis import COUNTRIES, Button, Country


@dataclass(frozen=True)
class Panel:
    """`is_small` where the subject is asked about: then it is one row above the results."""

    title: str
    sentence: str
    buttons: tuple[Button, ...]
    beside: str
    is_small: bool


def panel_for(concern: Concern, country: str = "") -> Panel:
    """The panel, with the lines of `country` (two letters) or else of where this site is for."""
    known = COUNTRIES.get(country) or COUNTRIES[settings.CRISIS_COUNTRY]
    words = _words(concern.group, known) if concern.is_danger else _words_beside_a_question()
    title, sentence, beside = words
    return Panel(title, sentence, _buttons(concern, known), beside, not concern.is_danger)


def _words_beside_a_question() -> tuple[str, str, str]:
    return (
        _("Is this about you, or someone with you?"),
        _("You can call at any hour, and you do not need to be sure."),
        "",
    )


def _words(group: Group, country: Country) -> tuple[str, str, str]:
    call = {"call": country.in_danger.action}
    if group == Group.BODY:
        return (
            _("This may be an emergency."),
            _("%(call)s now if someone cannot be woken, cannot breathe, or gets worse.") % call,
            _("Stay with them, or ask someone to stay with you."),
        )
    if group == Group.TAKEN:
        return (
            _("Too much taken, or the wrong thing?"),
            _("%(call)s now if someone cannot be woken, cannot breathe, or has a seizure.") % call,
            _("Keep what was taken close by, so that you can say what it was."),
        )
    if group == Group.OTHER:
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


def _buttons(concern: Concern, country: Country) -> tuple[Button, ...]:
    talk, danger = country.talk[0].buttons, country.in_danger.buttons
    poison = country.poison.buttons if country.poison else ()
    by_group = {
        Group.BODY: (*danger, *poison, *talk[:1]),
        Group.TAKEN: (*danger, *poison, *talk),
        Group.OTHER: (*talk, *danger),
        Group.SELF: (*talk, *danger),
    }
    return by_group[concern.group]
