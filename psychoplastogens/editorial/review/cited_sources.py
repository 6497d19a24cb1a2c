"""The sources that what changed rests on, so that a reviewer can read them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from psychoplastogens.editorial.drafts.diff import RowDifference
from psychoplastogens.editorial.drafts.snapshots import Snapshot

CITATION = re.compile(r"\[\^([^\[\]\n:]{1,160})(?::[^\[\]\n]{0,160})?\]")


class CitedSource(NamedTuple):
    """A source as a reviewer sees it. `address` is where it can be read itself, '' if nowhere."""

    slug: str
    title: str
    year: str
    supports: str
    address: str

    @property
    def label(self) -> str:
        """Its title and year."""
        return f"{self.title} ({self.year})" if self.year else self.title


SourceFinder = Callable[[set[str], set[str]], Iterable[tuple[str, CitedSource]]]
_finders: list[SourceFinder] = []


def cited_source_finder(finder: SourceFinder) -> SourceFinder:
    """Decorator: `finder(slugs, keys)` yields each source with the slug that a text names it by.

    Texts name sources by slug; records point at them by their key.
    """
    _finders.append(finder)
    return finder


def find_cited_sources(rows: list[RowDifference], snapshot: Snapshot) -> dict[str, CitedSource]:
    """The sources by slug that the changed texts cite, or that changed rows point at."""
    slugs, keys = set(_iter_slugs(rows)), set(_iter_related_keys(rows, snapshot))
    if not (slugs or keys):
        return {}
    return dict(sorted(pair for find in _finders for pair in find(slugs, keys)))


def get_cited_slug(mark: str) -> str:
    """The slug in `[^slug]` or `[^slug:people]`; '' where the mark is no citation."""
    match = CITATION.fullmatch(mark)
    return match[1].strip() if match else ""


def _iter_slugs(rows: list[RowDifference]) -> Iterator[str]:
    """What is cited in the changed paragraphs, in what stayed of them too."""
    for row in rows:
        for hunk in (hunk for field in row.fields for hunk in field.hunks if not hunk.is_equal):
            for text in (hunk.old, hunk.new):
                said = "".join(segment.text for segment in text)
                yield from (match[1].strip() for match in CITATION.finditer(said))


def _iter_related_keys(rows: list[RowDifference], snapshot: Snapshot) -> Iterator[str]:
    """The keys in the single relations of the rows that changed."""
    now = {(row["model"], str(row["pk"])): row["fields"] for row in snapshot}
    for row in rows:
        fields = now.get((row.model, row.key), {})
        meta = apps.get_model(row.model)._meta
        for name, value in fields.items():
            try:
                is_relation = meta.get_field(name).many_to_one
            except FieldDoesNotExist:
                continue
            if is_relation and isinstance(value, str):
                yield value
