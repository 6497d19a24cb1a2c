"""The search indexes of this process: one for each language, each of one version of the content."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from time import monotonic

from psychoplastogens.content.models import Condition, Topic
from psychoplastogens.editorial.models import ContentVersion, current_language
from psychoplastogens.search import documents
from psychoplastogens.search.index import SearchIndex

VERSION_CHECK_SECONDS = 1.0
"""How old an answer may be before the content version is read again. Reading it is a query."""


@dataclass
class CachedIndex:
    """The index of one content version, and of that version (name, address) of each topic and of
    each page that helps in a crisis.
    """

    number: int
    index: SearchIndex
    topics: list[tuple[str, str]]
    helping: list[tuple[str, str]]
    looked_at: float


_indexes: dict[str, CachedIndex] = {}
_build_lock = Lock()


def clear_index_cache() -> None:
    """Build anew at the next search. For tests, whose databases repeat version numbers."""
    _indexes.clear()


def get_current_index() -> CachedIndex:
    """The index of what is published now, in the language of this request."""
    language, now = current_language(), monotonic()
    kept = _indexes.get(language)
    if kept and now - kept.looked_at < VERSION_CHECK_SECONDS:
        return kept
    number = ContentVersion.objects.get_current()
    if kept and kept.number == number:
        kept.looked_at = now
        return kept
    return _rebuild_index(language, number, kept)


def _rebuild_index(language: str, number: int, kept: CachedIndex | None) -> CachedIndex:
    # While one thread builds, the others answer from the copy of before, if there is one.
    if not _build_lock.acquire(blocking=kept is None):
        return kept
    try:
        newest = _indexes.get(language)
        if not newest or newest.number != number:
            newest = _indexes[language] = _build_index(language, number)
        return newest
    finally:
        _build_lock.release()


def _build_index(language: str, number: int) -> CachedIndex:
    weights = {key: group.weight for key, group in documents.get_search_groups().items()}
    index = SearchIndex(documents.build_documents(), weights, language)
    topics = [(topic.name, topic.get_absolute_url()) for topic in Topic.objects.published()]
    helping = [(page.name, page.get_absolute_url()) for page in Condition.objects.with_help_first()]
    return CachedIndex(number, index, topics, helping, monotonic())
