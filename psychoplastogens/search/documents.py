"""Everything that a search may find: what is published, in the language of this request."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from psychoplastogens.content.rendering import readability
from psychoplastogens.delivery.languages import get_translation_language
from psychoplastogens.editorial.models import Page, SearchGroup, get_page_models
from psychoplastogens.search.answers import build_answer, map_published_sources
from psychoplastogens.search.index import SearchDocument
from psychoplastogens.search.models import Synonym
from psychoplastogens.search.vocabulary import Alias

STATIC_PAGE_GROUP = SearchGroup("page", _("About this site"), 1.0, order=7)
# The pages that are not records.
STATIC_PAGES = {
    "help_now": (
        _("Help now"),
        _("Who to call or text in a crisis, in an emergency, or with thoughts of suicide."),
    ),
    "compound_compare": (
        _("Compare medicines"),
        _("Two or three medicines side by side, with sources."),
    ),
    "ask": (
        _("My questions for the visit"),
        _("Choose questions to ask your clinic, and print the list."),
    ),
    "glossary_list": (_("Glossary"), _("Medical words about ketamine, in plain words.")),
    "claim_list": (_("Claims, checked"), _("Things people read and hear: do they hold up?")),
    "source_list": (_("All sources"), _("Every paper and page that a fact here rests on.")),
    "about": (_("About this site"), _("Who this site is for, and what it is not.")),
    "about_review": (
        _("How we check facts"),
        _("Sources, strength of evidence, dates, review, and money: who pays."),
    ),
    "change_list": (_("What changed"), _("Pages that were added or changed, latest first.")),
    "privacy": (_("Privacy"), _("No cookies, no tracking, nothing personal stored.")),
    "accessibility": (
        _("Accessibility"),
        _("How this site works by keyboard, with a screen reader, in print, without scripts."),
    ),
}
# What somebody takes or has says more of their question than how it is taken, or an everyday word.
ALIAS_WEIGHTS = {
    Synonym.Kind.MEDICINE: 1.3,
    Synonym.Kind.MEDICINE_CLASS: 1.3,
    Synonym.Kind.CONDITION: 1.15,
    Synonym.Kind.AGE: 1.15,
    Synonym.Kind.ROUTE: 0.6,
}
_FINDING_MARKER = re.compile(r"\{\{[^{}]*\}\}")
_GAP = "…"
# A heading, the title of a callout and a point of a list end without a full stop.
_INVISIBLE_MARKUP = re.compile(r"\[\^[^\[\]]*\]|^:::[ \t]*$", re.MULTILINE)
_CALLOUT_TITLE = re.compile(r"^(:::[ \t]*[\w-]+[ \t]+\S.*)$", re.MULTILINE)
_UNPUNCTUATED_LINE_END = re.compile(r"(?<=[\w)*\]])[ \t]*\n(?=\s*(?:\n|:::|(?:[-*+]|\d+\.|#+)\s))")
_SENTENCE_END = re.compile(r"(?<=[.!?·])\s+")


@lru_cache(maxsize=2_048)
def split_quotable(*texts: str) -> tuple[str, str]:
    """Prose in plain words: what may be quoted, and what may not. Kept: few texts change at once.

    A sentence with a number that is drawn from a Finding is not to be quoted: cut in two, it
    would show the number without its comparator.
    """
    prose = _FINDING_MARKER.sub(_GAP, _INVISIBLE_MARKUP.sub("", "\n\n".join(texts)))
    prose = readability.strip_markup(
        _UNPUNCTUATED_LINE_END.sub(" ·\n", _CALLOUT_TITLE.sub(r"\1 ·", prose))
    )
    sentences = _SENTENCE_END.split(" ".join(prose.split()))
    text = " ".join(part for part in sentences if _GAP not in part)
    unquoted = " ".join(part for part in sentences if _GAP in part)
    return text.strip(" ·"), unquoted


def get_search_groups() -> dict[str, SearchGroup]:
    """The groups of results by their keys, the most useful first."""
    groups = {model.search_group for model in get_page_models() if model.search_group}
    return {g.key: g for g in sorted({*groups, STATIC_PAGE_GROUP}, key=lambda group: group.order)}


def build_documents() -> list[SearchDocument]:
    sources = map_published_sources()
    documents = [
        document
        for model in get_page_models()
        if model.search_group
        for page in model.published_pages()
        for document in iter_page_documents(page, sources)
    ]
    if not get_translation_language():  # The others have no words in that language.
        documents += iter_static_page_documents()
    return add_aliases(documents)


def iter_page_documents(
    page: Page, sources: dict[str, tuple[str, str]]
) -> Iterator[SearchDocument]:
    """The page, and other pages that show its record."""
    yield build_page_document(page, sources)
    assert page.search_group is not None
    for address, found in page.get_other_views():
        text, unquoted = split_quotable(*found.prose)
        yield SearchDocument(
            page.search_group.key,
            found.title,
            address,
            summary=found.summary,
            text=text,
            unquoted=unquoted,
            part_of=found.part_of,
        )


def add_aliases(documents: list[SearchDocument]) -> list[SearchDocument]:
    """The documents with the synonyms of editors that lead to them.

    A synonym leads to the page of its class where readers have not got its own.
    """
    addresses = {document.address for document in documents}
    aliases = defaultdict(list)
    for synonym in Synonym.objects.with_broader():
        if open_pages := [page for page in synonym.pages if page in addresses]:
            usual = (synonym.name, synonym.broader.name) if synonym.broader else (synonym.name,)
            is_word = synonym.kind == Synonym.Kind.WORD
            weight = ALIAS_WEIGHTS.get(Synonym.Kind(synonym.kind), 1.0)
            aliases[open_pages[0]].append(Alias(synonym.names, usual, is_word, weight))
    return [
        replace(document, aliases=tuple(aliases[document.address]))
        if document.address in aliases
        else document
        for document in documents
    ]


def build_page_document(page: Page, sources: dict[str, tuple[str, str]]) -> SearchDocument:
    """`sources` are those that an answer may name, as map_published_sources() returns them."""
    found = page.get_search_text()
    text, unquoted, answer = found.text, "", None
    if found.prose:
        text, unquoted = split_quotable(*found.prose)
        answer = build_answer(page, found.prose[0], sources)
    if found.unquoted_prose:
        unquoted, _rest = split_quotable(*found.unquoted_prose)
    assert page.search_group is not None
    return SearchDocument(
        page.search_group.key,
        found.title,
        page.get_absolute_url(),
        names=found.names,
        summary=found.summary,
        text=text,
        unquoted=unquoted,
        part_of=found.part_of,
        page=(page.get_kind(), page.pk) if page.feed_text_field else None,
        answer=answer,
    )


def iter_static_page_documents() -> Iterator[SearchDocument]:
    for name, (title, text) in STATIC_PAGES.items():
        yield SearchDocument("page", str(title), reverse(f"content:{name}"), text=str(text))
