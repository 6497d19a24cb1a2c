"""Recent changes of the site for readers: one entry per record, latest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext

from psychoplastogens.editorial.models import Page, Publishable, get_page_models

MAX_CHANGES = 60


@dataclass(frozen=True)
class Change:
    """A page that was added, withdrawn, or changed in meaning: date, note and address.

    `at` is the moment of the publication, or None if only its day is known.
    """

    on: date
    at: datetime | None
    title: str
    note: str
    kind: str
    address: str
    key: str
    is_withdrawn: bool


def get_start_of_day(day: date) -> datetime:
    """The first moment of a day here, which is never after now if the day has come."""
    return timezone.make_aware(datetime.combine(day, time.min))


def get_changes() -> list[Change]:
    """The latest MAX_CHANGES changes, with one query per model."""
    found = [
        build_change(page)
        for model in get_page_models()
        if model.in_changes
        for page in model.get_owner_model().objects.recent_changes(MAX_CHANGES)
        if isinstance(page, Page)
    ]
    return sorted(found, key=lambda change: (change.on, change.title), reverse=True)[:MAX_CHANGES]


def build_change(page: Page) -> Change:
    """The Change of a page whose record is from the list of recently changed ones."""
    record = page.owner
    return Change(
        on=record.change_date,
        at=record.changed_at,
        title=str(page),
        note=_get_note(record),
        kind=str(page._meta.verbose_name),
        address=page.get_absolute_url(),
        key=str(record.pk),
        is_withdrawn=record.is_withdrawn,
    )


def _get_note(record: Publishable) -> str:
    if record.is_withdrawn:
        return gettext("Withdrawn: %(reason)s") % {"reason": record.withdrawn_because}
    if record.updated_on:
        return record.update_note or gettext("Updated.")
    return gettext("Added.")
