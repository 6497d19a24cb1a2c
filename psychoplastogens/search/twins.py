"""What says that a page is there already: its names, or the rare words of its title.

Words are compared by their stems, as a search compares them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from itertools import chain
from math import log
from typing import Any

from django.db.models import QuerySet

from psychoplastogens.content.models import (
    Compound,
    Condition,
    Decision,
    Explainer,
    Faq,
    GlossaryTerm,
    Topic,
)
from psychoplastogens.editorial.models import Publishable
from psychoplastogens.editorial.workflow.twins import register_twin_finder
from psychoplastogens.evidence.models import Claim
from psychoplastogens.search.spelling import APOSTROPHE, STOP_WORDS, split_words
from psychoplastogens.search.vocabulary import build_analyzer
from psychoplastogens.walkthrough.models import Walkthrough

LEAST_ALIKE = 0.4
"""Of 1: the share that twins have in common of the words of their titles, rare words counting
more. Of the starter content no two questions, guides, topics or claims reach it."""


@register_twin_finder(Faq, Topic, Explainer, Decision, Claim, Walkthrough)
def find_by_title(record: Publishable, others: QuerySet) -> Iterator[Publishable]:
    """Those whose titles share rare words with that of `record`, the most alike first."""
    wanted = get_title_words(record)
    words = {other: get_title_words(other) for other in others}
    titles = [wanted, *words.values()]
    counts = Counter(chain.from_iterable(titles))

    def weigh(shared: Collection[str]) -> float:
        return sum(log(1 + len(titles) / counts[word]) for word in shared)

    alike = {other: weigh(wanted & found) / weigh(wanted | found) for other, found in words.items()}
    for other in sorted(alike, key=lambda other: -alike[other]):
        if alike[other] >= LEAST_ALIKE:
            yield other


@register_twin_finder(Compound, Condition, GlossaryTerm)
def find_by_name(record: Publishable, others: QuerySet) -> Iterator[Publishable]:
    """Those that have a name in common with `record`: synonyms and brands are names."""
    names = get_names(record)
    return (other for other in others if not names.isdisjoint(get_names(other)))


def get_title_words(record: Publishable) -> frozenset[str]:
    """The stems of a title, without words that only make a question of it where others are left."""
    words = split_words(str(record))
    stop = STOP_WORDS.get(record.language, frozenset())
    telling = [word for word in words if word not in stop] or words
    return frozenset(stem for word in telling for stem in stem_words(word, record.language))


def get_names(record: Any) -> set[str]:
    """Its names as they are compared: “NMDA receptors” and “nmda receptor” are one."""
    names = (str(record), getattr(record, "brand", ""), *record.get_other_names())
    return {"".join(stem_words(name, record.language)) for name in names} - {""}


def stem_words(text: str, language: str) -> list[str]:
    return build_analyzer(language).analyze(APOSTROPHE.sub("", text))
