"""What changed on the site lately, for readers: one line a record, the latest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from psychoplastogens.content.models import Compound, Condition, Explainer, Faq
from psychoplastogens.editorial.models import Publishable

KINDS: list[type[Publishable]] = [Explainer, Compound, Condition, Faq]
MOST = 60


def announce(kind: type[Publishable]) -> None:
    """For rooms above this one: list the changes of their pages too."""
    KINDS.append(kind)


@dataclass(frozen=True)
class Change:
    """A record that was added or whose meaning changed: when, what, and where to read it."""

    on: date
    title: str
    note: str
    kind: str
    address: str
    key: str


def changes() -> list[Change]:
    """The latest MOST changes, from one query for each kind of page."""
    found = [change_of(r) for kind in KINDS for r in kind.objects.published().latest_changed(MOST)]
    return sorted(found, key=lambda change: (change.on, change.title), reverse=True)[:MOST]


def change_of(record: Publishable) -> Change:
    note = record.update_note if record.updated_on else gettext("Added.")
    return Change(
        on=record.changed_on,
        title=str(record),
        note=note or gettext("Updated."),
        kind=record._meta.verbose_name,
        address=record.get_absolute_url(),
        key=str(record.pk),
    )
