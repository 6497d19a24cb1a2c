"""What waits to be done, for the admin's first page and for `manage.py review_due`.

Each room brings its own lists: a function that gives a Pile, registered with `waits`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.apps import apps
from django.utils import timezone
from django.utils.formats import date_format

from psychoplastogens.editorial.admin_pages import form_address, page_address
from psychoplastogens.editorial.models import Publishable
from psychoplastogens.editorial.revision import Revision

LINES = 8
SOON = timedelta(days=30)
LYING_ABOUT = timedelta(days=14)


@dataclass(frozen=True)
class Line:
    """One thing to do: its name, what is the matter with it, and where to do it."""

    name: str
    matter: str
    address: str = ""


@dataclass(frozen=True)
class Pile:
    """Things of one sort that wait: how many in all, the first few, and what an empty pile says."""

    title: str
    count: int
    lines: list[Line]
    empty: str

    @property
    def more(self):
        return self.count - len(self.lines)


_piles: list[Callable[[], Pile]] = []


def waits(pile: Callable[[], Pile]) -> Callable[[], Pile]:
    """Decorator: show the Pile that this function gives on the admin's first page."""
    _piles.append(pile)
    return pile


def piles() -> list[Pile]:
    """Every pile, in the order in which they were registered."""
    return [pile() for pile in _piles]


def kinds() -> list[type[Publishable]]:
    return [model for model in apps.get_models() if issubclass(model, Publishable)]


def due_by(day: date) -> list[Publishable]:
    """The published records whose next review is due on `day` or before, the longest first."""
    due = [record for kind in kinds() for record in kind.objects.due_for_review(day)]
    return sorted(due, key=lambda record: (record.review_due, str(record)))


def _due_line(record: Publishable) -> Line:
    overdue = record.review_due < timezone.localdate()
    said = "overdue since" if overdue else "due by"
    address = form_address(record, "review")
    return Line(str(record), f"{said} {date_format(record.review_due)}", address)


@waits
def reviews() -> Pile:
    due = due_by(timezone.localdate() + SOON)
    title = "To be reviewed in the next 30 days, or overdue"
    return Pile(title, len(due), [_due_line(r) for r in due[:LINES]], "No review is due.")


def _drafts(title: str, revisions, empty: str, page: str) -> Pile:
    lines = [
        Line(
            revision.title,
            f"{revision.author}, {date_format(timezone.localtime(revision.created_at).date())}",
            page_address(revision.content_type.model_class()._meta, revision.object_id, page),
        )
        for revision in revisions.select_related("author", "content_type").defer("snapshot")[:LINES]
    ]
    return Pile(title, revisions.count(), lines, empty)


@waits
def in_review() -> Pile:
    waiting = Revision.objects.in_state(Revision.State.IN_REVIEW)
    return _drafts("In review", waiting, "Nothing waits for a review.", "review")


@waits
def approved() -> Pile:
    waiting = Revision.objects.in_state(Revision.State.APPROVED)
    return _drafts(
        "Approved, not yet published", waiting, "Nothing waits to be published.", "review"
    )


@waits
def lying_about() -> Pile:
    old = Revision.objects.in_state(Revision.State.DRAFT).older_than(timezone.now() - LYING_ABOUT)
    title = "Drafts that nobody has touched for two weeks"
    return _drafts(title, old, "No draft is lying about.", "change")
