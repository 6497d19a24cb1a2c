"""Crisis help by country, on every page, even on the page that says that we are broken.

Kept in code because it must show without a database. Each number was read on `CHECKED_ON` in a
stored copy of the page of its source; check all of them on the live pages every three months.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

CHECKED_ON = date(2026, 11, 21)


@dataclass(frozen=True)
class Line:
    """One way to reach help: what to do, the address a phone understands, and what it is."""

    action: str
    address: str
    about: str
    source: str


@dataclass(frozen=True)
class Country:
    """The lines of one country. `emergency` is empty where no source for it was read."""

    name: str
    emergency: str
    lines: tuple[Line, ...]


SAMARITANS = ("Call Samaritans 116 123", "tel:116123", "Free, at any hour.")

COUNTRIES = {
    "US": Country(
        "United States",
        "911",
        (
            Line(
                "Call or text 988",
                "tel:988",
                "Suicide & Crisis Lifeline. Free and private, at any hour. Veterans: press 1.",
                "988-expect",
            ),
            Line(
                "Call 911",
                "tel:911",
                "If someone is in danger now, cannot be woken, or has trouble breathing.",
                "poison-org",
            ),
            Line(
                "Call Poison Help 1-800-222-1222",
                "tel:18002221222",
                "Too much medicine taken, and awake. Free, at any hour.",
                "hrsa-poison-help",
            ),
        ),
    ),
    "CA": Country(
        "Canada",
        "911",
        (
            Line(
                "Call or text 9-8-8",
                "tel:988",
                "Suicide crisis help. Free, at any hour, in English or French.",
                "canada-988",
            ),
        ),
    ),
    "GB": Country(
        "United Kingdom",
        "999",
        (
            Line(
                "Call 111 and choose mental health",
                "tel:111",
                "NHS crisis help, option 2. In Northern Ireland call Lifeline, 0808 808 8000.",
                "nhs-111-mh",
            ),
            Line(*SAMARITANS, "uk-crisis-2026"),
            Line("Text SHOUT to 85258", "sms:85258", "Free, at any hour.", "uk-crisis-2026"),
            Line(
                "Call Lifeline 0808 808 8000",
                "tel:08088088000",
                "Crisis help in Northern Ireland.",
                "ni-lifeline",
            ),
        ),
    ),
    "IE": Country("Ireland", "", (Line(*SAMARITANS, "ireland-crisis"),)),
    "AU": Country(
        "Australia",
        "",
        (Line("Call Lifeline 13 11 14", "tel:131114", "At any hour.", "lifeline-au"),),
    ),
    "NZ": Country(
        "New Zealand",
        "111",
        (Line("Call or text 1737", "tel:1737", "Free, at any hour.", "nz-1737"),),
    ),
}
