"""What is wrong with the marks in a text, in words for who writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from psychoplastogens.content.rendering import markdown
from psychoplastogens.editorial.drafts.text_validation import find_text_error

_ADDITION_LIKE = re.compile(
    r"\[\^[^\]\n]{0,200}\]|\[\[[^\]\n]{0,200}\]\]|\{\{[^}\n]{0,200}\}\}|^:::.*$"
    r"|(?:\[\^|\[\[|\{\{)[^\s\]}]{0,60}",  # Not closed on its line
    re.MULTILINE,
)
_CLOSINGS = {"[^": "]", "[[": "]]", "{{": "}}"}
_LINE_END = re.compile(r"\r\n?|\n")


def find_syntax_errors(text: str) -> list[str]:
    """Messages about malformed additions in `text`, each with its line."""
    if lost := find_text_error(text):
        return [lost]
    marks = [
        (line, match[0].rstrip()) for line, match in markdown.iter_with_lines(_ADDITION_LIKE, text)
    ]
    boxes = [(line, mark) for line, mark in marks if mark.startswith(":::")]
    wrong = [*_find_wrong_boxes(boxes), *_find_misplaced_boxes(text)]
    wrong += chain(_find_misplaced_pictures(text), _find_misplaced_tables(text))
    for line, mark in marks:
        if mark.startswith(":::") or any(p.fullmatch(mark) for p in markdown.ADDITION_PATTERNS):
            continue
        closing = _CLOSINGS[mark[:2]]
        if mark.endswith(closing):
            said = f"“{mark}” is not written as a source, term, part, finding or status."
        else:
            said = f"“{mark}” is not closed: put “{closing}” behind it, or take it out."
        wrong.append((line, said))
    return [f"Line {line}: {said}" for line, said in sorted(wrong)]


def _find_wrong_boxes(marks: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """(line, message) of each box that there is not, that nothing closes, or that nothing opens."""
    opened: tuple[int, str] | None = None
    for line, mark in [*marks, (0, "")]:
        name = mark.strip(": \t").partition(" ")[0]
        is_end = not name and mark
        if opened and not is_end and opened[1] in markdown.CALLOUTS:
            yield opened[0], f"“:::{opened[1]}” is not closed: put “:::” on a line below its text."
        if is_end and not opened:
            yield line, "“:::” closes no box. Take it out, or name the box above its text."
        if name and name not in markdown.CALLOUTS:
            yield line, f"there is no callout “{name}”. There are: {', '.join(markdown.CALLOUTS)}."
        opened = (line, name) if name else None


def _find_misplaced_boxes(text: str) -> Iterator[tuple[int, str]]:
    """(line, message) of each ::: behind other words, and of words that “:::advice” hides."""
    for number, line in enumerate(_LINE_END.split(text), start=1):
        before, mark, behind = line.partition(":::")
        name, _, title = behind.strip().partition(" ")
        if mark and before.strip():
            yield number, "“:::” is in the middle of a line. Put it on a line of its own."
        elif name == "advice" and title:
            yield number, f"“{title}” is not shown: put it on a line below “:::advice”."


def _find_misplaced_pictures(text: str) -> Iterator[tuple[int, str]]:
    """(line, message) of each picture of a number that is not alone in its paragraph.

    It would be a plain sentence, without the confidence in the number.
    """
    for token in markdown.parse(text):
        line = token.map[0] + 1 if token.map else 1
        for child in token.children or ():
            line += child.type in ("softbreak", "hardbreak")
            if child.type == "finding" and child.meta["form"] == "figure":
                mark = f"finding:{child.meta['slug']}"
                yield (
                    line,
                    f"“{{{{{mark}}}}}” is a picture. Put the picture on a line of its own, with an "
                    f"empty line before and after it; “{{{{{mark}|sentence}}}}” is its sentence.",
                )


def _find_misplaced_tables(text: str) -> Iterator[tuple[int, str]]:
    """(line, message) of what was meant as a table, or became a row of one."""
    lines = _LINE_END.split(text)
    for token in markdown.parse(text):
        if not token.map:
            continue
        first, end = token.map
        if token.type == "paragraph_open":
            rules = (n for n in range(first, end) if _is_table_rule(lines[n]))
            message = (
                "this is no table yet. Put it on lines of its own, with as many columns in the "
                "line of dashes as in the line above."
            )
            yield from ((number + 1, message) for number in rules)
        elif token.type == "tr_open" and "|" not in lines[first]:
            yield first + 1, "this is a row of the table above it. Put an empty line before it."


def _is_table_rule(line: str) -> bool:
    """Whether it is the line below the names of columns: |---|---|."""
    return set("|-") <= set(line) <= set("|-: \t")
