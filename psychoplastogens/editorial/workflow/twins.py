"""Records that may say the same as a new one. Apps register what tells them for their kinds.

A twin is advice: it stops nothing. Readers would find two answers, and only one of them would be
kept right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from django.db import models

from psychoplastogens.editorial.models import Publishable, Status

MAX_TWINS = 3

TwinFinder = Callable[[Any, models.QuerySet], Iterable[Publishable]]
_finders: dict[type[models.Model], TwinFinder] = {}


def register_twin_finder(*kinds: type[models.Model]) -> Callable[[TwinFinder], TwinFinder]:
    """Decorator: `find(record, others)` yields likely twins of a record of `kinds`, best first.

    `others` are those of its kind and language, drafts too, without what was withdrawn.
    """

    def register(finder: TwinFinder) -> TwinFinder:
        _finders.update(dict.fromkeys(kinds, finder))
        return finder

    return register


def find_twins(record: Publishable) -> list[Publishable]:
    """Likely twins of a saved record, MAX_TWINS at most; none of one that readers know already.

    The number of queries does not depend on how many records there are.
    """
    finder = _finders.get(type(record))
    if finder is None or record.was_published:
        return []
    others = type(record)._base_manager.exclude(status=Status.WITHDRAWN)
    others = others.filter(language=record.language).exclude(pk=record.pk)
    return list(islice(finder(record, others), MAX_TWINS))
