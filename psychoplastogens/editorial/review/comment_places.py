"""Where a comment stands in a later text: at its paragraph, at the one most like it, or nowhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.apps import apps
from rapidfuzz import fuzz

from psychoplastogens.editorial.drafts.snapshots import Snapshot
from psychoplastogens.editorial.models import MAX_QUOTE_LENGTH, Comment, Revision

NO_WORDS = re.compile(r"(:::[\w-]*|\W*)\s*", re.ASCII)
WORD = re.compile(r"\w+")
MIN_LIKENESS = 55
"""Percent of the words that a paragraph shares with the quoted one, as a whole or in a part of the
longer one as long as the shorter. Two that have only everyday words in common share less."""
PART_IS_GONE = "The part that this is about is no longer in the text."
IS_GONE = "This paragraph is no longer in the text, nor one like it."
HAS_CHANGED = "This paragraph has changed since."


class CommentPlace(NamedTuple):
    """The paragraph that a comment is about ('' where there is none), and what became of it."""

    paragraph: str
    said: str = ""


def get_paragraphs(text: str) -> list[str]:
    """The lines of a text that hold words, as comments quote them."""
    lines = (line.strip()[:MAX_QUOTE_LENGTH] for line in text.splitlines())
    return [line for line in lines if not (line.isascii() and NO_WORDS.fullmatch(line))]


def find_places(threads: Collection[Comment], snapshot: Snapshot) -> dict[Comment, CommentPlace]:
    """Where each thread stands in this text. One query, if a quoted paragraph is not there."""
    texts = {thread: _get_field_paragraphs(thread, snapshot) for thread in threads}
    places = {thread: _find_quoted(thread, now) for thread, now in texts.items()}
    lost = [thread for thread, place in places.items() if place is None]
    quoted = Revision.objects.filter(pk__in={thread.revision_id for thread in lost})
    snapshots = dict(quoted.values_list("pk", "snapshot")) if lost else {}
    likest = {}
    for thread in lost:
        before = _get_field_paragraphs(thread, snapshots[thread.revision_id]) or []
        now = [paragraph for paragraph in texts[thread] or () if paragraph not in before]
        likest[thread] = _find_likest(thread.quote, now)
    return {thread: place or likest[thread] for thread, place in places.items()}


def _find_quoted(thread: Comment, paragraphs: list[str] | None) -> CommentPlace | None:
    """The place of a thread, or None where the paragraph that it quotes is not there."""
    if paragraphs is None:
        return CommentPlace("", PART_IS_GONE)
    if thread.quote and thread.quote not in paragraphs:
        return None
    return CommentPlace(thread.quote)


def _find_likest(quote: str, paragraphs: Iterable[str]) -> CommentPlace:
    likeness, paragraph = max(
        ((_compute_likeness(quote, paragraph), paragraph) for paragraph in paragraphs),
        default=(0, ""),
    )
    if likeness < MIN_LIKENESS:
        return CommentPlace("", IS_GONE)
    return CommentPlace(paragraph, HAS_CHANGED)


def _compute_likeness(one: str, other: str) -> float:
    """How many percent of the words of two paragraphs are the same and in the same order."""
    words, others = ([word.casefold() for word in WORD.findall(text)] for text in (one, other))
    return max(fuzz.ratio(words, others), fuzz.partial_ratio(words, others))


def _get_field_paragraphs(thread: Comment, snapshot: Snapshot) -> list[str] | None:
    """The paragraphs of the field that a thread is about; None where its row is gone.

    A field that is no text of its own, such as a choice, counts as what is quoted.
    """
    row = next((row for row in snapshot if str(row["pk"]) == str(thread.row_id)), None)
    if row is None:
        return None
    value, model = row["fields"].get(thread.field), apps.get_model(row["model"])
    field = next((f for f in model._meta.fields if f.name == thread.field), None)
    is_text = isinstance(value, str) and field and not (field.choices or field.remote_field)
    return get_paragraphs(value) if is_text else [thread.quote]
