"""Languages that people ask for and that no page is written in yet: what we say in them.

Each has one small page of fixed words: who to call, and how to ask for an interpreter. Its address
is the one that pages in this language will begin with.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class OtherLanguage:
    """A language by its two-letter code; all words are in this language.

    `title` is that of its small page, `notice` a sentence beside a page that is in ours.
    """

    code: str
    url_name: str
    title: str
    notice: str

    @property
    def address(self) -> str:
        return reverse(self.url_name)


OTHER_LANGUAGES = {
    "es": OtherLanguage(
        "es",
        "content:in_spanish",
        "En español: a quién llamar y cómo pedir un intérprete",
        "Todavía no tenemos esta información en español. Está en inglés.",
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
