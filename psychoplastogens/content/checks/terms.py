"""Words of the glossary that a page uses and never explains."""

from __future__ import annotations

import re
from collections.abc import Iterator

from psychoplastogens.content.checks.checked_page import CheckedPage, Passage
from psychoplastogens.content.models import GlossaryTerm
from psychoplastogens.content.rendering import markdown
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.editorial.workflow.checks import Problem, warning

WELL_KNOWN_TERMS = {"fda", "fda-approved", "iv", "side effect"}
"""Glossary terms that need no explanation on each page."""

_LINKED = re.compile(r"\[\[([^\[\]|\n]{1,80})(?:\|[^\[\]|\n]{1,80})?\]\]")
# Sources, numbers, the names of boxes, and links: these lead to a page that explains them.
_NO_WORDS = re.compile(
    r"\[\^[^\[\]\n]*\]|\{\{[^{}\n]*\}\}|\[[^\[\]\n]*\]\([^()\n]*\)|^:::.*$", re.MULTILINE
)
_IN_BRACKETS = re.compile(r" ?\(([^()]*)\)")
# “midazolam, a sedative”; “MAOIs (a kind of antidepressant)”; “a hub called the lateral habenula”
_EXPLAINED_AFTER = re.compile(
    r"[*”\"]{0,4}"
    r"(?::|,? ?\(|, (?:an?|the|which|also|or|such)\b| means?\b| (?:is|are) (?:an?|the)\b)"
)
_EXPLAINED_BEFORE = re.compile(r"\b(?:called|named|means?|or) (?:an? |the )?[*“\"(]*$|[(“\"]$")


def check_first_uses_explained(page: CheckedPage) -> Iterator[Problem]:
    """The first use of a term on a page has to link or explain it."""
    wordings = {} if isinstance(page.record, GlossaryTerm) else _wordings(page)
    if not wordings:
        return
    pattern = _pattern(wordings)
    for passages in page.pages.values():
        linked = [{markdown.slugify_term(m[1]) for m in _LINKED.finditer(p.text)} for p in passages]
        found: dict[str, Passage] = {}
        met: set[str] = set()
        for passage, own in zip(passages, linked, strict=True):
            elsewhere = set().union(*linked) - own
            for slug, is_explained in _uses(passage, pattern, wordings):
                if not is_explained and slug not in met | elsewhere:
                    found[slug] = passage
                met.add(slug)
        if found:
            yield _unexplained(found)


def _wordings(page: CheckedPage) -> dict[str, str]:
    """What each term is called in its singular and plural, in small letters, and its slug."""
    found: dict[str, str] = {}
    for slug, term, _ in page.glossary:
        name = _IN_BRACKETS.sub("", term).lower()
        short = [inner.lower() for inner in _IN_BRACKETS.findall(term) if inner.isupper()]
        called = {part.strip() for one in (name, *short) for part in one.split("/")}
        if not called & (WELL_KNOWN_TERMS | page.page_names):
            found |= {wording: slug for one in called for wording in (one, f"{one}s")}
    return found


def _pattern(wordings: dict[str, str]) -> re.Pattern[str]:
    longest_first = sorted(wordings, key=len, reverse=True)
    return re.compile(
        rf"(?<![\w-])(?=\w)(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])", re.I
    )


def _uses(
    passage: Passage, pattern: re.Pattern[str], wordings: dict[str, str]
) -> Iterator[tuple[str, bool]]:
    """(slug, whether it is linked or explained) of each use of a term in `passage`, in order."""
    text = _NO_WORDS.sub(_blank, passage.text)
    links = {m.start(): m for m in _LINKED.finditer(text)}
    found = pattern.finditer(_LINKED.sub(_blank, text))
    # Patterns take some letters for others that lower() leaves alone: the long s is one.
    words = {m.start(): m for m in found if m[0].lower() in wordings}
    for place, match in sorted((links | words).items()):
        if place in links:
            yield markdown.slugify_term(match[1]), True
        else:
            yield wordings[match[0].lower()], _is_explained(text, match)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _is_explained(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 30) : match.start()]
    return bool(_EXPLAINED_AFTER.match(text, match.end()) or _EXPLAINED_BEFORE.search(before))


def _unexplained(found: dict[str, Passage]) -> Problem:
    words = ", ".join(f"[[{slug}]]" for slug in found)
    message = (
        f"Used on this page and not explained: {words}. Write it so where the word first stands, "
        "or [[slug|other words]]; or explain it in the sentence."
    )
    return warning(CheckRule.EXPLAIN, next(iter(found.values())).field, message)
