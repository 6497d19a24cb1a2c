"""How hard the sentences are: grade, length, passive voice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from psychoplastogens.content.checks.checked_page import CheckedPage, get_visible_text
from psychoplastogens.content.rendering import readability
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.editorial.workflow.checks import Problem, error, shorten, warning
from psychoplastogens.evidence.models import Finding

HARD, TOO_HARD = 8, 10
"""Grades above which a text is hard, and above which it is not for patients."""
MIN_WORDS_TO_GRADE = 30
"""A shorter text has no meaningful grade: one long name decides it."""
MIN_SENTENCES_TO_COUNT = 10
MAX_PASSIVE_ONE_IN = 5
"""The rule says one passive in ten sentences. Half of what a pattern takes for one is fair use
(“is disputed”, “was seen in rats”), so this speaks up at twice as many."""
MAX_SENTENCE_WORDS = 20
MAX_EXAMPLES = 3

# Passives that have no better active form.
_ACCEPTED = {"approved", "born", "called", "gone", "known", "left", "named", "tired", "based"}
_IRREGULAR = """
    begun bitten blown broken brought built bought caught chosen cut done drawn driven eaten felt
    found forgotten given grown heard held hidden hurt kept laid led lent lost made meant met paid
    put read said seen sent set shown sold spent taken taught thought told understood withdrawn
    won worn written
"""
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\s+(?:(?:not|also|often|still|now|then|\w+ly)\s+)?"
    rf"(\w{{3,}}ed|{'|'.join(_IRREGULAR.split())})\b",
    re.IGNORECASE,
)


def check_reading_grade(page: CheckedPage) -> Iterator[Problem]:
    for passage in page.running_texts:
        if len(passage.plain.split()) < MIN_WORDS_TO_GRADE:
            continue
        text = page.write_out(passage)
        grade = readability.get_reading_grade(text)
        if grade > HARD:
            yield _report_grade(passage.field, text, grade)


def _report_grade(field: str, text: str, grade: float) -> Problem:
    sentences = readability.split_sentences(get_visible_text(text))
    hardest = sorted(sentences, key=readability.get_reading_grade, reverse=True)
    message = (
        f"This reads at grade {grade:.1f}; aim for 6, and stay at {HARD} or below. Begin with the "
        "sentences shown: split them, and use shorter words."
    )
    severe = error if grade > TOO_HARD else warning
    return severe(CheckRule.GRADE, field, message, _format_examples(hardest))


def check_sentence_length(page: CheckedPage) -> Iterator[Problem]:
    texts = [(passage.field, page.write_out(passage)) for passage in page.running_texts]
    if isinstance(page.record, Finding):
        texts.append(("happened", page.record.sentence))
    for field, text in texts:
        if found := readability.find_long_sentences(text, MAX_SENTENCE_WORDS):
            count = _format_count(found, "sentence")
            message = f"{count} of more than {MAX_SENTENCE_WORDS} words. Split them."
            yield warning(CheckRule.SHORT_SENTENCES, field, message, _format_examples(found))


def check_passive_voice(page: CheckedPage) -> Iterator[Problem]:
    """One in ten may be: said once for each page that readers open."""
    for passages in page.pages.values():
        sentences = [(one, passage) for passage in passages for one in passage.sentences]
        found = [(one, passage) for one, passage in sentences if is_passive(one)]
        if len(sentences) < MIN_SENTENCES_TO_COUNT or MAX_PASSIVE_ONE_IN * len(found) <= len(
            sentences
        ):
            continue
        message = (
            f"{len(found)} of {len(sentences)} sentences of this page do not say who does it. One "
            "in ten may. “Staff check your pulse”, not “your pulse is checked”."
        )
        yield warning(
            CheckRule.ACTIVE,
            found[0][1].field,
            message,
            _format_examples([one for one, _ in found]),
        )


def is_passive(sentence: str) -> bool:
    return any(match[1].lower() not in _ACCEPTED for match in _PASSIVE.finditer(sentence))


def _format_examples(sentences: list[str]) -> str:
    return " … ".join(shorten(one, 120) for one in sentences[:MAX_EXAMPLES])


def _format_count(found: list[str], noun: str) -> str:
    return f"{len(found)} {noun}{'' if len(found) == 1 else 's'}"
