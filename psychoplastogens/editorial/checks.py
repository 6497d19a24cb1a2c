"""What is wrong with a record before it is approved: each room says what it can tell.

A check is a function from a saved record to its problems. It reads the rows as they are, so it
also works on a draft that is laid over the rows within a transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db import models
from django.utils import timezone

from psychoplastogens.editorial.models import Publishable
from psychoplastogens.editorial.rules import Rule

A_YEAR = timedelta(days=366)
MOST_ALIKE = 20
EXCERPT = 160
"""Characters of a text that are shown beside what is wrong with it."""


class Severity(StrEnum):
    """An error stops approval; a warning needs a written reason."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where it is, by which rule, and the way out, for an editor.

    `field` is a path from the record: `summary`, `sections[the-day].plain`, `options[2].good`. A
    part goes by its slug, or by its place (from 1) where it has none. `excerpt` is the text that
    is meant, as it was typed; it may be empty.
    """

    severity: Severity
    rule: Rule
    field: str
    message: str
    excerpt: str = ""


Check = Callable[[models.Model], Iterable[Problem]]
_checks: list[tuple[type[models.Model], Check]] = []


def checks(*kinds: type[models.Model]) -> Callable[[Check], Check]:
    """Decorator: `check(record)` gives the problems of a record of one of `kinds`."""

    def register(check: Check) -> Check:
        _checks.extend((kind, check) for kind in kinds)
        return check

    return register


def problems_of(record: Publishable) -> list[Problem]:
    """What is wrong with a saved `record`, errors first; the same in every run.

    Of what breaks one rule in one field, the first MOST_ALIKE are told: the others come up when
    those are mended. The number of queries does not grow with the number of parts.
    """
    fitting = dict.fromkeys(check for kind, check in _checks if isinstance(record, kind))
    found = dict.fromkeys(problem for check in fitting for problem in check(record))
    alike: Counter[tuple] = Counter()
    told = []
    for problem in sorted(found, key=lambda problem: problem.severity != Severity.ERROR):
        alike[problem.rule, problem.field] += 1
        if alike[problem.rule, problem.field] <= MOST_ALIKE:
            told.append(problem)
    return told


def error(rule: Rule, field: str, message: str, excerpt: str = "") -> Problem:
    return Problem(Severity.ERROR, rule, field, message, shortened(excerpt))


def warning(rule: Rule, field: str, message: str, excerpt: str = "") -> Problem:
    return Problem(Severity.WARNING, rule, field, message, shortened(excerpt))


def shortened(text: str, most: int = EXCERPT) -> str:
    """`text` on one line, cut off where it is longer than `most` characters."""
    text = " ".join(text[: 4 * most].split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def dates(record: Publishable) -> Iterator[Problem]:
    """When the sources were compared must be there, and must be believable today.

    The day of the next review is no matter of the text: an approval of the whole page sets it.
    """
    today = timezone.localdate()
    yield from _evidence_date(record.evidence_checked_on, today)


def _evidence_date(checked: date | None, today: date) -> Iterator[Problem]:
    field = "evidence_checked_on"
    if not checked:
        message = "Say when the sources were last searched and compared."
        yield error(Rule.DATES, field, message)
    elif checked > today:
        message = "This day has not come yet. Enter the day on which the sources were compared."
        yield error(Rule.DATES, field, message, str(checked))
    elif today - checked > A_YEAR:
        message = (
            "The sources were last compared more than 12 months ago. Compare them again, then "
            "enter that day."
        )
        yield error(Rule.DATES, field, message, str(checked))
