"""Searches that found nothing, so that editors learn what readers miss. Never who searched.

People type names where words belong. So a search is kept only where each of its words is in a
list of ours (`allowed_words.txt`), which holds no name; the words that only make a question of it
are left out. The index's own words need no look: a search that holds one finds something.

A client counts once in a quarter of an hour for the same words, however often a page is loaded
again. Who that is stays in memory as a keyed hash and is forgotten with its key at the end of the
quarter (delivery/rate_limits.py). Words stay in this process's memory until FEW were counted on one
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

from psychoplastogens.delivery.rate_limits import RateLimit
from psychoplastogens.editorial.models import current_language
from psychoplastogens.search.models import MissedSearch
from psychoplastogens.search.spelling import STOP_WORDS, split_words

MIN_DAILY_COUNT = 5
MAX_WORDS = 5
MAX_LENGTH = 80
MAX_COUNTS_IN_MEMORY = 2_000
REPEAT_WINDOW_SECONDS = 15 * 60
ALLOWED_WORDS_FILE = Path(__file__).with_name("allowed_words.txt")

log = logging.getLogger(__name__)

repeat_limit = RateLimit(60 / REPEAT_WINDOW_SECONDS, burst=1, key_lifetime=REPEAT_WINDOW_SECONDS)
_counts: Counter[tuple[date, str]] = Counter()
_pending: Counter[tuple[date, str]] = Counter()
_counts_lock = Lock()


@lru_cache(maxsize=1)
def load_allowed_words() -> frozenset[str]:
    """The words that a search may be counted by."""
    lines = ALLOWED_WORDS_FILE.read_text().splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def keep_allowed_words(asked: str) -> str:
    """The words of a search that may be kept; '' where one of them may be somebody's name."""
    passing = STOP_WORDS.get(current_language(), frozenset())
    words = [word for word in split_words(asked) if word not in passing]
    if len(words) > MAX_WORDS or not all(map(is_allowed_word, words)):
        return ""
    said = " ".join(words)
    return said if len(said) <= MAX_LENGTH else ""


def is_allowed_word(word: str) -> bool:
    return word in load_allowed_words() or word.removesuffix("s") in load_allowed_words()


def count_zero_result_search(asked: str, client: str) -> None:
    """Count a search of `client` that found nothing."""
    said = keep_allowed_words(asked)
    if not said or repeat_limit.seconds_to_wait(f"{client} {said}"):
        return
    key = (timezone.localdate(), said)
    with _counts_lock:
        if key not in _counts and len(_counts) >= MAX_COUNTS_IN_MEMORY:
            _counts.clear()
        _counts[key] += 1
        if _counts[key] % MIN_DAILY_COUNT == 0:
            _pending[key] += MIN_DAILY_COUNT


def save_pending_counts(**kwargs) -> None:
    """Write down what is due. Called when an answer was sent; a database that is away loses it."""
    if not _pending:
        return
    with _counts_lock:
        taken = dict(_pending)
        _pending.clear()
    try:
        for (day, words), number in taken.items():
            MissedSearch.objects.add_count(words, day, number)
    except (DatabaseError, InterfaceError) as error:
        name = type(error).__name__
        log.warning(
            "Searches that found nothing were not counted: %s", name, extra={"error": error}
        )


def reset_counts() -> None:
    """Begin anew. For tests."""
    _counts.clear()
    _pending.clear()
    repeat_limit.reset()
