"""What a page tells in a sentence or two, for search engines and previews."""

from __future__ import annotations

import re
import textwrap
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from psychoplastogens.content.crisis import mentions_suicide
from psychoplastogens.content.rendering import readability
from psychoplastogens.editorial.models import Page

MIN_LENGTH = 40
MAX_LENGTH = 180
"""Characters. What is longer is cut by those who show it."""
_NO_SENTENCE = re.compile(r"\s*(?::::|[#>|]|(?:[*+-]|\d+\.)\s)|.*\{\{", re.DOTALL)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def describe_page(page: Page) -> str:
    """What a page says first, or its title where that must not stand alone.

    A number that is drawn from a Finding must not, nor a sentence about suicide: help stands
    beside those. A sentence that is too short follows the title.
    """
    return _describe(str(page), getattr(page, page.description_field) or "", get_language())


@lru_cache(maxsize=1_024)
def _describe(title: str, markdown: str, language: str | None) -> str:
    told = _get_first_sentences(markdown)
    title = title if title.endswith("?") else f"{title}."
    if not told or mentions_suicide(told):
        told = " ".join((title, _("In plain words, with sources.")))
    elif len(told) < MIN_LENGTH:
        told = f"{title} {told}"
    return textwrap.shorten(told, MAX_LENGTH, placeholder=" …")


def _get_first_sentences(markdown: str) -> str:
    """As many as fit, of the first paragraph that is one of sentences; '' where there is none.

    More than one, so that a limit goes with the promise that stands before it.
    """
    paragraphs = markdown.strip().split("\n\n")
    paragraph = next((one for one in paragraphs if not _NO_SENTENCE.match(one)), "")
    first, *others = _SENTENCE_END.split(" ".join(readability.strip_markup(paragraph).split()))
    for sentence in others:
        if len(first) + 1 + len(sentence) > MAX_LENGTH:
            break
        first += f" {sentence}"
    return first
