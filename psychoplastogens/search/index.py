"""A search index in memory: ranking and snippets by tantivy, words and names by `vocabulary`.

No Django here: documents come in, an Answer goes out. A query never reaches tantivy's query
parser; it is taken apart into words, and queries are built from those.
"""

from __future__ import annotations

import math
import re
from collections.abc import Container, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

import tantivy
from tantivy import Occur, Query, SnippetGenerator

from psychoplastogens.search.snippets import expand_fragment
from psychoplastogens.search.spelling import WORD_PATTERN, fold_case_and_accents
from psychoplastogens.search.vocabulary import Alias, ParsedQuery, QueryUnit, Stems, Vocabulary

if TYPE_CHECKING:
    from psychoplastogens.search.answers import Answer

LETTER_RUN = re.compile(r"[^\W\d_]+")
MAX_QUERY_LENGTH = 200
SNIPPET_LENGTH = 160  # characters
MIN_FULL_MATCHES = 3
"""With fewer hits that hold every word, those that hold some of the words are shown too."""

FIELD_WEIGHTS = {
    "title": 4.0,
    "names": 3.0,
    "asked": 2.0,  # the words of the aliases
    "summary": 2.0,
    "text": 1.0,
    "unquoted": 0.6,
}
FILLER_WORD_BOOST = 0.15
SYNONYM_BOOST = 0.6
EXACT_NAME_SCORE = 1_000.0
WHOLE_ALIAS_SCORE = 950.0  # of the document that answers for all that was typed
ALIAS_SCORE = 38.0
"""Of the document that answers for one of the units; more than that of a word in a title."""
ALL_UNITS_BONUS, MOST_UNITS_BONUS = 20.0, 8.0
RARE_WORD_DOCUMENTS = 5
MAX_BEST_HITS = 3
# One segment for any site of this kind: equal scores then come in the order of the documents.
WRITER_HEAP_BYTES = 200_000_000

HighlightedText = list[tuple[str, bool]]  # pieces, each with whether it is to be marked


@dataclass(frozen=True)
class SearchDocument:
    """Something to find.

    `names` are other names of what `title` names, each as good as it. Snippets are cut from
    `text`; the words of `unquoted` are found too, but never shown out of their place. `page` is
    what others here know it by: its kind and the key of its record. `aliases` lead to it without
    standing in it; `answer` is what it says first.
    """

    kind: str
    title: str
    address: str
    names: tuple[str, ...] = ()
    summary: str = ""
    text: str = ""
    unquoted: str = ""
    part_of: str = ""
    page: tuple[str, UUID] | None = None
    aliases: tuple[Alias, ...] = ()
    answer: Answer | None = None

    @property
    def words(self) -> str:
        return "\n".join((self.title, *self.names, self.summary, self.text, self.unquoted))

    @property
    def own_names(self) -> Alias:
        return Alias((self.title, *self.names), is_word=True)

    @property
    def default_snippet(self) -> str:
        """What to show where no sentence is to be quoted."""
        text = self.summary or self.text
        return (
            text if len(text) <= SNIPPET_LENGTH else text[:SNIPPET_LENGTH].rsplit(" ", 1)[0] + " …"
        )


@dataclass(frozen=True)
class SearchHit:
    document: SearchDocument
    title: HighlightedText
    snippet: HighlightedText
    score: float = 0.0


@dataclass(frozen=True)
class ResultGroup:
    """The best hits of one kind, and how many there are in all."""

    kind: str
    total: int
    hits: list[SearchHit]

    @property
    def best_score(self) -> float:
        return self.hits[0].score if self.hits else 0.0

    @property
    def has_more(self) -> bool:
        return self.total > len(self.hits)

    def without(self, shown: list[SearchHit]) -> list[SearchHit]:
        """The hits that are not among those `shown` before."""
        addresses = {hit.document.address for hit in shown}
        return [hit for hit in self.hits if hit.document.address not in addresses]


@dataclass(frozen=True)
class SearchResults:
    """`searched` differs from `asked` where the spelling was corrected.

    `best` are the best hits of all kinds, which stand in `groups` too.
    """

    asked: str
    searched: str
    groups: list[ResultGroup] = field(default_factory=list)
    best: list[SearchHit] = field(default_factory=list)
    near: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups)

    @property
    def corrected(self) -> str:
        """The words that took the place of misspelt ones: all of them ours, none of who asks."""
        typed = set(LETTER_RUN.findall(self.asked.casefold()))
        ours = dict.fromkeys(LETTER_RUN.findall(self.searched.casefold()))
        return " ".join(word for word in ours if word not in typed)


def _require(number: int, units: list[Query]) -> Query:
    """What holds at least `number` of the units."""
    return Query.boolean_query([(Occur.Should, unit) for unit in units], number)


def build_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("exact", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("address", tokenizer_name="raw", index_option="basic")
    for name in FIELD_WEIGHTS:
        builder.add_text_field(name, stored=name == "text", tokenizer_name="stems")
    builder.add_unsigned_field("place", fast=True)
    return builder.build()


class SearchIndex:
    """Documents, searchable. `kinds` maps each kind to its weight, the most useful kind first.

    Documents are put in one order first, so that no result depends on the order they came in.
    """

    def __init__(
        self, documents: Iterable[SearchDocument], kinds: Mapping[str, float], language="en"
    ):
        order = {kind: place for place, kind in enumerate(kinds)}
        self.kinds = kinds
        self.documents = sorted(
            documents, key=lambda d: (order[d.kind], fold_case_and_accents(d.title), d.address)
        )
        self.vocabulary = Vocabulary(
            (document.words for document in self.documents),
            ((d.title, *d.names) for d in self.documents if d.names),
            language,
            list(self._map_aliases().items()),
        )
        self._schema = build_schema()
        self._searcher = self._build_searcher()
        self._hidden: frozenset[int] = frozenset()

    def without(self, addresses: Container[str]) -> SearchIndex:
        """The same index, in which the documents with these addresses are not found.

        Where one of them is no near hit, it still counts in `ResultGroup.total`.
        """
        other = copy(self)
        other._hidden = frozenset(
            place for place, one in enumerate(self.documents) if one.address in addresses
        )
        return other

    def _map_aliases(self) -> dict[Alias, tuple[int, ...]]:
        """Each alias with the places of the documents that it leads to; last, their own names."""
        places: dict[Alias, tuple[int, ...]] = {}
        by_editors = [(a, place) for place, d in enumerate(self.documents) for a in d.aliases]
        own = [(d.own_names, place) for place, d in enumerate(self.documents) if d.names]
        for alias, place in by_editors + own:
            places[alias] = (*places.get(alias, ()), place)
        return places

    def _build_searcher(self) -> tantivy.Searcher:
        index = tantivy.Index(self._schema)
        index.register_tokenizer("stems", self.vocabulary.analyzer)
        writer = index.writer(WRITER_HEAP_BYTES, 1)
        for place, document in enumerate(self.documents):
            writer.add_document(self._to_tantivy_document(place, document))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return index.searcher()

    def _to_tantivy_document(self, place: int, document: SearchDocument) -> tantivy.Document:
        entry = tantivy.Document(
            kind=document.kind,
            address=document.address,
            title=document.title,
            summary=document.summary,
            text=document.text,
            unquoted=document.unquoted,
        )
        entry.add_unsigned("place", place)
        for name in document.names:
            entry.add_text("names", name)
        for alias in document.aliases:
            entry.add_text("asked", "\n".join(alias.names))
        for name in sorted(
            set(map(self.vocabulary.normalize_name, (document.title, *document.names)))
        ):
            entry.add_text("exact", name)
        return entry

    def search(
        self, query: str, *, exact: bool = False, kind: str = "", most: int = 6
    ) -> SearchResults:
        """The best `most` of each kind, or of one `kind`. `exact` takes the spelling as it is."""
        asked = " ".join(query[:MAX_QUERY_LENGTH].split())
        searched = asked if exact else self.vocabulary.correct_spelling(asked)
        wanted = self.vocabulary.parse_query(searched)
        if not wanted:
            return SearchResults(asked, asked)
        match = self._build_match_query(wanted)
        kinds = [kind] if kind in self.kinds else list(self.kinds)
        groups = [
            group for one in kinds if (group := self._search_kind(one, match, wanted, most)).total
        ]
        if not groups:
            return SearchResults(asked, searched, near=self.vocabulary.suggest_words(searched))
        hits = (hit for group in groups for hit in group.hits[:MAX_BEST_HITS])
        best = sorted(hits, key=lambda hit: -hit.score)[:MAX_BEST_HITS]
        # The kind with the best hit, then the others in their order.
        first = max(groups, key=lambda group: group.best_score)
        return SearchResults(asked, searched, [first, *(g for g in groups if g is not first)], best)

    def _build_match_query(self, wanted: ParsedQuery) -> Query:
        """What holds every unit that is wanted, or most, or half, or one: until there is enough.

        Those that hold all come before those that hold most.
        """
        units = [self._build_unit_query(unit) for unit in wanted.units]
        every, most, half = len(units), (2 * len(units) + 2) // 3, (len(units) + 1) // 2
        for needed in sorted({every, most, half, 1}, reverse=True):
            match = self._build_query_requiring(needed, units, wanted)
            if self._count_hits(match) >= MIN_FULL_MATCHES:
                break
        bonuses = {every: ALL_UNITS_BONUS, most: MOST_UNITS_BONUS}
        fuller = [
            (Occur.Should, Query.const_score_query(_require(number, units), bonus))
            for number, bonus in bonuses.items()
            if every > 1
        ]
        return Query.boolean_query([(Occur.Must, match), *fuller])

    def _build_query_requiring(self, needed: int, units: list[Query], wanted: ParsedQuery) -> Query:
        """Hits hold `needed` of the units; names that are exactly what was typed come first."""
        passing = [
            (Occur.Should, Query.boost_query(self._build_word_query(stem), FILLER_WORD_BOOST))
            for stem in wanted.filler_stems
        ]
        exact = [
            Query.const_score_query(self._build_term_query("exact", name), EXACT_NAME_SCORE)
            for name in sorted(wanted.spelled)
        ]
        exact += [self._build_target_query(place, WHOLE_ALIAS_SCORE) for place in wanted.targets]
        held = Query.boolean_query([(Occur.Must, _require(needed, units)), *passing])
        answering = [
            Query.boolean_query(
                [
                    (Occur.Must, self._build_target_query(place, 0.0)),
                    *((Occur.Should, unit) for unit in units),
                ]
            )
            for place in sorted({place for unit in wanted.units for place in unit.targets})
        ]
        return Query.disjunction_max_query([held, *answering, *exact])

    def _build_unit_query(self, unit: QueryUnit) -> Query:
        itself = Query.boolean_query(
            [(Occur.Must, self._build_word_query(stem)) for stem in unit.stems]
        )
        others = [
            Query.boost_query(self._build_name_query(name), SYNONYM_BOOST)
            for name in unit.alternatives
        ]
        score = self._rate_rarity(unit.stems) * unit.weight * ALIAS_SCORE if unit.targets else 0.0
        targets = [self._build_target_query(place, score) for place in unit.targets]
        return Query.disjunction_max_query([itself, *others, *targets], 0.3)

    def _count_hits(self, query: Query) -> int:
        # The stubs of tantivy lack `count`.
        return self._searcher.search(query, 1, count=True).count  # type: ignore[attr-defined]

    def _rate_rarity(self, stems: Stems) -> float:
        """How much an alias says, 0 to 1: a word that many documents hold says little by itself."""
        if len(stems) > 1:
            return 1.0
        held = self._count_hits(self._build_word_query(stems[0]))
        total = len(self.documents)
        if held <= RARE_WORD_DOCUMENTS or total <= RARE_WORD_DOCUMENTS:
            return 1.0
        return math.log(total / held) / math.log(total / RARE_WORD_DOCUMENTS)

    def _build_target_query(self, place: int, score: float) -> Query:
        address = self._build_term_query("address", self.documents[place].address)
        return Query.const_score_query(address, score)

    def _build_name_query(self, stems: Stems) -> Query:
        if len(stems) == 1:
            return self._build_word_query(stems[0])
        fields = [
            Query.boost_query(Query.phrase_query(self._schema, name, list(stems)), weight)
            for name, weight in FIELD_WEIGHTS.items()
        ]
        return Query.disjunction_max_query(fields)

    def _build_word_query(self, stem: str) -> Query:
        fields = [
            Query.boost_query(self._build_term_query(name, stem), w)
            for name, w in FIELD_WEIGHTS.items()
        ]
        return Query.disjunction_max_query(fields, 0.2)

    def _build_term_query(self, name: str, value: str) -> Query:
        return Query.term_query(self._schema, name, value)

    def _search_kind(self, kind: str, match: Query, wanted: ParsedQuery, most: int) -> ResultGroup:
        of_kind = Query.const_score_query(self._build_term_query("kind", kind), 0.0)
        both = Query.boolean_query([(Occur.Must, of_kind), (Occur.Must, match)])
        result = self._searcher.search(both, most + len(self._hidden), count=True)
        found = [hit for hit in result.hits if self._get_place(hit[1]) not in self._hidden]
        if not found:
            return ResultGroup(kind, 0, [])
        total = result.count - (len(result.hits) - len(found))  # type: ignore[attr-defined]
        terms = [
            (Occur.Should, self._build_term_query("text", stem)) for stem in sorted(wanted.marked)
        ]
        snippets = SnippetGenerator.create(
            self._searcher, Query.boolean_query(terms), self._schema, "text"
        )
        snippets.set_max_num_chars(SNIPPET_LENGTH)
        hits = [
            self._build_hit(address, snippets, wanted.marked, score * self.kinds[kind])
            for score, address in found[:most]
        ]
        return ResultGroup(kind, total, hits)

    def _get_place(self, address) -> int:
        """Where the document at this address of tantivy is in `documents`."""
        [place] = self._searcher.fast_field_values("place", [address])
        assert isinstance(place, int)  # The schema says so.
        return place

    def _build_hit(
        self, address, snippets: SnippetGenerator, marked: frozenset[str], score: float
    ) -> SearchHit:
        document = self.documents[self._get_place(address)]
        title = self.highlight(document.title, marked)
        text = document.default_snippet
        # What a thing is says more about a hit by name than a sentence that repeats the name.
        if not (document.summary and any(is_marked for _, is_marked in title)):
            fragment = snippets.snippet_from_doc(self._searcher.doc(address)).fragment()
            text = expand_fragment(document.text, fragment) if fragment else text
        return SearchHit(document, title, self.highlight(text, marked), score)

    def highlight(self, text: str, stems: frozenset[str]) -> HighlightedText:
        """`text` in pieces, those with one of the `stems` to be marked."""
        pieces, end = [], 0
        for match in WORD_PATTERN.finditer(text):
            if self.vocabulary.stem(fold_case_and_accents(match[0])) in stems:
                pieces += [(text[end : match.start()], False), (match[0], True)]
                end = match.end()
        return [piece for piece in (*pieces, (text[end:], False)) if piece[0]]
