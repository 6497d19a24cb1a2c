"""Everything that a search may find: what is published, in the language of this request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from psychoplastogens.content.rendering import readability
from psychoplastogens.editorial.models import Page, SearchGroup, get_page_models
from psychoplastogens.search.index import SearchDocument

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
_FINDING_MARKER = re.compile(r"\{\{[^{}]*\}\}")
_GAP = "…"
# A heading, the title of a callout and a point of a list end without a full stop.
_INVISIBLE_MARKUP = re.compile(r"\[\^[^\[\]]*\]|^:::[ \t]*$", re.MULTILINE)
_CALLOUT_TITLE = re.compile(r"^(:::[ \t]*[\w-]+[ \t]+\S.*)$", re.MULTILINE)
_UNPUNCTUATED_LINE_END = re.compile(r"(?<=[\w)*\]])[ \t]*\n(?=\s*(?:\n|:::|(?:[-*+]|\d+\.|#+)\s))")
_SENTENCE_END = re.compile(r"(?<=[.!?·])\s+")


def build_text_fields(*texts: str) -> dict[str, str]:
    """Prose in plain words, as fields of a Document.

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
    return {"text": text.strip(" ·"), "unquoted": unquoted}


def get_search_groups() -> dict[str, SearchGroup]:
    """The groups of results by their keys, the most useful first."""
    groups = {model.search_group for model in get_page_models() if model.search_group}
    return {g.key: g for g in sorted({*groups, STATIC_PAGE_GROUP}, key=lambda group: group.order)}


def build_documents() -> list[SearchDocument]:
    pages = (
        build_page_document(page)
        for model in get_page_models()
        if model.search_group
        for page in model.published_pages()
    )
    return [*pages, *iter_static_page_documents()]


def build_page_document(page: Page) -> SearchDocument:
    found = page.get_search_text()
    fields = {"text": found.text, "unquoted": ""}
    if found.prose:
        fields = build_text_fields(*found.prose)
    if found.unquoted_prose:
        fields["unquoted"] = build_text_fields(*found.unquoted_prose)["text"]
    return SearchDocument(
        page.search_group.key,
        found.title,
        page.get_absolute_url(),
        names=found.names,
        summary=found.summary,
        part_of=found.part_of,
        page=(page.get_kind(), page.pk) if page.feed_text_field else None,
        **fields,
    )


def iter_static_page_documents() -> Iterator[SearchDocument]:
    for name, (title, text) in STATIC_PAGES.items():
        yield SearchDocument("page", str(title), reverse(f"content:{name}"), text=str(text))
