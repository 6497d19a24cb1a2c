"""What a regulator has not approved, with the day on which that was so: it may change overnight."""

from __future__ import annotations

import re
from collections.abc import Iterator

from psychoplastogens.content.checks.checked_page import CheckedPage
from psychoplastogens.content.models import Compound, CompoundStatus, GlossaryTerm
from psychoplastogens.content.models.compound import FDA_COUNTRY
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.editorial.workflow.checks import Problem, error

FIELDS_WITH_OWN_DATE = {"standing_note"}
"""Fields that are always shown with their own date."""

_UNAPPROVED = re.compile(
    r"\b(?:not|never|\w+n['’]t|neither|nor|none|nobody|no)\b"
    r"(?:[^\w'’-]+(?!study\b|studies\b|trials?\b|research\b|label\b|outside\b|means?\b)[\w'’-]+){0,6}?[^\w'’-]+"
    r"approv(?:ed|es?)\b(?! (?:research|study|studies|trials?)\b)|\bno (?:FDA )?approval\b"
    r"|\bunapproved\b|\b(?:yet to|still to) be approved\b|\bawait\w* (?:FDA )?approval\b"
    r"|\b(?:has|have) (?:just |now |recently )?been approved\b",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_DATED = re.compile(rf"\b(?:{_MONTH}|in|of|since|until|by|from) (?:19|20)\d\d\b", re.IGNORECASE)
_DEFINES = re.compile(r"\b(?:means?|defined)\b", re.IGNORECASE)


def check_status_is_dated(page: CheckedPage) -> Iterator[Problem]:
    """“Not approved” needs a date, or has to come from `{{status:slug}}`."""
    for passage in page.passages:
        if passage.name in FIELDS_WITH_OWN_DATE or isinstance(
            passage.row, GlossaryTerm | CompoundStatus
        ):
            continue
        for sentence in passage.sentences:
            said = _UNAPPROVED.search(sentence)
            if said and not _DATED.search(sentence) and not _DEFINES.search(sentence):
                message = (
                    f"“{said[0]}” may be false tomorrow. Let the record say it, with its date: "
                    "{{status:slug}} of the medicine. Or write the month: “as of April 2026”."
                )
                yield error(CheckRule.DATES, passage.field, message, sentence)


def check_status_matches_row(page: CheckedPage) -> Iterator[Problem]:
    """A compound's standing and date must equal those of one of its US statuses."""
    compound = page.record
    if not isinstance(compound, Compound):
        return
    rows = [row for row in compound.statuses.all() if row.country == FDA_COUNTRY]
    said = (compound.standing, compound.standing_as_of)
    if rows and said not in {(row.standing, row.as_of) for row in rows}:
        message = (
            "No US row under “Status by country” has this standing and this date. Correct the one "
            "or the other: {{status:…}} tells the row that agrees."
        )
        yield error(CheckRule.DATES, "standing_as_of", message)
