"""What must be right before an approval, and what must be explained. Rooms bring their checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from psychoplastogens.editorial.models import Publishable


@dataclass(frozen=True)
class Problem:
    severity: str
    rule: str
    field: str
    message: str
    excerpt: str = ""


Check = Callable[[Publishable], Iterable[Problem]]
_checks: list[Check] = []


def register(check: Check) -> Check:
    _checks.append(check)
    return check


def problems_of(record: Publishable) -> list[Problem]:
    found = [problem for check in _checks for problem in check(record)]
    return sorted(found, key=lambda problem: problem.severity != "error")
