"""Is this HTML sound? The standard's own parser errors, and what a parser does not see."""

from __future__ import annotations

import re
from html.parser import HTMLParser as Reader

import tinyhtml5.parser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
ATTRIBUTES_OF_ALL = re.compile(
    r"^(?:id|class|lang|dir|hidden|title|role|popover|tabindex|aria-\w+|hx-[\w-]+|data-[\w-]+)$"
)
ATTRIBUTES_OF = {
    "a": {"href", "rel"},
    "button": {"type", "popovertarget", "popovertargetaction", "formaction"},
    "circle": {"cx", "cy", "r"},
    "details": {"open", "name"},
    "form": {"method", "action"},
    "html": {"class"},
    "input": {
        "type",
        "name",
        "value",
        "checked",
        "placeholder",
        "autocomplete",
        "maxlength",
        "enterkeyhint",
    },
    "label": {"for"},
    "link": {"rel", "href", "as", "type", "crossorigin", "media", "title"},
    "meta": {"charset", "name", "content", "property"},
    "ol": {"start"},
    "option": {"value", "selected"},
    "path": {"d"},
    "script": {"src", "defer", "type"},
    "svg": {"viewbox", "width", "height", "x", "y", "preserveaspectratio"},
    "text": {"x", "y", "text-anchor"},
    "textarea": {"rows", "maxlength", "name"},
    "th": {"scope"},
    "time": {"datetime"},
    "use": {"href", "width", "height", "x", "y"},
}


class Outline(Reader):
    """What one walk over a page finds: ids, links within the page, headings, odd attributes."""

    def __init__(self):
        super().__init__()
        self.ids, self.wanted, self.headings, self.odd = [], [], [], []
        self.links, self.labelled = [], set()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if "id" in given:
            self.ids.append(given["id"])
        for name in (
            "aria-labelledby",
            "aria-describedby",
            "aria-controls",
            "popovertarget",
            "for",
        ):
            self.wanted += (given.get(name) or "").split()
        href = given.get("href") or ""
        if tag == "a":
            self.links.append(href)
            if href.startswith("#"):
                self.wanted.append(href[1:])
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        for name in given:
            if not ATTRIBUTES_OF_ALL.match(name) and name not in ATTRIBUTES_OF.get(tag, set()):
                self.odd.append(f"<{tag} {name}>")


def outline(html: str) -> Outline:
    found = Outline()
    found.feed(html)
    return found


def faults(html: str) -> list[str]:
    """What is wrong with a page's HTML, in words. Nothing where it is sound."""
    parser = tinyhtml5.parser.HTMLParser()
    parser.parse(html)
    wrong = [f"line {place[0]}: {code} {facts}" for place, code, facts in parser.errors]
    found = outline(html)
    wrong += [
        f"two elements have the id {i}" for i in sorted(set(found.ids)) if found.ids.count(i) > 1
    ]
    wrong += [f"nothing has the id {i}" for i in sorted(set(found.wanted) - set(found.ids))]
    wrong += [f"attribute not known: {name}" for name in sorted(set(found.odd))]
    if found.headings.count(1) != 1:
        wrong.append(f"{found.headings.count(1)} headings of level 1")
    for before, after in zip(found.headings, found.headings[1:], strict=False):
        if after > before + 1:
            wrong.append(f"heading level {after} follows level {before}")
    return wrong
