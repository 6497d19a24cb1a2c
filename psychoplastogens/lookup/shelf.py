"""The search indexes of this process: one for each language, each of one version of the content."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from time import monotonic

from psychoplastogens.content.models import Condition, Topic
from psychoplastogens.editorial.models import ContentVersion, current_language
from psychoplastogens.lookup import published
from psychoplastogens.lookup.index import Index

SECONDS_BETWEEN_LOOKS = 1.0
"""How old an answer may be before the content version is read again. Reading it is a query."""


@dataclass
class Copy:
    """The index of one content version, and of that version (name, address) of each topic and of
    each page that helps in a crisis.
    """

    number: int
    index: Index
    topics: list[tuple[str, str]]
    helping: list[tuple[str, str]]
    looked_at: float


_copies: dict[str, Copy] = {}
_building = Lock()


def forget() -> None:
    """Build anew at the next search. For tests, whose databases repeat version numbers."""
    _copies.clear()


def copy() -> Copy:
    """The index of what is published now, in the language of this request."""
    language, now = current_language(), monotonic()
    kept = _copies.get(language)
    if kept and now - kept.looked_at < SECONDS_BETWEEN_LOOKS:
        return kept
    number = ContentVersion.objects.number_now()
    if kept and kept.number == number:
        kept.looked_at = now
        return kept
    return _rebuilt(language, number, kept)


def _rebuilt(language: str, number: int, kept: Copy | None) -> Copy:
    # While one thread builds, the others answer from the copy of before, if there is one.
    if not _building.acquire(blocking=kept is None):
        return kept
    try:
        newest = _copies.get(language)
        if not newest or newest.number != number:
            newest = _copies[language] = _build(language, number)
        return newest
    finally:
        _building.release()


def _build(language: str, number: int) -> Copy:
    weights = {kind: weight for kind, (_, weight) in published.KINDS.items()}
    index = Index(published.documents(), weights, language)
    topics = [(topic.name, topic.get_absolute_url()) for topic in Topic.objects.published()]
    helping = [(page.name, page.get_absolute_url()) for page in Condition.objects.helping()]
    return Copy(number, index, topics, helping, monotonic())
