"""Which page answers which code or name: a copy in memory of what is published now.

A request's words are looked up here and not in the database, so that no log of a database holds
them either. A thread of the process watches the version of the content: what was withdrawn a
moment ago answers nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import zip_longest
from threading import Lock
from uuid import UUID

from psychoplastogens.content.models import Compound, Condition
from psychoplastogens.delivery.page_store.policies import CONTENT
from psychoplastogens.editorial.models import ContentVersion, current_language
from psychoplastogens.infobutton import recorded_names
from psychoplastogens.infobutton.code_systems import CODE_SYSTEMS_BY_KEY, CodeSystem
from psychoplastogens.infobutton.entries import FeedEntry, build_entries
from psychoplastogens.infobutton.models import Code, Product
from psychoplastogens.search import index_cache
from psychoplastogens.search.spelling import split_words

RXNORM = CODE_SYSTEMS_BY_KEY["rxnorm"]
PageKey = tuple[str, UUID]
"""The name of a kind of page, and the key of one."""

MAX_TEXT_RESULTS = 3
"""Pages that answer a free text."""


@dataclass(frozen=True)
class CodeAssignment:
    """A page that answers a code. `code` may be one that holds the one that was asked for."""

    page: PageKey
    code: str
    display: str
    finer: bool


@dataclass
class Catalog:
    """The codes and names of one version of the content in one language, and its crisis pages.

    `ingredients` holds, for codes of products, the RxNorm code of what they contain.
    """

    number: int
    assignments: dict[tuple[str, str], dict[str, CodeAssignment]]
    names: dict[tuple[str, ...], PageKey]
    ingredients: dict[tuple[str, str], str]
    crisis_pages: tuple[PageKey, ...] = ()
    entries: dict[PageKey, FeedEntry] = field(default_factory=dict)

    def find_assignment(
        self, system: CodeSystem, code: str, subtopic: str = ""
    ) -> CodeAssignment | None:
        """What answers `code`, in its normal form, or the nearest code that holds it.

        A product that no page names is answered as its ingredient is.
        """
        for held in system.iter_ancestors(code):
            assignments = self.assignments.get((system.key, held), {})
            claim = assignments.get(subtopic) or assignments.get("")
            if claim and (held == code or claim.finer):
                return claim
        for held in system.iter_ancestors(code):
            if ingredient := self.ingredients.get((system.key, held)):
                assignments = self.assignments.get((RXNORM.key, ingredient), {})
                return assignments.get(subtopic) or assignments.get("")
        return None

    def find_by_name(self, name: str) -> PageKey | None:
        """The medicine or condition that is called so, with nothing but severity and course."""
        if recorded_names.is_doubtful(name):
            return None
        name = recorded_names.strip_tag(name)
        if page := self._find_plain_name(name):
            return page
        around, within = recorded_names.split_parentheses(name)
        pages = [self._find_plain_name(around), self._find_plain_name(within)]
        if all(pages) and pages[0] == pages[1]:
            return pages[0]
        if recorded_names.is_abbreviated(around, within):
            return pages[0] or pages[1]
        return None

    def _find_plain_name(self, name: str) -> PageKey | None:
        found = (self.names.get(words) for words in recorded_names.iter_plain_names(name))
        return next(filter(None, found), None)

    def find_medicine_in(self, text: str) -> PageKey | None:
        """The medicine with the longest name in `text`: ketamine in "ketamine 50 mg/ml vial"."""
        words = tuple(split_words(text))
        for length in range(min(len(words), max(map(len, self.names), default=0)), 0, -1):
            for start in range(len(words) - length + 1):
                page = self.names.get(words[start : start + length])
                if page and page[0] == "compound":
                    return page
        return None

    def search_text(self, text: str) -> list[PageKey]:
        """The pages that a free text finds: the best of each kind, then the second best."""
        groups = index_cache.get_current_index().index.search(text).groups
        pages = [[hit.document.page for hit in group.hits if hit.document.page] for group in groups]
        in_turn = (page for row in zip_longest(*pages) for page in row if page)
        return list(in_turn)[:MAX_TEXT_RESULTS]

    def get_entries(self, wanted: Iterable[PageKey]) -> dict[PageKey, FeedEntry]:
        """The entries of those of these pages that readers may read."""
        wanted = list(dict.fromkeys(wanted))
        if missing := [page for page in wanted if page not in self.entries]:
            self.entries |= build_entries(missing)
        return {page: self.entries[page] for page in wanted if page in self.entries}


_catalogs: dict[str, Catalog] = {}
_build_lock = Lock()


def clear_catalog_cache() -> None:
    """Build anew at the next question. For tests, whose databases repeat version numbers."""
    _catalogs.clear()


def get_current_catalog() -> Catalog:
    """The catalog of what is published now, in the language of this request."""
    language = current_language()
    kept = _catalogs.get(language)
    if kept and kept.number == ContentVersion.objects.get_watched()[CONTENT]:
        return kept
    with _build_lock:
        # Not the number that is watched: inside private tables there is one of their own.
        number, kept = ContentVersion.objects.get_current(), _catalogs.get(language)
        if not kept or kept.number != number:
            kept = _catalogs[language] = Catalog(
                number,
                _load_assignments(),
                _load_names(),
                Product.objects.map_to_ingredients(),
                _load_crisis_pages(),
            )
        return kept


def _load_assignments() -> dict[tuple[str, str], dict[str, CodeAssignment]]:
    assignments: dict[tuple[str, str], dict[str, CodeAssignment]] = {}
    for code in Code.objects.published().with_published_page():
        claim = CodeAssignment(code.page_key, code.code, code.display, code.finer)
        assignments.setdefault((code.system, code.code), {})[code.subtopic] = claim
    return assignments


def _load_crisis_pages() -> tuple[PageKey, ...]:
    keys = Condition.objects.with_help_first().values_list("pk", flat=True)
    return tuple(("condition", key) for key in keys)


def _load_names() -> dict[tuple[str, ...], PageKey]:
    """Every name of the medicines and conditions, as its words; the first in order keeps one."""
    names: dict[tuple[str, ...], PageKey] = {}
    for kind, model, short in (
        ("compound", Compound, "brand"),
        ("condition", Condition, "short_name"),
    ):
        rows = model.objects.published().values_list("pk", "name", short, "other_names")
        for key, name, other, others in rows:
            for words in map(tuple, map(split_words, (name, other, *others))):
                if words:
                    names.setdefault(words, (kind, key))
    return names
