"""Panels of the admin's dashboard: references that were lost, translations, unused sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils.formats import date_format

from psychoplastogens.content.models.prose_model import ProseModel, get_prose_fields
from psychoplastogens.content.rendering import markdown
from psychoplastogens.content.translations import list_translations
from psychoplastogens.content.unavailable_references import find_pages_with_unavailable_references
from psychoplastogens.editorial.admin.dashboard import (
    MAX_PANEL_ITEMS,
    DashboardPanel,
    TodoItem,
    dashboard_panel,
    get_cached_panel,
)
from psychoplastogens.editorial.admin.record_pages import get_record_admin_url
from psychoplastogens.editorial.drafts.snapshots import Snapshot
from psychoplastogens.editorial.models import Revision, get_related_model
from psychoplastogens.editorial.workflow.references import format_names, get_incoming_relations
from psychoplastogens.evidence.models import Source

CITATION_MARK = "[^"


@dashboard_panel
def unavailable_references_panel(most: int = MAX_PANEL_ITEMS) -> DashboardPanel:
    """Published pages that use something withdrawn or retracted."""
    return get_cached_panel("pages-that-lost", _build_unavailable_references_panel, most)


def _build_unavailable_references_panel(most: int) -> DashboardPanel:
    found = find_pages_with_unavailable_references()
    lines = [
        TodoItem(str(page), f"rests on {format_names(lost)}", get_record_admin_url(page, "review"))
        for page, lost in found[:most]
    ]
    title = "Readers read it, and what it rests on was withdrawn or retracted"
    empty_text = "All that pages rest on is there."
    return DashboardPanel(title, len(found), lines, empty_text, is_urgent=True)


@dashboard_panel
def outdated_translations_panel(most: int = MAX_PANEL_ITEMS) -> DashboardPanel:
    """Published texts in another language whose page has changed since they were compared."""
    return get_cached_panel("outdated-translations", _build_outdated_translations_panel, most)


def _build_outdated_translations_panel(most: int) -> DashboardPanel:
    published = (list_translations(code) for code, _name in settings.TRANSLATION_LANGUAGES)
    texts = chain.from_iterable(published)
    outdated = [(text, day) for text in texts if (day := text.changed_since)]
    lines = [
        TodoItem(
            text.title,
            f"“{text.original}” was changed on {date_format(day)}",
            get_record_admin_url(text),
        )
        for text, day in outdated[:most]
    ]
    title = "Pages in Spanish to compare again: the page in English has changed"
    empty_text = "Every page in Spanish says what its page in English says."
    return DashboardPanel(title, len(outdated), lines, empty_text, is_urgent=True)


@dashboard_panel
def unused_sources_panel(most: int = MAX_PANEL_ITEMS) -> DashboardPanel:
    """Sources that no text, number or claim uses, neither published nor in a draft."""
    return get_cached_panel("unused-sources", _build_unused_sources_panel, most)


def _build_unused_sources_panel(most: int) -> DashboardPanel:
    unused = find_unused_sources()
    lines = [
        TodoItem(source.title, source.get_status_display(), get_record_admin_url(source))
        for source in unused[:most]
    ]
    title = "Sources that nothing uses"
    return DashboardPanel(title, len(unused), lines, "Every source is used.")


def find_unused_sources() -> list[Source]:
    """All unused sources, in a constant number of queries."""
    drafted = set(_iter_snapshot_values(Revision.objects.open().values_list("snapshot", flat=True)))
    cited = _get_cited_slugs(
        chain(_iter_citing_texts(), (value for value in drafted if CITATION_MARK in value))
    )
    pointed_to = drafted | _get_related_keys()
    return [
        source
        for source in Source.objects.all()
        if source.slug not in cited and str(source.pk) not in pointed_to and not source.is_withdrawn
    ]


def _iter_citing_texts() -> Iterator[str]:
    """Yield every saved text that may cite a source."""
    for model in apps.get_models():
        if issubclass(model, ProseModel):
            for name in get_prose_fields(model):
                holding = model._default_manager.filter(**{f"{name}__contains": CITATION_MARK})
                yield from holding.values_list(name, flat=True)


def _get_cited_slugs(texts: Iterable[str]) -> set[str]:
    """The slugs of all sources that `texts` cite."""
    return set().union(*map(markdown.get_cited_slugs, texts))


def _get_related_keys() -> set[str]:
    """The keys of all sources that other records point to."""
    found: set[Any] = set()
    for relation in get_incoming_relations(Source):
        rows = get_related_model(relation)._default_manager.all()
        found.update(rows.values_list(relation.field.name, flat=True).distinct())
    return {str(key) for key in found}


def _iter_snapshot_values(snapshots: Iterable[Snapshot]) -> Iterator[str]:
    """Yield every text and key in the fields of snapshots."""
    for row in chain.from_iterable(snapshots):
        for value in row["fields"].values():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, str):
                    yield one
