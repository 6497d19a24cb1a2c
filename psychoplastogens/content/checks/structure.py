"""What a page must have: summary, key points, what is not known, whole callouts, fair numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from psychoplastogens.content.checks.checked_page import CheckedPage, Passage
from psychoplastogens.content.models import Compound, Condition, ConditionOption
from psychoplastogens.content.rendering import markdown, readability
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.editorial.workflow.checks import Problem, error, warning
from psychoplastogens.evidence.models import Finding

FEWEST_POINTS, MOST_POINTS = 2, 5
MOST_WORDS_IN_LINE = 22
SHORTEST_SUMMARY, LONGEST_SUMMARY = 40, 180
MAX_LENGTH_RATIO = 2

_POINT = re.compile(r"^ {0,3}(?:[-*+]|\d+[.)])\s", re.MULTILINE)
_FENCE = re.compile(r"^ {0,3}:::+[ \t]*(\S.*)?$", re.MULTILINE)
_UNKNOWN = re.compile(
    r"^:::+[ \t]*not-known|^#{1,6}[ \t].*\b(?:not known|not know|nobody knows|no one knows)\b",
    re.MULTILINE | re.IGNORECASE,
)
_PHONE = re.compile(r"\b\d{3}\b|\d{3}-\d{4}")
_HARM = re.compile(
    r"\b(?:risks?|harms?|side effects?|unwell|worse|dangerous|dizz\w+|nausea|misuse|mania"
    r"|psychosis|frighten\w*|blood pressure|comes? back)\b",
    re.IGNORECASE,
)


def check_text_length(page: CheckedPage) -> Iterator[Problem]:
    """A text that is too long to be saved; no other check reads it."""
    for passage in page.too_long:
        message = (
            f"The text has {len(passage.text)} characters; {markdown.MAX_TEXT_LENGTH} is the most. "
            "Make several parts of it."
        )
        yield error(CheckRule.LENGTH, passage.field, message)


def check_summary_and_key_points(page: CheckedPage) -> Iterator[Problem]:
    """Summary and key points, if the model has them; of a compound, the lines in their place."""
    record = page.record
    if isinstance(record, Compound):
        yield from _check_lines(record)
    elif hasattr(record, "key_points"):
        yield from _check_key_points(record.key_points)
    if hasattr(record, "summary"):
        yield from _check_summary(record.summary)


def _check_lines(compound: Compound) -> Iterator[Problem]:
    for field, label in Compound.LINES:
        text = getattr(compound, field)
        count = len(readability.strip_markup(text).split())
        if not 0 < count <= MOST_WORDS_IN_LINE:
            message = (
                f"“{label}” has {count} words. Write one line of at most {MOST_WORDS_IN_LINE}; "
                "where nobody knows, say so."
            )
            yield error(CheckRule.SUMMARY, field, message, text)


def _check_key_points(text: str) -> Iterator[Problem]:
    count = len(_POINT.findall(text[: markdown.MAX_TEXT_LENGTH]))
    if not FEWEST_POINTS <= count <= MOST_POINTS:
        message = (
            f"There are {count} key points. Write {FEWEST_POINTS} to {MOST_POINTS}, each on a "
            "line that begins with “- ”."
        )
        yield error(CheckRule.SUMMARY, "key_points", message, text)


def _check_summary(text: str) -> Iterator[Problem]:
    if not text.strip():
        message = "Write in one or two sentences who this is for and what they get."
        yield error(CheckRule.SUMMARY, "summary", message)
    elif not SHORTEST_SUMMARY <= len(text) <= LONGEST_SUMMARY:
        message = (
            f"{len(text)} characters. A summary of {SHORTEST_SUMMARY} to {LONGEST_SUMMARY} says "
            "enough and fits into lists."
        )
        yield warning(CheckRule.SUMMARY, "summary", message, text)


def check_unknowns_are_named(page: CheckedPage) -> Iterator[Problem]:
    """The page must say what is not known: in a field, or in one of its parts."""
    record = page.record
    if hasattr(record, "not_known"):
        if not record.not_known.strip():
            message = "Say what nobody knows yet about this, with a source."
            yield error(CheckRule.NOT_KNOWN, "not_known", message)
    elif record.parts and not any(_UNKNOWN.search(passage.text) for passage in page.prose):
        message = "Say somewhere what is not known: between :::not-known and :::."
        yield warning(CheckRule.NOT_KNOWN, record.parts[0], message)


def check_callouts(page: CheckedPage) -> Iterator[Problem]:
    """Callouts must be closed and not empty; an emergency callout must say whom to call."""
    for passage in page.prose:
        if ":::" in passage.text:
            yield from _check_callouts_of(passage)


def _check_callouts_of(passage: Passage) -> Iterator[Problem]:
    opened = None
    for fence in _FENCE.finditer(passage.text):
        if fence[1] and opened:
            yield _report_unclosed(passage, opened)
        if fence[1]:
            opened = fence
        elif opened:
            yield from _check_callout(passage, opened, passage.text[opened.end() : fence.start()])
            opened = None
        else:
            message = "This ::: closes nothing. Take it out, or open the box above it."
            around = passage.text[max(0, fence.start() - 60) : fence.end()]
            yield error(CheckRule.CALLOUTS, passage.field, message, around)
    if opened:
        yield _report_unclosed(passage, opened)


def _report_unclosed(passage: Passage, opened: re.Match[str]) -> Problem:
    message = "This box is not closed. Write ::: on a line of its own where it ends."
    return error(CheckRule.CALLOUTS, passage.field, message, opened[0])


def _check_callout(passage: Passage, opened: re.Match[str], inner: str) -> Iterator[Problem]:
    name, _, title = opened[1].strip().partition(" ")
    if not inner.strip():
        message = "This box is empty. Say in it what to do, or take it out."
        yield error(CheckRule.CALLOUTS, passage.field, message, opened[0])
    elif name == "emergency":
        shown = title.strip() or markdown.CALLOUTS[name]
        if not _PHONE.search(shown) and not _PHONE.search(inner):
            message = "An emergency box says whom to call: 911, 988, or another number."
            yield error(CheckRule.CALLOUTS, passage.field, message, opened[0] + inner)


def check_benefit_harm_balance(page: CheckedPage) -> Iterator[Problem]:
    """Harms get as much room as benefits, in pictures and in words."""
    if isinstance(page.record, Compound | Condition):
        yield from _check_pictured_findings(page.record)
    else:
        yield from _check_drawn_findings(page)
    if isinstance(page.record, Condition):
        yield from _check_options(page)


def _check_pictured_findings(record: Compound | Condition) -> Iterator[Problem]:
    kinds = [finding.kind for finding in record.pictured.all() if finding.is_published]
    benefits, harms = kinds.count(Finding.Kind.BENEFIT), kinds.count(Finding.Kind.HARM)
    said = f"{benefits} of benefit and {harms} of harm are drawn. "
    if bool(benefits) != bool(harms):
        yield error(CheckRule.BALANCE, "pictured", said + "Draw as many of each, or none.")
    elif benefits != harms:
        yield warning(CheckRule.BALANCE, "pictured", said + "Draw as many of each.")


def _check_drawn_findings(page: CheckedPage) -> Iterator[Problem]:
    """If the text draws only benefits, the record must mention harms in words."""
    drawn = {r.slug for p in page.prose for r in p.references if r.kind == "finding"}
    if not drawn:
        return
    kinds = set(Finding.objects.filter(slug__in=drawn).values_list("kind", flat=True))
    if kinds == {Finding.Kind.BENEFIT} and not any(_HARM.search(p.plain) for p in page.prose):
        first = next(p for p in page.prose if any(r.slug in drawn for r in p.references))
        message = "The numbers show benefit only. Say in the text what can go wrong, too."
        yield warning(CheckRule.BALANCE, first.field, message)


def _check_options(page: CheckedPage) -> Iterator[Problem]:
    """Of each option the good and the hard, in equal detail, and “not now” among them."""
    options = [row for _, _, row in page.rows if isinstance(row, ConditionOption)]
    if not options:
        yield error(
            CheckRule.NO_KETAMINE, "options", "List the options, with their good and hard sides."
        )
        return
    if not any(re.match(r"no |not |wait|right now", option.name, re.I) for option in options):
        message = "Add “No ketamine for now” to the options, with its good and hard sides."
        yield warning(CheckRule.NO_KETAMINE, "options", message)
    yield from _check_option_lengths(options)


def _check_option_lengths(options: list[ConditionOption]) -> Iterator[Problem]:
    """The longest option may be twice as long as the shortest."""
    words = [len(readability.strip_markup(f"{one.good} {one.hard}").split()) for one in options]
    if max(words) > MAX_LENGTH_RATIO * min(words):
        long, short = (options[words.index(count)] for count in (max(words), min(words)))
        message = (
            f"“{long}” has {max(words)} words of good and hard, “{short}” has {min(words)}. Give "
            "each option about the same room."
        )
        yield warning(CheckRule.EQUAL_DETAIL, "options", message)
