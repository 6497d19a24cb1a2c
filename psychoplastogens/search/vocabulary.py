"""What the words of a search mean here: their stems, the other names of a thing, misspellings.

Pure: it knows the words of an index's documents and what they name, and nothing of Django.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import tantivy
from tantivy import Filter

from psychoplastogens.search.spelling import (
    STOP_WORDS,
    WORD_PATTERN,
    SpellChecker,
    fold_case_and_accents,
    is_english_word,
    split_document,
    split_words,
)

MAX_QUERY_WORDS = 16
MAX_CORRECTED_WORDS = 6
MAX_NAME_WORDS = 6
"""Words of a name, or of a saying, that is looked for as one."""

STEMMERS = {"en": "english", "es": "spanish"}
Stems = tuple[str, ...]


@dataclass(frozen=True)
class Alias:
    """What readers may type for something: `names`, all for the same, lead to one document.

    `usual_names` are what texts call it: the name itself, or a broader one. They are looked for
    too. It `is_word` if it is another word for what the document is about, and not the name of a
    medicine, say, that is one of many there. `weight` says how much it tells of who asks: what
    they take or have more than an everyday word.
    """

    names: tuple[str, ...]
    usual_names: tuple[str, ...] = ()
    is_word: bool = False
    weight: float = 1.0


@dataclass(frozen=True)
class QueryUnit:
    """A word or name that a hit should hold: its stems, and what may stand in its place.

    `targets` are the places of documents that answer for it, whatever words they hold; `weight` is
    that of the alias that leads there.
    """

    stems: Stems
    alternatives: tuple[Stems, ...] = ()
    targets: tuple[int, ...] = ()
    weight: float = 1.0


@dataclass(frozen=True)
class ParsedQuery:
    """A search, taken apart. `filler_stems` are stems of the words that only make a question of it.

    `spelled` is the search as names are compared: its stems without spaces, with and without
    the filler_stems ones. `targets` are the documents that answer for the whole of it. `marked` are
    the stems that a reader sees marked.
    """

    units: list[QueryUnit]
    filler_stems: Stems
    spelled: frozenset[str]
    targets: tuple[int, ...]
    marked: frozenset[str]


@lru_cache(maxsize=4)
def build_analyzer(language: str) -> tantivy.TextAnalyzer:
    """Words without case and accents, down to their stems: infusions and infusion are one."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (Filter.remove_long(60), Filter.lowercase(), Filter.ascii_fold()):
        builder = builder.filter(step)
    return builder.filter(Filter.stemmer(STEMMERS.get(language, "english"))).build()


@lru_cache(maxsize=16_384)
def _normalize_name(name: str, language: str) -> str:
    analyze = build_analyzer(language).analyze
    return "".join(stem for word in split_words(name) for stem in analyze(word))


class Vocabulary:
    """The words of `texts`, and `named`: the names of each thing, all for the same.

    `aliases` are what readers type for something, each with the places of the documents that
    answer.
    """

    def __init__(
        self,
        texts: Iterable[str],
        named: Iterable[tuple[str, ...]],
        language: str,
        aliases: Sequence[tuple[Alias, tuple[int, ...]]] = (),
    ):
        self.stop = STOP_WORDS.get(language, frozenset())
        self.has_dictionary = language == "en"
        self.language, self.analyzer = language, build_analyzer(language)
        counts = Counter(chain.from_iterable(map(split_document, texts)))
        for alias, _ in aliases:
            counts.update(split_words("\n".join(alias.names)))
        self.speller = SpellChecker(counts)
        # Only words of the documents are kept: what readers type is not.
        self._stem_of = {word: self._analyzed(word) for word in self.speller.counts}
        self._known = set(self._stem_of.values())
        self._synonyms: dict[str, set[Stems]] = defaultdict(set)
        for alike in named:
            names = {self.stems(name) for name in alike} - {()}
            for name in names:
                self._synonyms["".join(name)] |= names
        spelled = [tuple(filter(None, map(self.normalize_name, a.names))) for a, _ in aliases]
        self._cases = {
            name
            for (alias, _), names in zip(aliases, spelled, strict=True)
            if not alias.is_word
            for name in names
        }
        self._targets: dict[str, tuple[int, ...]] = {}
        self._weights: dict[str, float] = {}
        for (alias, places), known in zip(aliases, spelled, strict=True):
            usual = {self.stems(name) for name in alias.usual_names} - {()}
            for joined in known:
                self._targets.setdefault(joined, places)
                self._weights.setdefault(joined, alias.weight)
                self._synonyms[joined] |= usual

    def _analyzed(self, word: str) -> str:
        return "".join(self.analyzer.analyze(word))

    def stem(self, word: str) -> str:
        """The stem of one folded word; '' where an index would not keep it."""
        known = self._stem_of.get(word)
        return self._analyzed(word) if known is None else known

    def stems(self, text: str) -> Stems:
        return tuple(filter(None, map(self.stem, split_words(text))))

    def normalize_name(self, name: str) -> str:
        """A name as names are compared: '5-MeO-DMT' and '5 meo dmt' are one.

        It is kept for the next index: for names of documents and of editors, not for what readers
        type.
        """
        return _normalize_name(name, self.language)

    def names_a_case(self, text: str) -> bool:
        """Whether `text` names a medicine, a condition, an age: what is true of a page in general
        need not be true of it. So may a word that is not known here.

        Names count with any ending and however their words are joined: MAOI in "mao-i" and "MAOIs".
        """
        stems = self.stems(text)
        runs = {
            "".join(stems[place : place + length])
            for place in range(len(stems))
            for length in range(1, MAX_NAME_WORDS + 1)
        }
        return not runs.isdisjoint(self._cases) or not all(map(self.is_known, split_words(text)))

    def is_held(self, word: str) -> bool:
        """Whether a document holds the word, or an alias is made of it."""
        stem = self.stem(word)
        return not stem or word in self.stop or stem in self._known or stem in self._synonyms

    def is_known(self, word: str) -> bool:
        """Whether the word is one: such a word is never made into another."""
        return self.is_held(word) or (self.has_dictionary and is_english_word(word))

    def correct_spelling(self, asked: str) -> str:
        """`asked` with the words that stand nowhere made into the nearest that do."""
        matches = list(WORD_PATTERN.finditer(asked))[:MAX_QUERY_WORDS]
        unknown = [match for match in matches if not self.is_known(fold_case_and_accents(match[0]))]
        pieces, end = [], 0
        for match in unknown[:MAX_CORRECTED_WORDS]:
            word = fold_case_and_accents(match[0])
            is_unfinished = match is matches[-1] and self.speller.find_completions(word, limit=1)
            nearest = [] if is_unfinished else self.speller.find_nearest(word)
            if nearest:
                pieces += [asked[end : match.start()], nearest[0]]
                end = match.end()
        return "".join([*pieces, asked[end:]])

    def suggest_words(self, text: str) -> list[str]:
        """Known words that look like those of `text`, for somebody who found nothing."""
        unknown = [
            word for word in split_words(text)[:MAX_CORRECTED_WORDS] if not self.is_known(word)
        ]
        near = [
            other
            for word in unknown
            for other in self.speller.find_nearest(
                word, limit=4, min_similarity=SpellChecker.SUGGESTION_SIMILARITY
            )
        ]
        return list(dict.fromkeys(near))[:6]

    def parse_query(self, text: str) -> ParsedQuery | None:
        """What `text` asks for; None where it holds no word."""
        words = [word for word in split_words(text) if self.stem(word)][:MAX_QUERY_WORDS]
        if not words:
            return None
        stems = tuple(map(self.stem, words))
        units, filler_stems = self._split_units(words, stems)
        said = {stem for unit in units for stem in unit.stems}
        others = {name[0] for unit in units for name in unit.alternatives if len(name) == 1}
        spelled = frozenset({"".join(stems), "".join(s for unit in units for s in unit.stems)})
        return ParsedQuery(
            units,
            filler_stems,
            spelled,
            next((self._targets[name] for name in sorted(spelled) if name in self._targets), ()),
            frozenset((said | others) - {self.stem(word) for word in self.stop}),
        )

    def _split_units(self, words: list[str], stems: Stems) -> tuple[list[QueryUnit], Stems]:
        units: list[QueryUnit] = []
        filler_stems: list[str] = []
        place = 0
        while place < len(stems):
            length = self._match_name_length(stems, place)
            name = stems[place : place + length]
            if length > 1 or words[place] not in self.stop:
                is_last = place + length == len(stems)
                alternatives = self._find_alternatives(name, words[-1] if is_last else "")
                joined = "".join(name)
                targets = self._targets.get(joined, ())
                units.append(QueryUnit(name, alternatives, targets, self._weights.get(joined, 1.0)))
            else:
                filler_stems += name
            place += length
        if not units:
            return [QueryUnit((stem,)) for stem in dict.fromkeys(filler_stems)], ()
        return list(dict.fromkeys(units)), tuple(dict.fromkeys(filler_stems))

    def _match_name_length(self, stems: Stems, place: int) -> int:
        """How many stems from `place` on are one name that we know; 1 where they are none."""
        for length in range(min(MAX_NAME_WORDS, len(stems) - place), 1, -1):
            if "".join(stems[place : place + length]) in self._synonyms:
                return length
        return 1

    def _find_alternatives(self, name: Stems, unfinished: str) -> tuple[Stems, ...]:
        """Other names of the same thing; for a word that is still being typed, its endings."""
        same = self._synonyms.get("".join(name), set())
        # A name that holds this one, or is held by it, says less than the words themselves.
        others = {s for s in same if not set(s) <= set(name) and not set(name) <= set(s)}
        if unfinished and len(name) == 1 and not self.is_held(unfinished):
            others |= {(self.stem(word),) for word in self.speller.find_completions(unfinished)}
        return tuple(sorted(others))
