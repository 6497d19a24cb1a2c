"""Crisis lines by country, shown on every page, including the error pages.

They are code because they must show without a database. Each number comes from a page of the
service itself or of a health authority; its Source record says when that was read. Check all of
them every three months. content.crisis decides when they come first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from psychoplastogens.delivery.languages import get_translation_language

NUMBERS_CHECKED_ON = date(2026, 11, 21)
"""Every number was read on this day or later."""


@dataclass(frozen=True)
class ContactButton:
    """A button to call or text: its label, and a tel: or sms: address."""

    action: str
    address: str


@dataclass(frozen=True)
class CrisisLine:
    """One way to reach help: what to do, a tel: or sms: address, and what the service is.

    `text_address` is set if the same number takes text messages too: "Call or text 988", or with
    words of its own in `text_action`.
    """

    action: str
    address: str
    about: str
    source: str
    text_address: str = ""
    text_action: str = ""

    @property
    def buttons(self) -> tuple[ContactButton, ...]:
        """One button to call and, where possible, one to text."""
        if not self.text_address:
            return (ContactButton(self.action, self.address),)
        call, text = (self.action.replace("Call or text", way) for way in ("Call", "Text"))
        text = self.text_action or text
        return (ContactButton(call, self.address), ContactButton(text, self.text_address))


@dataclass(frozen=True)
class CrisisCountry:
    """The crisis lines of one country. `talk` are lines to talk to someone, the main one first.

    `emergency` is the number, or "112 or 999"; `emergency_source` is the slug of its Source.
    `call` and `danger` are the words of the line to it, which are in the language of the others.
    """

    name: str
    emergency: str
    emergency_source: str
    talk: tuple[CrisisLine, ...]
    poison: CrisisLine | None = None
    call: str = "Call"
    danger: str = "If someone is in danger now, cannot be woken, or has trouble breathing."

    @property
    def in_danger(self) -> CrisisLine:
        address = f"tel:{self.emergency.partition(' ')[0]}"
        action = f"{self.call} {self.emergency}"
        return CrisisLine(action, address, self.danger, self.emergency_source)

    @property
    def calls(self) -> tuple[CrisisLine, CrisisLine]:
        """The main line to talk and the emergency number, which every page names."""
        return (self.talk[0], self.in_danger)

    @property
    def lines(self) -> tuple[CrisisLine, ...]:
        """All lines. The first two are `calls`."""
        poison = (self.poison,) if self.poison else ()
        return (*self.calls, *poison, *self.talk[1:])


SAMARITANS = ("Call Samaritans 116 123", "tel:116123", "Free, at any hour.")

CRISIS_COUNTRIES = {
    "US": CrisisCountry(
        "United States",
        "911",
        "poison-org",
        (
            CrisisLine(
                "Call or text 988",
                "tel:988",
                "Suicide & Crisis Lifeline. Free and private, at any hour. Veterans: press 1.",
                "988-expect",
                "sms:988",
            ),
        ),
        CrisisLine(
            "Call Poison Help 1-800-222-1222",
            "tel:18002221222",
            "Too much medicine taken, and awake. Free, at any hour.",
            "hrsa-poison-help",
        ),
    ),
    "CA": CrisisCountry(
        "Canada",
        "911",
        "canada-911",
        (
            CrisisLine(
                "Call or text 9-8-8",
                "tel:988",
                "Suicide crisis help. Free, at any hour, in English or French.",
                "canada-988",
                "sms:988",
            ),
        ),
    ),
    "GB": CrisisCountry(
        "United Kingdom",
        "999",
        "shout-85258",
        (
            CrisisLine(
                "Call 111 and choose mental health",
                "tel:111",
                "NHS crisis help, option 2. In Northern Ireland call Lifeline, 0808 808 8000.",
                "nhs-111-mh",
            ),
            CrisisLine(*SAMARITANS, "uk-crisis-2026"),
            CrisisLine("Text SHOUT to 85258", "sms:85258", "Free, at any hour.", "shout-85258"),
            CrisisLine(
                "Call Lifeline 0808 808 8000",
                "tel:08088088000",
                "Crisis help in Northern Ireland. Free, day or night.",
                "ni-lifeline",
            ),
        ),
    ),
    "IE": CrisisCountry(
        "Ireland",
        "112 or 999",
        "ireland-text",
        (
            CrisisLine(*SAMARITANS, "ireland-crisis"),
            CrisisLine(
                "Text HELLO to 50808",
                "sms:50808",
                "Crisis text line, at any hour.",
                "ireland-crisis",
            ),
        ),
    ),
    "AU": CrisisCountry(
        "Australia",
        "000",
        "au-emergency",
        (CrisisLine("Call Lifeline 13 11 14", "tel:131114", "At any hour.", "lifeline-au"),),
    ),
    "NZ": CrisisCountry(
        "New Zealand",
        "111",
        "nz-111",
        (
            CrisisLine(
                "Call or text 1737",
                "tel:1737",
                "A trained counselor. Free, at any hour.",
                "nz-1737",
                "sms:1737",
            ),
        ),
    ),
}

SPANISH_TEXT = "Envíe la palabra AYUDA por mensaje de texto al 988"
TRANSLATED_CRISIS_COUNTRIES = {
    "es": {
        "US": CrisisCountry(
            "Estados Unidos",
            "911",
            "poison-org",
            (
                CrisisLine(
                    "Llame al 988 y oprima 2",
                    "tel:988",
                    "Línea 988 de Prevención del Suicidio y Crisis. Gratis y en privado, a "
                    "cualquier hora.",
                    "988-expect",
                    "sms:988",
                    SPANISH_TEXT,
                ),
                CrisisLine(
                    SPANISH_TEXT,
                    "sms:988",
                    "La misma línea, por escrito.",
                    "988-expect",
                ),
            ),
            CrisisLine(
                "Llame a Poison Help 1-800-222-1222",
                "tel:18002221222",
                "Si alguien tomó demasiada medicina y está despierto. Gratis, a cualquier hora.",
                "hrsa-poison-help",
            ),
            call="Llame al",
            danger="Si alguien está en peligro ahora, no se despierta o le cuesta respirar.",
        ),
    },
}
"""In other languages, with the way in which a line is answered in them."""


def get_crisis_country(code: str) -> CrisisCountry:
    """The lines of a country in the language of this request, or else in English.

    Raises KeyError where there is none with this code of two letters.
    """
    translated = TRANSLATED_CRISIS_COUNTRIES.get(get_translation_language(), {})
    return translated.get(code) or CRISIS_COUNTRIES[code]


def collect_numbers() -> frozenset[str]:
    """The digits of every number above, of all countries."""
    countries = CRISIS_COUNTRIES.values()
    addresses = [
        address
        for country in countries
        for line in country.lines
        for address in (line.address, line.text_address)
    ]
    written = [*addresses, *(part for c in countries for part in c.emergency.split())]
    return frozenset(filter(None, ("".join(filter(str.isdigit, one)) for one in written)))


ALL_NUMBERS = collect_numbers()
