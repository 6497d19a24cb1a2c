"""How a text reads, while it is being written: the measures of the checks, for one field."""

from __future__ import annotations

from dataclasses import dataclass, field

from psychoplastogens.content.checks.checked_page import get_visible_text
from psychoplastogens.content.checks.sentences import (
    HARD,
    MAX_EXAMPLES,
    MAX_SENTENCE_WORDS,
    MIN_WORDS_TO_GRADE,
)
from psychoplastogens.content.models.prose_model import find_unknown_references
from psychoplastogens.content.rendering import markdown, readability
from psychoplastogens.content.rendering.syntax_errors import find_syntax_errors
from psychoplastogens.evidence.models import Finding


@dataclass(frozen=True)
class TextMeasures:
    """`grade` is None where a text is too short for one. Sentences are without markup.

    `mistakes` is what a form with the text would say.
    """

    words: int = 0
    grade: float | None = None
    is_hard: bool = False
    long_sentences: list[str] = field(default_factory=list)
    hard_sentences: list[str] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)


def measure_text(text: str, being_written: str = "") -> TextMeasures:
    """Measure one prose text. `being_written` is the slug of its compound, saved or not."""
    if mistakes := find_syntax_errors(text):
        return TextMeasures(mistakes=mistakes)
    findings = Finding.objects.with_slugs(markdown.get_finding_slugs(text))
    text_as_read = markdown.write_out_findings(text, {one.slug: one for one in findings})
    is_long_enough = len(get_visible_text(text).split()) >= MIN_WORDS_TO_GRADE
    grade = readability.get_reading_grade(text_as_read) if is_long_enough else None
    long = readability.find_long_sentences(text_as_read, MAX_SENTENCE_WORDS)
    is_hard = grade is not None and grade > HARD
    return TextMeasures(
        words=readability.count_words(text),
        grade=grade,
        is_hard=is_hard,
        long_sentences=long,
        hard_sentences=_find_hardest(text_as_read, long) if is_hard else [],
        mistakes=find_unknown_references(text, being_written),
    )


def _find_hardest(text: str, long: list[str]) -> list[str]:
    """The sentences that make the text hard, beside those that are long."""
    sentences = readability.split_sentences(get_visible_text(text))
    others = [sentence for sentence in sentences if sentence not in long]
    hard = [one for one in others if readability.get_reading_grade(one) > HARD]
    return sorted(hard, key=readability.get_reading_grade, reverse=True)[:MAX_EXAMPLES]
