"""Languages that people ask for and that no page is written in yet: what we say in them.

Each has a part of the help page, which says who to call and to ask for an interpreter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class OtherLanguage:
    """A language by its two-letter code; all words are in this language.

    `title` is that of its part of the help page, `notice` says that there are no pages in it, and
    `help` whom to call, and to ask for an interpreter.
    """

    code: str
    title: str
    notice: str
    help: str

    @property
    def address(self) -> str:
        return f"{reverse('content:help_now')}#{self.code}"


OTHER_LANGUAGES = {
    "es": OtherLanguage(
        "es",
        "En español: a quién llamar y cómo pedir un intérprete",
        "Todavía no tenemos esta información en español. Está en inglés.",
        "Si alguien está en peligro ahora, llame al 911. Si piensa en el suicidio o está en "
        "crisis, llame al 988 y oprima 2, o envíe un mensaje de texto con la palabra AYUDA al "
        "988. En su clínica, pida un intérprete al hacer la cita y otra vez al llegar.",
    ),
}


def find_other_language(wanted: Iterable[str], shown: str) -> OtherLanguage | None:
    """The first of `wanted` that we have words in, unless `shown` is wanted more.

    All are two-letter codes; `shown` is the language of what is shown.
    """
    for code in wanted:
        if code == shown:
            return None
        if language := OTHER_LANGUAGES.get(code):
            return language
    return None
