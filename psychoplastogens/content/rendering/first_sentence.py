"""The first sentence of a text: what a page answers with, and what lists and searches quote."""

from __future__ import annotations

import re

from psychoplastogens.content.rendering import readability

MIN_LENGTH = 40
"""Characters. "Yes." alone is no answer, so the next sentence follows."""

_CITATION = re.compile(r"\[\^[^\[\]]*\]")
_NO_SENTENCE = re.compile(r"\s*(?::::|[#>*+-]|\d+\.\s|\{\{)")
_SENTENCE_END = re.compile(r"(?<=[.!?])(?:\[\^[^\[\]]*\])*\s+")


def split_first_sentence(markdown: str) -> tuple[str, str]:
    """(first sentence with its citations, all that follows it), both as Markdown.

    A short sentence takes those after it that it needs. The first is "" where the text begins with
    something else than a sentence, such as a list or a callout.
    """
    paragraph, _, others = markdown.strip().partition("\n\n")
    if _NO_SENTENCE.match(paragraph):
        return "", markdown.strip()
    for end in _SENTENCE_END.finditer(paragraph):
        first = paragraph[: end.end()].rstrip()
        if len(_CITATION.sub("", first)) >= MIN_LENGTH:
            rest = paragraph[end.end() :]
            return first, "\n\n".join(filter(None, [rest, others]))
    return paragraph, others


def get_first_sentence(markdown: str) -> str:
    """The words of the first sentence, without markup; "" where there is none."""
    first, _ = split_first_sentence(markdown)
    return " ".join(readability.strip_markup(first).split())
