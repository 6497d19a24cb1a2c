"""What a process keeps in memory for one version of the content, because many pages show it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection

from psychoplastogens.delivery.page_store import versions
from psychoplastogens.delivery.page_store.policies import CONTENT
from psychoplastogens.editorial.models.publishable import current_language

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
_caches: list[Any] = []


def cache_for_version(
    maxsize: int,
) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Decorator: call the function once for each version, language and arguments.

    What it returns is shared by all threads, so nobody changes it. It follows the rule of the page
    store: what is kept is never older than the version that it is kept for. `maxsize` is how many
    results are kept.
    """

    def decorate(function):
        @lru_cache(maxsize=maxsize)
        def call_once(version, language, *arguments):
            return function(*arguments)

        @wraps(function)
        def call(*arguments):
            version = get_cache_version()
            if not version:
                return function(*arguments)
            return call_once(version, current_language(), *arguments)

        _caches.append(call_once)
        return call

    return decorate


def get_cache_version() -> str:
    """The version that rows read now may be kept for; "" where they may not be kept.

    That is inside a transaction, which may hold a draft or what is not saved yet, and where no
    thread reads the version.
    """
    watcher = versions.watcher
    if not watcher.is_running or watcher.is_away or connection.in_atomic_block:
        return versions.UNKNOWN
    return watcher.get_token((CONTENT,))


def clear_version_caches() -> None:
    """For tests, whose databases repeat version numbers."""
    for cache in _caches:
        cache.cache_clear()
