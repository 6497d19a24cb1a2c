"""Checks of a record before its approval. Apps register their own.

A check is a function from a saved record to its problems. It reads the rows, so it also works on a
draft that is applied within a transaction.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db import models
from django.utils import timezone

from psychoplastogens.editorial.drafts.snapshots import fetch_with_parts
from psychoplastogens.editorial.models import Publishable
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.editorial.workflow.places import find_place, get_place_label

ONE_YEAR = timedelta(days=366)
MAX_SIMILAR_PROBLEMS = 20
EXCERPT_LENGTH = 160
"""Characters of a text that are shown beside what is wrong with it."""


class Severity(StrEnum):
    """An error stops the approval; a warning needs a written reason."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Problem:
    """One problem: where it is, which rule it breaks, and how to fix it, in words for an editor.

    `field` is a path from the record: `summary`, `sections[the-day].plain`, `options[2].good`. A
    part is named by its slug, or by its position (from 1). `excerpt` is the text in question, as
    it was typed; it may be empty. `place` names the field for people; `find_problems` sets it.
    `href` leads to its input, where a form shows the problem.
    """

    severity: Severity
    rule: CheckRule
    field: str
    message: str
    excerpt: str = ""
    place: str = dataclasses.field(default="", compare=False)
    href: str = dataclasses.field(default="", compare=False)


Check = Callable[[Any], Iterable[Problem]]
_checks: list[tuple[type[models.Model], Check]] = []


def register_check(*kinds: type[models.Model]) -> Callable[[Check], Check]:
    """Decorator: `check(record)` yields the problems of records of `kinds`."""

    def register(check: Check) -> Check:
        _checks.extend((kind, check) for kind in kinds)
        return check

    return register


def find_problems(record: Publishable) -> list[Problem]:
    """Return the problems of a saved `record`, errors first, in a stable order.

    At most MAX_SIMILAR_PROBLEMS are returned for one rule in one field. The number of queries does
    not grow with the number of parts.
    """
    fitting = dict.fromkeys(check for kind, check in _checks if isinstance(record, kind))
    found = dict.fromkeys(problem for check in fitting for problem in check(record))
    alike: Counter[tuple] = Counter()
    told = []
    for problem in sorted(found, key=lambda problem: problem.severity != Severity.ERROR):
        alike[problem.rule, problem.field] += 1
        if alike[problem.rule, problem.field] <= MAX_SIMILAR_PROBLEMS:
            told.append(problem)
    return _name_places(record, told)


def _name_places(record: Publishable, problems: list[Problem]) -> list[Problem]:
    """The same problems, each with its place in words."""
    is_in_part = any("[" in problem.field for problem in problems)
    whole = fetch_with_parts(record) if is_in_part else record
    paths = {problem.field for problem in problems}
    places = {path: get_place_label(*find_place(whole, path)) or path for path in paths}
    return [dataclasses.replace(problem, place=places[problem.field]) for problem in problems]


def error(rule: CheckRule, field: str, message: str, excerpt: str = "") -> Problem:
    return Problem(Severity.ERROR, rule, field, message, shorten(excerpt))


def warning(rule: CheckRule, field: str, message: str, excerpt: str = "") -> Problem:
    return Problem(Severity.WARNING, rule, field, message, shorten(excerpt))


def shorten(text: str, most: int = EXCERPT_LENGTH) -> str:
    """Return `text` on one line, cut to `most` characters."""
    text = " ".join(text[: 4 * most].split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def check_dates(record: Publishable, rests_on_sources: bool = True) -> Iterator[Problem]:
    """Check that the date of the evidence is set and plausible, where there is evidence.

    The date of the next review is not checked: the approval of a whole page sets it.
    """
    checked = record.evidence_checked_on
    wrong = find_day_error(checked)
    is_to_come = checked and checked > timezone.localdate()
    if wrong and (is_to_come or rests_on_sources):
        yield error(CheckRule.DATES, "evidence_checked_on", wrong, str(checked or ""))


def find_day_error(checked: date | None) -> str:
    """What is wrong with the day on which sources were last compared; '' for nothing."""
    today = timezone.localdate()
    if not checked:
        return "Say when the sources were last searched and compared."
    if checked > today:
        return "This day has not come yet. Enter the day on which the sources were compared."
    if today - checked > ONE_YEAR:
        return (
            "The sources were last compared more than 12 months ago. Compare them again, then "
            "enter that day."
        )
    return ""
