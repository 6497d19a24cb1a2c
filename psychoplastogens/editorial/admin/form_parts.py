"""What stands around the fields of a form: the state of its text, and the list of its parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin.helpers import InlineAdminFormSet
from django.utils.text import capfirst

from psychoplastogens.editorial.models import HistoryEntry, Publishable, Revision

AFTER_PARTS = "after-parts"
"""The class of fieldsets that stand below the parts."""
SENT_BACK = "sent_back"
REQUESTS = (HistoryEntry.Verb.CHANGES_ASKED, HistoryEntry.Verb.SENT_BACK)


@dataclass(frozen=True)
class ShownState:
    """Where a text is on its way to readers: a name for its shape, and the word for it."""

    name: str
    label: str


def get_shown_state(
    page: Publishable, draft: Revision | None, remarks: Iterable[HistoryEntry]
) -> ShownState:
    """The state of the draft of a page, or of the page itself where it has none."""
    if draft is None:
        label = "Live" if page.is_published else page.get_status_display()
        return ShownState(page.status, label)
    asked = (entry for entry in remarks if entry.revision_id == draft.pk)
    if draft.state == Revision.State.DRAFT and any(entry.verb in REQUESTS for entry in asked):
        return ShownState(SENT_BACK, "Sent back")
    return ShownState(draft.state, draft.get_state_display())


@dataclass(frozen=True)
class FormPart:
    """A line of the list of contents of a form: its words, where it leads, and lines below it."""

    label: str
    href: str
    below: list[FormPart] = field(default_factory=list)


def list_form_parts(
    fieldsets: Iterable[Any], inlines: Iterable[InlineAdminFormSet]
) -> Iterator[FormPart]:
    """The fieldsets and inlines of a form, as they stand in it."""
    named = [(number, fieldset) for number, fieldset in enumerate(fieldsets) if fieldset.name]
    yield from _list_fieldsets(part for part in named if not _is_after_parts(part[1]))
    for inline in inlines:
        options = inline.opts
        below = [
            FormPart(str(part.original), f"#{inline.formset.prefix}-{number}")
            for number, part in enumerate(inline)
            if part.original
        ]
        is_single = inline.formset.max_num == 1
        name = options.verbose_name if is_single else options.verbose_name_plural
        yield FormPart(capfirst(name), f"#{inline.formset.prefix}-group", below)
    yield from _list_fieldsets(part for part in named if _is_after_parts(part[1]))


def _is_after_parts(fieldset: Any) -> bool:
    return AFTER_PARTS in fieldset.classes


def _list_fieldsets(fieldsets: Iterable[tuple[int, Any]]) -> Iterator[FormPart]:
    for number, fieldset in fieldsets:
        yield FormPart(str(fieldset.name), f"#fieldset-0-{number}-heading")
