"""Whether words speak of suicide, self-harm, an overdose or an emergency, and how surely.

The words are in phrases_en.txt and phrases_es.txt, which are read together: nobody says in which
language they type. In them `[noise]` are words that are left out, `[alias]` the spellings of a
word, `[class name]` the words that `<name>` stands for. `[opener]` and `[asking]` are words that
make a question, `[marker]` words that tell of somebody, `[help words]` words that add nothing to
a subject. The other sections hold phrases:

- `[idiom]`: not meant so. "killing time" is taken out before anything else is looked for.
- `[asked]`: a grave subject, asked about. It is taken out too, and is never a danger.
- `[group: always]`: a danger, in a question too: "should i kill myself".
- `[group: unless asked]`: a danger, but not in a question: "why do people pass out".
- `[group: together]`: a danger where all words of a line stand somewhere, but not in a question.
- `[group: grave]`: the same, and never a danger: a net for what the others miss.
- `[group: topic]`: a danger where little else is said ("suicidal thoughts") or where somebody is
  told of ("suicidal since monday"), and not in a question.

A phrase is words with spaces between them. `a/b` is either, `a?` may be missing, `*` is up to
three words that are not "i", `a_b` two words in one place, `$` the end of the text. Words are
compared as `_plain` leaves them: without accents, apostrophes and double letters, and with letters
for the figures in "su1c1de".

Time grows in proportion to the text: at each word only the phrases that begin with it are tried,
and nothing in a phrase repeats without a bound.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, cached_property, lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA

from psychoplastogens.content.crisis.concerns import Concern, ConcernGroup

MAX_CHARACTERS = 1_200
"""How much of a text is checked. No form field of readers takes more."""
PHRASE_LANGUAGES = ("en", "es")
GAP_PATTERN = r"(?:(?!i )\S+ ){0,3}"
MASK = "_"
_WORD = re.compile(r"[^\W_]+")
_INSIDE_A_WORD = re.compile(r"(?<=\w)['’‘ʼ`´*](?=\w)")
_LETTERS = str.maketrans("013457@$!|", "oieastasii")
_FIGURE_FOR_A_LETTER = re.compile(
    r"(?<=[^\W\d_])[013457@$!|](?=[^\W\d_])|(?<!\w)[5$](?=[^\W\d_]{3})|(?<=[^\W\d_]{4})3(?!\w)"
)
_TWICE = re.compile(r"([^\W\d_])\1+")
_SPELLED_OUT = re.compile(r"\b(?:[^\W\d_] ){2,}[^\W\d_]\b")
_CONTRACTED = re.compile(
    r"\b(i|he|she|it|they|we|you|that|what|don|doesn|didn|can|couldn|won|wouldn|isn|wasn|aren)"
    r" (t|m|s|ve|re|d|ll)\b"
)
_NAMED = re.compile(r"suicid|self-harm|overdose|autolesi|sobredosis", re.IGNORECASE)
_MAY_I = re.compile(r"\b(?:can|could|may|should) i (?:have|take|get|use|do|start|try)\b")
# One wrong letter in these is forgiven, unless it makes another word.
_CORRECTABLE = ("suicide", "suicidal", "overdose", "overdosed", "unconscious", "unresponsive",
             "seizure", "swalowed", "myself", "poisoned", "emergency")  # fmt: skip
_OTHER_WORDS = {"overdone", "poisson"}


def detect_concern(text: str) -> Concern | None:
    """The concern in the first MAX_CHARACTERS of `text`, or None."""
    return _load_lexicon().detect_concern(text[:MAX_CHARACTERS])


def mentions_suicide(text: str) -> bool:
    """Whether a text of the site mentions suicide, self-harm or an overdose.

    For handouts and summaries, which are read without the page's "Help now" link.
    """
    return bool(_NAMED.search(text))


def _normalize(text: str) -> str:
    """`text` in small letters without accents, words with one space between them."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    text = "".join(letter for letter in apart if not unicodedata.combining(letter))
    text = _INSIDE_A_WORD.sub("", text)
    text = _FIGURE_FOR_A_LETTER.sub(lambda figure: figure[0].translate(_LETTERS), text)
    text = " ".join(word for word in _WORD.findall(text) if word not in _OTHER_WORDS)
    text = _SPELLED_OUT.sub(lambda letters: letters[0].replace(" ", ""), text)
    return _TWICE.sub(r"\1", _CONTRACTED.sub(r"\1\2", text))


@lru_cache(maxsize=1)
def _load_lexicon() -> CrisisLexicon:
    sections: dict[str, list[str]] = defaultdict(list)
    for language in PHRASE_LANGUAGES:
        name = ""
        for line in (Path(__file__).parent / f"phrases_{language}.txt").read_text().splitlines():
            if line.startswith("["):
                name = line.strip("[]")
            elif line and not line.startswith("#"):
                sections[name].append(line)
    return CrisisLexicon(sections)


class CrisisLexicon:
    """The words of the lists, ready to be compared. `sections` are lines by name of section."""

    def __init__(self, sections: dict[str, list[str]]):
        self._sections = sections
        self._alias: dict[str, str] = {}
        for line in sections["alias"]:
            meant, _, spelled = line.partition(" = ")
            self._alias |= {_normalize(word): _normalize(meant) for word in spelled.split()}
        self._noise = self._words_of("noise")
        self._classes = {
            f"<{name.removeprefix('class ')}>": " ".join(lines).split()
            for name, lines in sections.items()
            if name.startswith("class ")
        }
        self._openers, self._asking = self._words_of("opener"), self._words_of("asking")
        self._markers, self._helps = self._words_of("marker"), self._words_of("help words")

    def _words_of(self, section: str) -> frozenset[str]:
        return frozenset(self._canonical(_normalize(" ".join(self._sections[section]))).split())

    def _canonical(self, plain: str) -> str:
        return " ".join(self._alias.get(word, word) for word in plain.split())

    @cached_property
    def _idioms(self) -> PhraseMatcher:
        return self._phrases("idiom")

    @cached_property
    def _question_phrases(self) -> PhraseMatcher:
        return self._phrases("asked")

    @cached_property
    def _phrases_by_group(
        self,
    ) -> list[tuple[ConcernGroup, PhraseMatcher, PhraseMatcher, PhraseMatcher]]:
        return [
            (
                group,
                self._phrases(f"{group}: always"),
                self._phrases(f"{group}: unless asked"),
                self._phrases(f"{group}: topic"),
            )
            for group in ConcernGroup
        ]

    @cached_property
    def _word_sets_by_group(self) -> dict[ConcernGroup, list[list[frozenset[str]]]]:
        """For each group its lines, each the sets of which one word must be there."""
        return {group: self._sets(f"{group}: together") for group in ConcernGroup}

    @cached_property
    def _grave(self) -> list[list[frozenset[str]]]:
        return self._sets(f"{ConcernGroup.SELF}: grave")

    def _sets(self, section: str) -> list[list[frozenset[str]]]:
        lines = map(self._pattern, self._sections.get(section, ()))
        return [[frozenset(choices or ()) for choices in line] for line in lines]

    def _phrases(self, section: str) -> PhraseMatcher:
        return PhraseMatcher(map(self._pattern, self._sections.get(section, ())))

    def _pattern(self, line: str) -> list[list[str] | None]:
        """A phrase as a list: of words that may stand there ('' for none), or None for a gap."""
        pattern: list[list[str] | None] = []
        for item in line.split():
            if item in "*$":
                pattern.append(None if item == "*" else ["$"])
                continue
            words = [
                word
                for choice in item.removesuffix("?").split("/")
                for word in self._classes.get(choice, [choice])
            ]
            meant = [self._correct_spelling(word.replace("_", " ")) for word in words]
            may_miss = item.endswith("?") or not any(meant)
            choices = dict.fromkeys([*filter(None, meant), *([""] if may_miss else [])])
            pattern.append(list(choices))
        return pattern

    def _correct_spelling(self, text: str) -> str:
        words = self._canonical(_normalize(text)).split()
        return " ".join(word for word in words if word not in self._noise)

    @lru_cache(maxsize=4_096)  # noqa: B019 - there is one lexicon
    def _correct_word(self, word: str) -> str:
        if len(word) < 6:
            return word
        alike = (meant for meant in _CORRECTABLE if OSA.distance(word, meant, score_cutoff=1) <= 1)
        return next((meant for meant in alike if meant[0] == word[0]), word)

    def detect_concern(self, text: str) -> Concern | None:
        said = " ".join(self._correct_word(word) for word in _normalize(text).split())
        meant = self._idioms.mask(self._correct_spelling(said))
        rest = self._question_phrases.mask(meant)
        concern = self._match_groups(rest)
        if rest == meant or (concern and concern.is_danger):
            return concern
        asked = self._match_groups(meant) or concern
        return Concern(asked.group if asked else ConcernGroup.BODY, is_danger=False)

    def _match_groups(self, meant: str) -> Concern | None:
        words = meant.split()
        asked = self._is_question(words, meant)
        topics = []
        for group, always, unless_asked, topic in self._phrases_by_group:
            said = always.found(meant) or not asked and unless_asked.found(meant)
            if said or not asked and _holds_one(words, self._word_sets_by_group[group]):
                return Concern(group)
            if topic.found(meant) or unless_asked.found(meant):
                topics.append((group, topic.mask(meant).split()))
        for group, beside in topics:
            if not asked and (self._markers & set(words) or not set(beside) - self._bare):
                return Concern(group)
        if not topics and _holds_one(words, self._grave):
            return Concern(ConcernGroup.SELF, is_danger=False)
        return Concern(topics[0][0], is_danger=False) if topics else None

    @cached_property
    def _bare(self) -> frozenset[str]:
        return self._helps | {MASK}

    def _is_question(self, words: list[str], meant: str) -> bool:
        opens = bool(words) and words[0] in self._openers
        return opens or not self._asking.isdisjoint(words) or bool(_MAY_I.search(meant))


def _holds_one(words: Iterable[str], lines: list[list[frozenset[str]]]) -> bool:
    """Whether there is a line of which each set has one of the words."""
    said = set(words)
    return any(not any(said.isdisjoint(one_of) for one_of in line) for line in lines)


class PhraseMatcher:
    """Phrases to look for, each a list of the words that may stand at a place; None is a gap."""

    def __init__(self, patterns: Iterable[list[list[str] | None]]):
        tails: dict[str, set[str]] = defaultdict(set)
        for pattern in patterns:
            for first, tail in _iter_first_words(pattern):
                tails[first].add(tail)
        # Compiled when a word is first met: all of them at once would take a second.
        self._after = {first: frozenset(after) for first, after in tails.items()}

    def spans(self, meant: str) -> Iterator[tuple[int, int]]:
        """Where the phrases stand in `meant`, from left to right; none overlaps another."""
        said, start = f"{meant} ", 0
        while start < len(meant):
            end = said.index(" ", start) + 1
            after = self._after.get(said[start : end - 1])
            if after and (match := _compile_tails(after).match(said, end)):
                yield start, match.end()
                end = match.end()
            start = end

    def found(self, meant: str) -> bool:
        return next(self.spans(meant), None) is not None

    def mask(self, meant: str) -> str:
        """`meant` with a mark in the place of each phrase."""
        kept, at = [], 0
        for start, end in self.spans(meant):
            kept += [meant[at:start].strip(), MASK]
            at = end
        return " ".join(filter(None, [*kept, meant[at:].strip()]))


@cache
def _compile_tails(tails: frozenset[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(tails, key=lambda tail: (-len(tail), tail))))


def _iter_first_words(pattern: list[list[str] | None]) -> Iterator[tuple[str, str]]:
    """Each word that the phrase may begin with, and what follows it as a regular expression."""
    [choices, *rest] = pattern
    tail = "".join(map(_build_pattern, rest))
    for choice in choices or [""]:
        if not choice:
            yield from _iter_first_words(rest)
            continue
        first, _, more = choice.partition(" ")
        yield first, f"{more} {tail}" if more else tail


def _build_pattern(choices: list[str] | None) -> str:
    if choices is None:
        return GAP_PATTERN
    if choices == ["$"]:
        return "$"
    words = "|".join(f"{word} " for word in choices if word)
    return f"(?:{words}){'?' if '' in choices else ''}"
