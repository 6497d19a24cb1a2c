"""The first sentence of a page, with its source: what a search shows for a question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from psychoplastogens.content.crisis import mentions_suicide
from psychoplastogens.content.rendering import readability
from psychoplastogens.content.rendering.first_sentence import split_first_sentence
from psychoplastogens.editorial.models import Page
from psychoplastogens.evidence.models import Source

MAX_ANSWER_LENGTH = 320
_CITATION = re.compile(r"\[\^([\w-]+)(?::\w+)?\]")
_FINDING = re.compile(r"\{\{[^{}]*\}\}")


@dataclass(frozen=True)
class Answer:
    """The first sentence of a page, with the day on which its sources were read, and the source.

    `do_now` is one thing that the reader can do, "" where there is nothing.
    """

    sentence: str
    checked_on: date | None
    source: str
    source_address: str
    do_now: str = ""


def map_published_sources() -> dict[str, tuple[str, str]]:
    """{slug: (title, address)} of the sources that readers may open."""
    return {
        source.slug: (source.title, source.get_absolute_url())
        for source in Source.objects.published().only("slug", "title")
    }


def build_answer(page: Page, prose: str, sources: dict[str, tuple[str, str]]) -> Answer | None:
    """What `prose` says first, if that is a sentence that can stand alone with a source.

    A number that is drawn from a Finding cannot, nor can a text about suicide or an overdose: help
    stands beside those.
    """
    paragraph = prose.strip().partition("\n\n")[0]
    first, _ = split_first_sentence(prose)
    if not first or mentions_suicide(paragraph):
        return None
    cited = [slug for slug in _CITATION.findall(paragraph) if slug in sources]
    sentence = " ".join(readability.strip_markup(first).split())
    if not cited or _FINDING.search(first) or len(sentence) > MAX_ANSWER_LENGTH:
        return None
    do_now = " ".join(readability.strip_markup(page.do_now).split())
    return Answer(sentence, page.owner.evidence_checked_on, *sources[cited[0]], do_now=do_now)
