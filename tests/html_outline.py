"""What one walk over a page finds: links and headings. Validity itself is in tests.valid_html."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from tests import valid_html


class Outline(HTMLParser):
    """The links of a page, and the levels of its headings in order."""

    def __init__(self):
        super().__init__()
        self.links: list[str] = []
        self.headings: list[int] = []

    def handle_starttag(self, tag, attributes):
        if tag == "a":
            self.links.append(dict(attributes).get("href") or "")
        elif re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))


def parse_outline(html: str) -> Outline:
    found = Outline()
    found.feed(html)
    return found


def find_faults(html: str) -> list[str]:
    """What is wrong with a page's HTML and its headings, in words. Nothing where it is sound."""
    headings = parse_outline(html).headings
    wrong = [] if headings.count(1) == 1 else [f"{headings.count(1)} headings of level 1"]
    wrong += [
        f"heading level {after} follows level {before}"
        for before, after in zip(headings, headings[1:], strict=False)
        if after > before + 1
    ]
    return [*valid_html.problems(html), *wrong]
