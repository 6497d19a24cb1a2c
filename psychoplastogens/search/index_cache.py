"""The search indexes of this process: one for each language, each of one version of the content.

A new version is indexed in the background, as soon as it is seen. Until then a search is answered
from the index before it, without what was withdrawn since.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock

from django.conf import settings
from django.db import connections
from django.utils import translation

from psychoplastogens.content.models import Condition, Topic
from psychoplastogens.delivery.page_store import versions
from psychoplastogens.delivery.page_store.policies import CONTENT
from psychoplastogens.delivery.page_store.upkeep import register_change_listener
from psychoplastogens.editorial.models import (
    ContentVersion,
    current_language,
    get_page_models,
)
from psychoplastogens.search import documents
from psychoplastogens.search.index import SearchIndex


@dataclass(frozen=True)
class CachedIndex:
    """The index of one content version, and of that version (name, address) of each topic and of
    each page that helps in a crisis.

    It `is_complete` if it was built from that version, and not from the one before, with what was
    withdrawn since hidden.
    """

    number: int
    index: SearchIndex
    topics: list[tuple[str, str]]
    helping: list[tuple[str, str]]
    is_complete: bool = True


_indexes: dict[str, CachedIndex] = {}
_build_lock, _hide_lock, _replace_lock = Lock(), Lock(), Lock()


def clear_index_cache() -> None:
    """Build anew at the next search. For tests, whose databases repeat version numbers."""
    _indexes.clear()


def get_current_index() -> CachedIndex:
    """The index of what is published now, in the language of this request."""
    language = current_language()
    kept, number = _indexes.get(language), ContentVersion.objects.get_watched()[CONTENT]
    if kept and kept.number == number:
        return kept
    if not versions.watcher.is_running:
        return _build_once(language)
    return _hide_withdrawn(language, kept) if kept else _build_apart(language)


@register_change_listener
def build_indexes() -> None:
    """In the background: index a new version in each language, so that no search waits for it."""
    for language in (current_language(), *dict(settings.TRANSLATION_LANGUAGES)):
        with translation.override(language):
            _build_once(language)


def _build_once(language: str) -> CachedIndex:
    with _build_lock:
        # Not the number that is watched: inside private tables there is one of their own.
        number, kept = ContentVersion.objects.get_current(), _indexes.get(language)
        if not kept or kept.number != number or not kept.is_complete:
            kept = _build_index(language, number)
            with _replace_lock:
                _indexes[language] = kept
        return kept


def _build_apart(language: str) -> CachedIndex:
    """The first index of a server, built on a connection of its own.

    The background will build on this one later, and no private table of a draft stands before it.
    """

    def build() -> CachedIndex:
        try:
            with translation.override(language):
                return _build_once(language)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(build).result()


def _hide_withdrawn(language: str, kept: CachedIndex) -> CachedIndex:
    """The index of before, without the pages withdrawn by now."""
    with _hide_lock:
        number, newest = ContentVersion.objects.get_current(), _indexes.get(language, kept)
        if newest.number != number:
            hidden = CachedIndex(
                number,
                newest.index.without(_find_withdrawn_addresses()),
                _list_topics(),
                _list_helping_pages(),
                is_complete=False,
            )
            newest = _replace_if_newest(language, newest, hidden)
        return newest


def _replace_if_newest(language: str, old: CachedIndex, new: CachedIndex) -> CachedIndex:
    """`new` in the place of `old`, but not in that of an index that was built meanwhile.

    Nothing would build that one again: its version is known.
    """
    with _replace_lock:
        newest = _indexes.get(language, old)
        if newest is old:
            newest = _indexes[language] = new
        return newest


def _find_withdrawn_addresses() -> set[str]:
    models = dict.fromkeys(model.get_owner_model() for model in get_page_models())
    return {
        page.get_absolute_url()
        for model in models
        for record in model.objects.withdrawn()
        for page in (record, *record.part_pages)
    }


def _build_index(language: str, number: int) -> CachedIndex:
    weights = {key: group.weight for key, group in documents.get_search_groups().items()}
    index = SearchIndex(documents.build_documents(), weights, language)
    return CachedIndex(number, index, _list_topics(), _list_helping_pages())


def _list_topics() -> list[tuple[str, str]]:
    return [(topic.name, topic.get_absolute_url()) for topic in Topic.objects.published()]


def _list_helping_pages() -> list[tuple[str, str]]:
    return [(page.name, page.get_absolute_url()) for page in Condition.objects.with_help_first()]
