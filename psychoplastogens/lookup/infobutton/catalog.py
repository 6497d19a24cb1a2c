"""Which page answers which code or name: a copy in memory of what is published now.

A request's words are looked up here and not in the database, so that no log of a database holds
them either. Each request reads one number, the version of the content: what was withdrawn a
moment ago answers nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import zip_longest
from threading import Lock
from uuid import UUID

from psychoplastogens.content.models import Compound, Condition
from psychoplastogens.editorial.models import ContentVersion, current_language
from psychoplastogens.lookup import shelf
from psychoplastogens.lookup.infobutton.pages import Entry, entries_of
from psychoplastogens.lookup.infobutton.systems import System
from psychoplastogens.lookup.models import Code
from psychoplastogens.lookup.words import words_of

Page = tuple[str, UUID]
"""The name of a kind of page, and the key of one."""

MOST_FOUND = 3
"""Pages that answer a free text."""


@dataclass(frozen=True)
class Claim:
    """A page claims a code. `code` may be shorter than the one that was asked for."""

    page: Page
    code: str
    display: str
    finer: bool


@dataclass
class Catalog:
    """The claims and names of one version of the content, in one language, and its pages that begin
    with who to call.
    """

    number: int
    claims: dict[tuple[str, str], dict[str, Claim]]
    names: dict[tuple[str, ...], Page]
    helping: tuple[Page, ...] = ()
    entries: dict[Page, Entry] = field(default_factory=dict)

    def claim(self, system: System, code: str, subtopic: str = "") -> Claim | None:
        """What claims `code`, in its normal form, or the longest code above it."""
        for held in system.upwards(code):
            claims = self.claims.get((system.key, held), {})
            claim = claims.get(subtopic) or claims.get("")
            if claim and (held == code or claim.finer):
                return claim
        return None

    def named(self, name: str) -> Page | None:
        """The medicine or condition that is called exactly so, in any case."""
        return self.names.get(tuple(words_of(name)))

    def naming(self, text: str) -> Page | None:
        """The medicine with the longest name in `text`: ketamine in "ketamine 50 mg/ml vial"."""
        words = tuple(words_of(text))
        for length in range(min(len(words), max(map(len, self.names), default=0)), 0, -1):
            for start in range(len(words) - length + 1):
                page = self.names.get(words[start : start + length])
                if page and page[0] == "compound":
                    return page
        return None

    def found(self, text: str) -> list[Page]:
        """The pages that a free text finds: the best of each kind, then the second best."""
        groups = shelf.copy().index.search(text).groups
        pages = [[hit.document.page for hit in group.hits if hit.document.page] for group in groups]
        in_turn = (page for row in zip_longest(*pages) for page in row if page)
        return list(in_turn)[:MOST_FOUND]

    def pages(self, wanted: Iterable[Page]) -> dict[Page, Entry]:
        """The entries of those of these pages that readers may read."""
        wanted = list(dict.fromkeys(wanted))
        if missing := [page for page in wanted if page not in self.entries]:
            self.entries |= entries_of(missing)
        return {page: self.entries[page] for page in wanted if page in self.entries}


_copies: dict[str, Catalog] = {}
_building = Lock()


def forget() -> None:
    """Build anew at the next question. For tests, whose databases repeat version numbers."""
    _copies.clear()


def copy() -> Catalog:
    """The catalog of what is published now, in the language of this request."""
    language, number = current_language(), ContentVersion.objects.number_now()
    kept = _copies.get(language)
    if kept and kept.number == number:
        return kept
    with _building:
        kept = _copies.get(language)
        if not kept or kept.number != number:
            kept = _copies[language] = Catalog(number, _claims(), _names(), _helping())
        return kept


def _claims() -> dict[tuple[str, str], dict[str, Claim]]:
    claims: dict[tuple[str, str], dict[str, Claim]] = {}
    for code in Code.objects.published().with_published_page():
        claim = Claim(code.page_key, code.code, code.display, code.finer)
        claims.setdefault((code.system, code.code), {})[code.subtopic] = claim
    return claims


def _helping() -> tuple[Page, ...]:
    keys = Condition.objects.helping().values_list("pk", flat=True)
    return tuple(("condition", key) for key in keys)


def _names() -> dict[tuple[str, ...], Page]:
    """Every name of the medicines and conditions, as its words; the first in order keeps one."""
    names: dict[tuple[str, ...], Page] = {}
    for kind, model, short in (
        ("compound", Compound, "brand"),
        ("condition", Condition, "short_name"),
    ):
        rows = model.objects.published().values_list("pk", "name", short, "other_names")
        for key, name, other, others in rows:
            for words in map(tuple, map(words_of, (name, other, *others))):
                if words:
                    names.setdefault(words, (kind, key))
    return names
