"""Names as record systems write them, and the name in them that a page may have.

A name is read only where nothing else is said: what is left out are the tags of SNOMED CT, an
abbreviation beside its long form, severity and course. "Family history of PTSD", "rule out PTSD"
and "no PTSD" hold other words, so they are never PTSD.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from psychoplastogens.search.spelling import split_words

Words = tuple[str, ...]

_DRUG_TAGS = (
    "substance|product|medicinal product|medicinal product form|clinical drug|real clinical drug"
)
_TAG = re.compile(
    rf"(?<!\s)\s*\((disorder|finding|situation|event|procedure|{_DRUG_TAGS})\)\s*$", re.I
)
_IN_PARENTHESES = re.compile(r"([^()]*)\(([^()]*)\)([^()]*)")
_DOUBT = re.compile(r"[?!¬]|\(\s*[-\u2010-\u2015\u2212]\s*\)")

_COURSES = frozenset(
    "mild moderate moderately severe chronic acute recurrent current currently active unspecified"
    " nos uncomplicated".split()
)
_BEHIND = _COURSES | frozenset(
    "single episode most recent depressed in early partial full sustained remission with without"
    " psychotic features symptoms delayed onset".split()
)


def strip_tag(name: str) -> str:
    """`name` without the tag that ends each fully specified name of SNOMED CT."""
    return _TAG.sub("", name)


def is_tagged_as_drug(name: str) -> bool:
    """Whether `name` is a fully specified name of SNOMED CT, of a substance or a product."""
    tag = _TAG.search(name)
    return bool(tag and re.fullmatch(_DRUG_TAGS, tag[1], re.I))


def is_doubtful(name: str) -> bool:
    """Whether a mark says that the patient may not have it: "PTSD?", "PTSD (-)"."""
    return bool(_DOUBT.search(name))


def iter_plain_names(name: str) -> Iterator[Words]:
    """The words of `name`, then without severity and course at its end, at its start, at both."""
    words = tuple(split_words(name))
    start, end = 0, len(words)
    while end and words[end - 1] in _BEHIND:
        end -= 1
    while start < end and words[start] in _COURSES:
        start += 1
    yield from dict.fromkeys((words, words[:end], words[start:], words[start:end]))


def split_parentheses(name: str) -> tuple[str, str]:
    """What stands around the one pair of parentheses of `name`, and what in it; or '' twice."""
    match = _IN_PARENTHESES.fullmatch(name)
    return (f"{match[1]} {match[3]}", match[2]) if match else ("", "")


def is_abbreviated(one: str, other: str) -> bool:
    """Whether one of these names is made of the first letters of the other: PTSD."""
    forms = [list(iter_plain_names(name)) for name in (one, other)]
    return any(
        len(short) == 1 and len(long) > 1 and short[0] == "".join(word[0] for word in long)
        for shorts, longs in (forms, forms[::-1])
        for short in shorts
        for long in longs
    )
