"""The first sentence of a text: what a page answers with, and what lists and searches quote."""

from __future__ import annotations

import re
from functools import lru_cache

from psychoplastogens.content.rendering import readability

MIN_LENGTH = 40
"""Characters. "Yes." alone is no answer, so the next sentence follows."""

_CITATION = re.compile(r"\[\^[^\[\]]*\]")
_NO_SENTENCE = re.compile(r"\s*(?::::|[#>*+-]|\d+\.\s|\{\{)")
_SENTENCE_END = re.compile(r"(?<=[.!?])(?:\[\^[^\[\]]*\])*\s+")
_FULL_STOP = re.compile(r"(?:(?<=[.!?])|(?<=[.!?]\*\*)|(?<=\}\}))[ \t]+(?=[A-Z“\"\[*{])")
_RECORD = "{{"
"""What opens a number or status of a record: words without markup cannot hold one."""


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
    """The words of the first sentence, without markup; "" where there is none, or where it holds
    a number or status of a record.
    """
    first, _ = split_first_sentence(markdown)
    return "" if _RECORD in first else _strip_markup(first)


@lru_cache(maxsize=2_048)
def get_gist(markdown: str) -> str:
    """The words of the first sentence that holds no number or status of a record, before any
    callout; "" where there is none.
    """
    for line in _CITATION.sub("", markdown).splitlines():
        if line.startswith(":::"):
            break
        for sentence in _FULL_STOP.split(line):
            if sentence.strip() and _RECORD not in sentence:
                return _strip_markup(sentence)
    return ""


def _strip_markup(markdown: str) -> str:
    return " ".join(readability.strip_markup(markdown).split())
