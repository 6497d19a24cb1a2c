"""Searches that found nothing, so that editors learn what readers miss. Never who searched.

People type names where words belong. So a search is kept only where each of its words is in a
list of ours (`counted_words.txt`), which holds no name; the words that only make a question of it
are left out. The index's own words need no look: a search that holds one finds something.

A client counts once in a quarter of an hour for the same words, however often a page is loaded
again. Who that is stays in memory as a keyed hash and is forgotten with its key at the end of the
quarter (delivery/limits.py). Words stay in this process's memory until FEW were counted on one
day; only then are they written down, with their number, after the answer was sent.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import Lock

from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from psychoplastogens.delivery.limits import Limit
from psychoplastogens.editorial.models import current_language
from psychoplastogens.lookup.models import MissedSearch
from psychoplastogens.lookup.words import STOP, words_of

FEW = 5
MOST_WORDS = 5
LONGEST = 80
MOST_KEPT_IN_MEMORY = 2_000
QUARTER = 15 * 60
WORDS = Path(__file__).with_name("counted_words.txt")

log = logging.getLogger(__name__)

once = Limit(60 / QUARTER, at_once=1, seconds_kept=QUARTER)
_counts: Counter[tuple[date, str]] = Counter()
_to_write: Counter[tuple[date, str]] = Counter()
_counting = Lock()


@lru_cache(maxsize=1)
def listed() -> frozenset[str]:
    """The words that a search may be counted by."""
    lines = WORDS.read_text().splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def countable(asked: str) -> str:
    """The words of a search that may be kept; '' where one of them may be somebody's name."""
    passing = STOP.get(current_language(), frozenset())
    words = [word for word in words_of(asked) if word not in passing]
    if len(words) > MOST_WORDS or not all(map(is_listed, words)):
        return ""
    said = " ".join(words)
    return said if len(said) <= LONGEST else ""


def is_listed(word: str) -> bool:
    return word in listed() or word.removesuffix("s") in listed()


def note(asked: str, client: str) -> None:
    """Count a search of `client` that found nothing."""
    said = countable(asked)
    if not said or once.seconds_to_wait(f"{client} {said}"):
        return
    key = (timezone.localdate(), said)
    with _counting:
        if key not in _counts and len(_counts) >= MOST_KEPT_IN_MEMORY:
            _counts.clear()
        _counts[key] += 1
        if _counts[key] % FEW == 0:
            _to_write[key] += FEW


def write(**kwargs) -> None:
    """Write down what is due. Called when an answer was sent; a database that is away loses it."""
    if not _to_write:
        return
    with _counting:
        taken = dict(_to_write)
        _to_write.clear()
    try:
        for (day, words), number in taken.items():
            MissedSearch.objects.add(words, day, number)
    except (DatabaseError, InterfaceError) as error:
        log.warning("Searches that found nothing were not counted: %s", type(error).__name__)


def forget() -> None:
    """Begin anew. For tests."""
    _counts.clear()
    _to_write.clear()
    once.forget()
