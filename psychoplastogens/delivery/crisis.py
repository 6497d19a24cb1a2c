"""Who to call in a crisis, by country: on every page, even on the page that says we are broken.

Kept in code because it must show without a database. Each number was read in a stored copy of a
page of the service itself or of the health authority; the record of the source says when. Check
all of them on the live pages every three months. What calls for them is in content.crisis.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

CHECKED_ON = date(2026, 11, 21)
"""Every number was read on this day or later."""


@dataclass(frozen=True)
class Button:
    """What to tap: the words on it, and the address that a phone understands."""

    action: str
    address: str


@dataclass(frozen=True)
class Line:
    """One way to reach help: what to do, the address a phone understands, and what it is.

    `text_address` is set where the same number takes text messages too: "Call or text 988".
    """

    action: str
    address: str
    about: str
    source: str
    text_address: str = ""

    @property
    def buttons(self) -> tuple[Button, ...]:
        """One for each way: to call, and to text."""
        if not self.text_address:
            return (Button(self.action, self.address),)
        call, text = (self.action.replace("Call or text", way) for way in ("Call", "Text"))
        return (Button(call, self.address), Button(text, self.text_address))


@dataclass(frozen=True)
class Country:
    """The lines of one country. `talk` are those to talk to somebody, the first before all.

    `emergency` is the number, or two, as people say them, `emergency_source` a source's slug.
    """

    name: str
    emergency: str
    emergency_source: str
    talk: tuple[Line, ...]
    poison: Line | None = None

    @property
    def in_danger(self) -> Line:
        address = f"tel:{self.emergency.partition(' ')[0]}"
        about = "If someone is in danger now, cannot be woken, or has trouble breathing."
        return Line(f"Call {self.emergency}", address, about, self.emergency_source)

    @property
    def lines(self) -> tuple[Line, ...]:
        """All of them. The first two are somebody to talk to, and the emergency number."""
        poison = (self.poison,) if self.poison else ()
        return (self.talk[0], self.in_danger, *poison, *self.talk[1:])


SAMARITANS = ("Call Samaritans 116 123", "tel:116123", "Free, at any hour.")

COUNTRIES = {
    "US": Country(
        "United States",
        "911",
        "poison-org",
        (
            Line(
                "Call or text 988",
                "tel:988",
                "Suicide & Crisis Lifeline. Free and private, at any hour. Veterans: press 1.",
                "988-expect",
                "sms:988",
            ),
        ),
        Line(
            "Call Poison Help 1-800-222-1222",
            "tel:18002221222",
            "Too much medicine taken, and awake. Free, at any hour.",
            "hrsa-poison-help",
        ),
    ),
    "CA": Country(
        "Canada",
        "911",
        "canada-911",
        (
            Line(
                "Call or text 9-8-8",
                "tel:988",
                "Suicide crisis help. Free, at any hour, in English or French.",
                "canada-988",
                "sms:988",
            ),
        ),
    ),
    "GB": Country(
        "United Kingdom",
        "999",
        "shout-85258",
        (
            Line(
                "Call 111 and choose mental health",
                "tel:111",
                "NHS crisis help, option 2. In Northern Ireland call Lifeline, 0808 808 8000.",
                "nhs-111-mh",
            ),
            Line(*SAMARITANS, "uk-crisis-2026"),
            Line("Text SHOUT to 85258", "sms:85258", "Free, at any hour.", "shout-85258"),
            Line(
                "Call Lifeline 0808 808 8000",
                "tel:08088088000",
                "Crisis help in Northern Ireland. Free, day or night.",
                "ni-lifeline",
            ),
        ),
    ),
    "IE": Country(
        "Ireland",
        "112 or 999",
        "ireland-text",
        (
            Line(*SAMARITANS, "ireland-crisis"),
            Line(
                "Text HELLO to 50808",
                "sms:50808",
                "Crisis text line, at any hour.",
                "ireland-crisis",
            ),
        ),
    ),
    "AU": Country(
        "Australia",
        "000",
        "au-emergency",
        (Line("Call Lifeline 13 11 14", "tel:131114", "At any hour.", "lifeline-au"),),
    ),
    "NZ": Country(
        "New Zealand",
        "111",
        "nz-111",
        (
            Line(
                "Call or text 1737",
                "tel:1737",
                "A trained counselor. Free, at any hour.",
                "nz-1737",
                "sms:1737",
            ),
        ),
    ),
}
