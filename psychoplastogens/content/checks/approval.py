"""What a regulator has not approved, with the day on which that was so: it may change overnight."""

from __future__ import annotations

import re
from collections.abc import Iterator

from psychoplastogens.content.checks.page import Page
from psychoplastogens.content.models import Compound, CompoundStatus, GlossaryTerm
from psychoplastogens.content.models.compound import OF_THE_FDA
from psychoplastogens.editorial.checks import Problem, error
from psychoplastogens.editorial.rules import Rule

DATED_BESIDE = {"standing_note"}
"""Texts that stand beside their own date wherever they are shown."""

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


def undated(page: Page) -> Iterator[Problem]:
    """“Not approved” by hand needs its date, or comes from the status of the compound."""
    for passage in page.passages:
        if passage.name in DATED_BESIDE or isinstance(passage.row, GlossaryTerm | CompoundStatus):
            continue
        for sentence in passage.sentences:
            said = _UNAPPROVED.search(sentence)
            if said and not _DATED.search(sentence) and not _DEFINES.search(sentence):
                message = (
                    f"“{said[0]}” may be false tomorrow. Let the record say it, with its date: "
                    "{{status:slug}} of the medicine. Or write the month: “as of April 2026”."
                )
                yield error(Rule.DATES, passage.field, message, sentence)


def rests_on_a_row(page: Page) -> Iterator[Problem]:
    """What a compound's lists say of it is what one of its US rows says, on the same day."""
    compound = page.record
    if not isinstance(compound, Compound):
        return
    rows = [row for row in compound.statuses.all() if row.country == OF_THE_FDA]
    said = (compound.standing, compound.standing_as_of)
    if rows and said not in {(row.standing, row.as_of) for row in rows}:
        message = (
            "No US row under “Status by country” has this standing and this date. Correct the one "
            "or the other: {{status:…}} tells the row that agrees."
        )
        yield error(Rule.DATES, "standing_as_of", message)
