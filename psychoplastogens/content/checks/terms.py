"""Words of the glossary that a page uses and never explains."""

from __future__ import annotations

import re
from collections.abc import Iterator

from psychoplastogens.content import prose
from psychoplastogens.content.checks.page import Page, Passage
from psychoplastogens.content.models import GlossaryTerm
from psychoplastogens.editorial.checks import Problem, warning
from psychoplastogens.editorial.rules import Rule

KNOWN = {"fda", "fda-approved", "iv", "side effect"}
"""Terms of the glossary that need no explanation on each page: readers meet them everywhere."""

_LINKED = re.compile(r"\[\[([^\[\]|\n]{1,80})(?:\|[^\[\]|\n]{1,80})?\]\]")
_NO_WORDS = re.compile(r"\[\^[^\[\]\n]*\]|\{\{[^{}\n]*\}\}|\]\([^()\n]*\)|^:::.*$", re.MULTILINE)
_IN_BRACKETS = re.compile(r"\s*\(([^()]*)\)")
# “midazolam, a sedative”; “MAOIs (a kind of antidepressant)”; “a hub called the lateral habenula”
_EXPLAINED_AFTER = re.compile(
    r"[*”\"]*(?::|,? ?\(|, (?:an?|the|which|also|or|such)\b| (?:is|are|means?|that|or|holds?)\b)"
)
_EXPLAINED_BEFORE = re.compile(r"\b(?:called|named|means?|or) (?:an? |the )?[*“\"(]*$|[(“\"]$")


def first_uses(page: Page) -> Iterator[Problem]:
    """Terms that are neither linked nor explained where a page first uses them: once a page."""
    wordings = {} if isinstance(page.record, GlossaryTerm) else _wordings(page)
    if not wordings:
        return
    pattern = _pattern(wordings)
    for passages in page.pages.values():
        linked = [{prose.term_slug(m[1]) for m in _LINKED.finditer(p.text)} for p in passages]
        found: dict[str, Passage] = {}
        met: set[str] = set()
        for passage, own in zip(passages, linked, strict=True):
            elsewhere = set().union(*linked) - own
            for slug in _bare(passage, pattern, wordings, met | elsewhere):
                found[slug] = passage
            met |= own
        if found:
            yield _unexplained(found)


def _wordings(page: Page) -> dict[str, str]:
    """What each term is called in its singular and plural, in small letters, and its slug."""
    found = {}
    for slug, term, _ in page.glossary:
        name = _IN_BRACKETS.sub("", term).lower()
        short = [inner.lower() for inner in _IN_BRACKETS.findall(term) if inner.isupper()]
        called = {part.strip() for one in (name, *short) for part in one.split("/")}
        if not called & (KNOWN | page.names):
            found |= {wording: slug for one in called for wording in (one, f"{one}s")}
    return found


def _pattern(wordings: dict[str, str]) -> re.Pattern[str]:
    longest_first = sorted(wordings, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])", re.I)


def _bare(passage: Passage, pattern, wordings: dict[str, str], met: set[str]) -> Iterator[str]:
    """The terms that `passage` uses before it links or explains them, each once."""
    met = set(met)
    text = _NO_WORDS.sub(_blank, passage.text)
    links = {m.start(): m for m in _LINKED.finditer(text)}
    words = {m.start(): m for m in pattern.finditer(_LINKED.sub(_blank, text))}
    for place, match in sorted((links | words).items()):
        slug = prose.term_slug(match[1]) if place in links else wordings[match[0].lower()]
        if slug in met:
            continue
        met.add(slug)
        if place in words and not _is_explained(text, match):
            yield slug


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
    return warning(Rule.EXPLAIN, next(iter(found.values())).field, message)
