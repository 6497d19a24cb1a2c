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
    """A record that was added, withdrawn, or whose meaning changed: when, what, and where it is."""

    on: date
    title: str
    note: str
    kind: str
    address: str
    key: str
    is_withdrawn: bool


def changes() -> list[Change]:
    """The latest MOST changes, from one query for each kind of page."""
    found = [change_of(record) for kind in KINDS for record in kind.objects.latest_told(MOST)]
    return sorted(found, key=lambda change: (change.on, change.title), reverse=True)[:MOST]


def change_of(record: Publishable) -> Change:
    """What readers are told of a record that `latest_told` gave."""
    return Change(
        on=record.told_on,
        title=str(record),
        note=_note_of(record),
        kind=record._meta.verbose_name,
        address=record.get_absolute_url(),
        key=str(record.pk),
        is_withdrawn=record.is_withdrawn,
    )


def _note_of(record: Publishable) -> str:
    if record.is_withdrawn:
        return gettext("Withdrawn: %(reason)s") % {"reason": record.withdrawn_because}
    if record.updated_on:
        return record.update_note or gettext("Updated.")
    return gettext("Added.")
