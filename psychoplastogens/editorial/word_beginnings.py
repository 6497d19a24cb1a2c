"""What is found by the beginnings of words: “eat” in “eating”, not in “treatment”."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_

from django.db.models import Q

BEFORE_WORDS = (" ", "-", "(")
"""What a word may stand behind, beside the beginning of a text."""


def begin_words(names: Iterable[str], words: Iterable[str]) -> Q:
    """Each of `words` begins a word in one of the fields called `names`. There is one at least."""
    names = list(names)
    return reduce(and_, (reduce(or_, (_begins_word(n, word) for n in names)) for word in words))


def _begins_word(name: str, word: str) -> Q:
    behind = (Q(**{f"{name}__icontains": sign + word}) for sign in BEFORE_WORDS)
    return reduce(or_, behind, Q(**{f"{name}__istartswith": word}))
