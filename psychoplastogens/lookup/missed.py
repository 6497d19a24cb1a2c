"""Searches that found nothing, so that editors learn what readers miss. Never who searched.

Words stay in this process's memory until FEW searches have asked the same on one day; only then
are they written down, with their number. What somebody types by mistake is forgotten. They are
written after the answer was sent, so that no reader waits for it.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import date
from threading import Lock

from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from psychoplastogens.lookup.models import MissedSearch
from psychoplastogens.lookup.words import words_of

FEW = 5
MOST_WORDS = 5
LONGEST = 80
MOST_KEPT_IN_MEMORY = 2_000

log = logging.getLogger(__name__)

_counts: Counter[tuple[date, str]] = Counter()
_to_write: Counter[tuple[date, str]] = Counter()
_counting = Lock()


def note(asked: str) -> None:
    """Count a search that found nothing. Longer texts and digits may say who somebody is: not."""
    words = words_of(asked)
    said = " ".join(words)
    if not 0 < len(words) <= MOST_WORDS or len(said) > LONGEST or not "".join(words).isalpha():
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
        log.warning("Searches that found nothing could not be counted: %s", error)


def forget() -> None:
    """Begin anew. For tests."""
    _counts.clear()
    _to_write.clear()
