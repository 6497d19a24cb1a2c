"""A record as it will be read: all its texts, in order, each with the path of its field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.db import models

from psychoplastogens.content.fields import ProseField
from psychoplastogens.content.models import Compound, Condition, GlossaryTerm
from psychoplastogens.content.models.prose_model import names_evidence
from psychoplastogens.content.rendering import markdown, readability
from psychoplastogens.delivery.characters import remove_invisible_characters
from psychoplastogens.editorial.models import Publishable, SluggedModel, get_related_model
from psychoplastogens.evidence.checks import FieldUse
from psychoplastogens.evidence.models import Claim, Finding, Source, SpineChange

EVIDENCE_MODELS = (Source, Finding, SpineChange)
# Texts that readers are not shown, or that others wrote.
UNCHECKED_FIELDS = {
    *("withdrawn_because", "formula", "pronunciation"),
    *("scene", "highlight", "hidden", "pale"),
}
QUOTED_FIELDS: dict[type[models.Model], set[str]] = {
    Claim: {"text"},
    SpineChange: {"study"},
    GlossaryTerm: {"term"},
}

_SPACES = re.compile(r"[^\S\n ]")
_FENCE = re.compile(r":::+[ \t]*([\w-]*)[^\n]*")
_LIST_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s")


def get_visible_text(text: str) -> str:
    """The words that a reader sees: without markup and invisible characters, with plain spaces."""
    return readability.strip_markup(_SPACES.sub(" ", remove_invisible_characters(text)))


def split_blocks(text: str) -> list[tuple[str, str]]:
    """(callout or '', block) of `text`: paragraphs, headings, and whole lists.

    A list goes with the line that leads it in, and a source at one of its items is for all.
    """
    found: list[tuple[str, list[str]]] = []
    for callout, paragraph in _paragraphs(text):
        if found and found[-1][0] == callout and _continues_list(found[-1][1][-1], paragraph):
            found[-1][1].append(paragraph)
        else:
            found.append((callout, [paragraph]))
    return [(callout, "\n".join(pieces)) for callout, pieces in found]


def _paragraphs(text: str) -> Iterator[tuple[str, str]]:
    callout = ""
    lines: list[str] = []
    for line in [*text.split("\n"), ""]:
        fence = _FENCE.fullmatch(line.strip())
        is_heading = line.startswith("#")
        if lines and (fence or is_heading or not line.strip()):
            yield callout, "\n".join(lines).strip()
            lines = []
        if fence:
            callout = fence[1]
        elif is_heading:
            yield callout, line.strip()
        elif line.strip():
            lines.append(line)


def _continues_list(before: str, paragraph: str) -> bool:
    return bool(_LIST_ITEM.match(paragraph)) and (
        before.endswith(":") or bool(_LIST_ITEM.match(before))
    )


@dataclass(frozen=True)
class Passage:
    """One text. `page` is the path of the part that has a page of its own; '' is the record's.

    `is_running_text`: paragraphs, which are read as sentences, as opposed to titles and lines.
    """

    field: str
    name: str
    page: str
    row: models.Model
    text: str
    is_running_text: bool

    @property
    def is_prose(self) -> bool:
        return isinstance(self.row._meta.get_field(self.name), ProseField)

    @cached_property
    def plain(self) -> str:
        return get_visible_text(self.text)

    @cached_property
    def blocks(self) -> list[tuple[str, str]]:
        return split_blocks(self.text)

    @cached_property
    def sentences(self) -> list[str]:
        return readability.split_sentences(self.plain)

    @cached_property
    def references(self) -> list[markdown.ProseReference]:
        return list(markdown.find_references(self.text)) if self.is_prose else []


class CheckedPage:
    """A saved record with its parts, read anew from the database, and its texts in order.

    A text longer than any editor can save is among `too_long`, and nowhere else.
    """

    def __init__(self, record: Publishable):
        names = list(_relations(type(record)))
        self.record = type(record)._base_manager.prefetch_related(*names).get(pk=record.pk)
        self.rows = list(_rows(self.record, "", ""))
        everything = [passage for place in self.rows for passage in _passages(*place)]
        self.too_long = [p for p in everything if len(p.text) > markdown.MAX_TEXT_LENGTH]
        self.passages = [p for p in everything if len(p.text) <= markdown.MAX_TEXT_LENGTH]

    @property
    def prose(self) -> list[Passage]:
        return [passage for passage in self.passages if passage.is_prose]

    @property
    def running_texts(self) -> list[Passage]:
        return [passage for passage in self.passages if passage.is_running_text]

    @property
    def rests_on_sources(self) -> bool:
        return any(names_evidence(row) for _, _, row in self.rows)

    @cached_property
    def _findings(self) -> dict[str, Finding]:
        slugs = {slug for one in self.prose for slug in markdown.get_finding_slugs(one.text)}
        return {finding.slug: finding for finding in Finding.objects.with_slugs(slugs)}

    def write_out(self, passage: Passage) -> str:
        """The text of `passage` with its numbers in the words that readers get."""
        return markdown.write_out_findings(passage.text, self._findings)

    @cached_property
    def pages(self) -> dict[str, list[Passage]]:
        """The prose of each page that readers open, by the path of the part that it is."""
        found: dict[str, list[Passage]] = {}
        for passage in self.prose:
            found.setdefault(passage.page, []).append(passage)
        return found

    @cached_property
    def glossary(self) -> list[tuple[str, str, list[str]]]:
        """(slug, term, synonyms) of each term that the public may read."""
        terms = GlossaryTerm.objects.published().order_by("slug")
        return list(terms.values_list("slug", "term", "synonyms"))

    @cached_property
    def page_names(self) -> frozenset[str]:
        """What compounds and conditions are called, in small letters: they have their own pages."""
        compounds = Compound.objects.values_list("name", "brand", "other_names")
        conditions = Condition.objects.values_list("name", "short_name", "other_names")
        return frozenset(
            name.lower()
            for first, second, others in (*compounds, *conditions)
            for name in (first, second, *others)
        )

    def iter_evidence_uses(self) -> Iterator[FieldUse]:
        """(path, source or number) of each one that a field of the record or a part names."""
        for path, _, row in self.rows:
            for field in _evidence_fields(type(row)):
                value = getattr(row, field.name)
                used = value.all() if field.many_to_many else filter(None, [value])
                yield from ((path + field.name, one) for one in used)


def _evidence_fields(model: type[models.Model]) -> list[models.Field]:
    fields = (*model._meta.concrete_fields, *model._meta.many_to_many)
    return [field for field in fields if field.related_model in EVIDENCE_MODELS]


def _relations(model: type[models.Model], path: str = "") -> Iterator[str]:
    """What to fetch along with a record of `model`: parts, and what they rest on."""
    for field in _evidence_fields(model):
        own = "" if field.related_model is Source else "__source"
        yield f"{path}{field.name}{own}"
    for name in getattr(model, "parts", ()):
        yield f"{path}{name}"
        part = get_related_model(model._meta.get_field(name))
        yield from _relations(part, f"{path}{name}__")


def _rows(row: models.Model, path: str, page: str) -> Iterator[tuple[str, str, models.Model]]:
    """(path, page, row) of a record and all its parts, in reading order."""
    yield path, page, row
    for name in getattr(row, "parts", ()):
        parts = sorted(getattr(row, name).all(), key=lambda part: (part.order, str(part.pk)))
        for place, part in enumerate(parts, start=1):
            inner = f"{path}{name}[{getattr(part, 'slug', place)}]."
            yield from _rows(part, inner, inner if isinstance(part, SluggedModel) else page)


def _passages(path: str, page: str, row: models.Model) -> Iterator[Passage]:
    left_out = UNCHECKED_FIELDS | QUOTED_FIELDS.get(type(row), set())
    for field in row._meta.concrete_fields:
        written = isinstance(field, models.CharField | models.TextField) and not field.choices
        if not written or isinstance(field, models.SlugField) or field.name in left_out:
            continue
        if text := getattr(row, field.name):
            is_running_text = isinstance(field, models.TextField)
            yield Passage(path + field.name, field.name, page, row, text, is_running_text)
