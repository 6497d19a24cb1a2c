"""What waits to be done, for the admin's first page and for `manage.py review_due`.

Each room brings its own lists: a function that gives a Pile, registered with `waits`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.apps import apps
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format

from psychoplastogens.editorial.admin_pages import form_address, page_address
from psychoplastogens.editorial.models import ContentVersion, Publishable
from psychoplastogens.editorial.revision import Act, Revision

LINES = 8
SOON = timedelta(days=30)
LYING_ABOUT = timedelta(days=14)
A_DAY = 24 * 3600  # seconds

log = logging.getLogger(__name__)


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


_panels: list[Callable[[HttpRequest], str]] = []


def tells(panel: Callable[[HttpRequest], str]) -> Callable[[HttpRequest], str]:
    """Decorator: show the HTML that this function gives for whoever asks, above the piles."""
    _panels.append(panel)
    return panel


def panels(request: HttpRequest) -> list[str]:
    return [shown for panel in _panels if (shown := panel(request))]


def as_texts_stand(name: str, pile: Callable[[], Pile]) -> Pile:
    """`pile()`, which reads many texts: anew only when one was changed or decided about since."""
    act = Act.objects.order_by("-pk").values_list("pk", flat=True).first()
    key = f"{name}-{ContentVersion.objects.number_now()}-{act}"
    try:
        return cache.get_or_set(key, pile, A_DAY)
    except Exception as error:  # Of whichever cache: it saves time, and is no reason to fail.
        log.warning("The cache does not answer: %s", error)
        return pile()


def kinds() -> list[type[Publishable]]:
    return [model for model in apps.get_models() if issubclass(model, Publishable)]


def due_by(day: date, most: int | None = None) -> list[Publishable]:
    """The published records whose next review is due on `day` or before, the longest first.

    With `most`, no more than so many.
    """
    rows = (kind.objects.due_for_review(day).order_by("review_due")[:most] for kind in kinds())
    due = [record for records in rows for record in records]
    return sorted(due, key=lambda record: (record.review_due, str(record)))[:most]


def _due_line(record: Publishable) -> Line:
    overdue = record.review_due < timezone.localdate()
    said = "overdue since" if overdue else "due by"
    address = form_address(record, "review")
    return Line(str(record), f"{said} {date_format(record.review_due)}", address)


@waits
def reviews() -> Pile:
    day = timezone.localdate() + SOON
    count = sum(kind.objects.due_for_review(day).count() for kind in kinds())
    title = "To be reviewed in the next 30 days, or overdue"
    return Pile(title, count, [_due_line(r) for r in due_by(day, LINES)], "No review is due.")


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
