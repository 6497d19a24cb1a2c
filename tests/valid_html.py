"""Is this page valid HTML? In Python alone, so that it is checked on every machine.

The parser is the standard's own algorithm and names each of its parse errors; the rules on
contents, attributes and ids come from tests/html_standard.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tinyhtml5.parser import HTMLParser

from tests import html_standard as standard

# htmx reads hx-*; data-* may be anything.
OPEN_ATTRIBUTES = re.compile(r"(data|hx)-[a-z][a-z0-9:-]*$")
ANYTHING = re.compile(r".*", re.DOTALL)
FORMS = {
    "href": re.compile(r"[^\s<>\"{}|\\^`]*"),
    **dict.fromkeys(("action", "src"), re.compile(r"[^\s<>\"{}|\\^`]+")),
    **dict.fromkeys(("width", "height", "colspan", "rowspan"), re.compile(r"\d+")),
    **dict.fromkeys(("id", "for", "lang", "name"), re.compile(r".*\S.*")),
}
FOREIGN = {"svg", "math"}


def problems(html: str) -> list[str]:
    """Everything in a whole page that the HTML standard forbids; empty when it is valid."""
    parser = HTMLParser(namespace_html_elements=False)
    root = parser.parse(html)
    found = [f"line {line}: {code} {data or ''}" for (line, _), code, data in parser.errors]
    for element in elements(root):
        found += element_problems(element)
    found += content_problems(root, standard.CHILDREN["html"], ())
    return found + id_problems(root) + page_problems(root)


def elements(root: Element) -> Iterator[Element]:
    """Each HTML element, in order: comments left out, drawings not entered."""
    if isinstance(root.tag, str):
        yield root
        for child in root if name_of(root) not in FOREIGN else ():
            yield from elements(child)


def name_of(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def described(element: Element) -> str:
    mark = element.get("id") or element.get("class") or element.get("href") or ""
    return f"<{name_of(element)} {mark}>".replace(" >", ">")


def element_problems(element: Element) -> list[str]:
    name = name_of(element)
    if name in FOREIGN:
        return []
    if name not in standard.ATTRIBUTES:
        return [f"{described(element)}: no such element"]
    aria = {f"aria-{property}" for property in standard.ARIA}
    allowed = standard.GLOBAL | standard.ATTRIBUTES[name] | aria
    found = [
        f"{described(element)}: no attribute {attribute}"
        for attribute in element.attrib
        if attribute not in allowed and not OPEN_ATTRIBUTES.match(attribute)
    ]
    missing = standard.REQUIRED.get(name, set()) - element.attrib.keys()
    found += [f"{described(element)}: lacks {attribute}" for attribute in sorted(missing)]
    wrong = [*value_problems(name, element), *particular_problems(name, element)]
    return found + [f"{described(element)}: {problem}" for problem in wrong]


def particular_problems(name: str, element: Element) -> Iterator[str]:
    """Rules that hold for one element alone."""
    children = [name_of(child) for child in element if isinstance(child.tag, str)]
    if name == "time":
        moment = element.get("datetime") or (element.text or "").strip()
        if not re.fullmatch(standard.TIME, moment):
            yield f"{moment!r} is no time that a machine can read"
    if name == "label" and sum(e.tag in standard.FIELDS for e in element.iter()) > 1:
        yield "holds more than one field"
    if name == "dl" and "dt" in children and "dd" not in children:
        yield "holds a term without a description"
    if name == "tr" and not children:
        yield "has no cells"
    if name == "figure" and "figcaption" in children[1:-1]:
        yield "its caption is neither first nor last"


def value_problems(name: str, element: Element) -> Iterator[str]:
    for attribute, value in element.items():
        choices = standard.CHOICES.get((name, attribute))
        form = FORMS.get(attribute, ANYTHING)
        if (choices and value not in choices) or not form.fullmatch(value):
            yield f"{attribute} may not be {value!r}"
        if attribute == "role" and not set(value.split()) <= standard.ROLES:
            yield f"no role {value}"
        if attribute in standard.BOOLEAN and value not in ("", attribute, "until-found"):
            yield f"{attribute} is there or not, never {value!r}"


def content_problems(element: Element, allowed: set[str], inside: tuple[str, ...]) -> list[str]:
    """What stands where it may not: `allowed` in this element, `inside` which others it is."""
    found, name = [], name_of(element)
    around = (*inside, name)
    children = [child for child in element if isinstance(child.tag, str)]
    for position, child in enumerate(children):
        kind = name_of(child)
        if kind not in allowed:
            found.append(f"{described(child)} may not stand in {described(element)}")
        if standard.FIRST_ONLY.get(kind) == name and position:
            found.append(f"{described(child)} must come first in {described(element)}")
        found += interactive_problems(child, around)
        if kind not in FOREIGN:
            found += content_problems(child, allowed_in(child, allowed, name), around)
    return found


def allowed_in(element: Element, allowed_around: set[str], parent: str) -> set[str]:
    name = name_of(element)
    if name in standard.TRANSPARENT:
        return allowed_around
    if name == "div" and parent == "dl":
        return {"dt", "dd"} | standard.SCRIPTING
    return standard.CHILDREN.get(name, standard.FLOW)


def interactive_problems(element: Element, inside: tuple[str, ...]) -> list[str]:
    name = name_of(element)
    holder = next((n for n in inside if n in standard.HOLDS_NOTHING_INTERACTIVE), None)
    reachable = name in standard.INTERACTIVE or "tabindex" in element.attrib
    found = []
    if holder and reachable and element.get("type") != "hidden":
        found.append(f"{described(element)} may not stand anywhere in a <{holder}>")
    if name == "label" and "label" in inside:
        found.append(f"{described(element)} may not stand in another <label>")
    return found


def id_problems(root: Element) -> list[str]:
    """Ids must be unique and without spaces, and whatever names an id must find it."""
    everything = [e for e in root.iter() if isinstance(e.tag, str)]
    ids = [e.get("id") for e in everything if e.get("id")]
    found = [f"id {name!r} is used twice" for name in sorted({i for i in ids if ids.count(i) > 1})]
    found += [f"id {name!r} holds a space" for name in ids if re.search(r"\s", name)]
    for element in everything:
        for attribute in standard.REFERENCES & element.attrib.keys():
            for name in element.get(attribute).split():
                if name not in ids:
                    found.append(f"{described(element)}: {attribute} names no element: {name!r}")
        target = element.get("href", "")
        if len(target) > 1 and target.startswith("#") and target[1:] not in ids:
            found.append(f"{described(element)} leads nowhere: {target}")
    return found


def page_problems(root: Element) -> list[str]:
    titles = [(e.text or "").strip() for e in root.iter("title")]
    mains = [e for e in root.iter("main") if "hidden" not in e.attrib]
    described_by = [m for m in root.iter("meta") if m.get("name") == "description"]
    found = [] if titles and titles[0] else ["the page has no title"]
    found += ["the page has more than one <main>"] if len(mains) > 1 else []
    return found + (["two descriptions"] if len(described_by) > 1 else [])
