"""What static/ has that browsers of 2022 lack, and what stands in for it in them.

The oldest browsers that see our styles are Safari 15.4, Chrome 99 and Firefox 97: older ones lack
@layer and show plain pages. What is newer than these (by caniuse.com and MDN) has a row in NEWER.
"""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parent.parent / "static"
STYLES = sorted(STATIC.rglob("*.css"))
SCRIPTS = sorted(STATIC.rglob("*.js"))

# A selector that a browser does not know takes its whole rule away, so each stands in one alone.
ALONE = "a rule of its own, which is not there"
GUARDED = "stands within @supports"
TWICE = "is declared again for browsers without it"
DROPPED = "its declaration is not there, and the page is whole"
NEWER = {
    ":has": ALONE,
    "::highlight": ALONE,
    "::details-content": ALONE,
    "@view-transition": DROPPED,
    "@container": DROPPED,
    "light-dark()": TWICE,
    "oklch()": DROPPED,  # Its colors stand in light-dark().
    "color-mix()": DROPPED,
    "scroll()": GUARDED,
    "tan()": DROPPED,  # A preview for staff at its full size.
    "atan2()": DROPPED,
    "dvh": DROPPED,  # What it bounds is as high as its content.
    "svh": DROPPED,  # A picture that changes is as high as its width asks for.
    "lh": DROPPED,
    "cqb": DROPPED,
    "cqi": DROPPED,  # The poster stands without its drawing.
}
OLD_ENOUGH = set(
    """
    :is :not :where :root :first-child :last-child :only-child :nth-child :first-of-type :checked
    :hover :link :visited
    :focus :focus-visible :empty ::before ::after ::marker ::selection ::placeholder ::first-letter
    ::backdrop ::-webkit-details-marker
    @media @layer @supports @font-face @keyframes @page
    env() min() max() clamp() calc() minmax() repeat() var() url() format() local() cubic-bezier()
    counter() inset() rgb() linear-gradient() attr() selector() scale() translate() translateY()
    grayscale()
    scaleX() rotate()
    px rem em fr vw vh ch cm mm in pt ms s deg
    """.split()
)
# Newer methods, and letters that stop a whole script where they are not known.
TOO_NEW_FOR_SCRIPTS = {
    r"(?<!\.\.)\.at\(": "Array.at: Safari 15.4",
    r"groupBy\(": "Map.groupBy: Safari 17.4, Chrome 117, Firefox 119",
    r"structuredClone": "Safari 15.4, Chrome 98",
    r"\.(toSorted|toReversed|toSpliced|with|findLast)\(": "Safari 16, Chrome 110, Firefox 115",
    r"\(\?<[=!]": "looking behind in a pattern: Safari 16.4",
    r"/[a-z]*v[a-z]*[.,;)]": "the flag v: Safari 17",
    r"\.aria[A-Z]\w+ *=[^=]": "ARIA as properties: Firefox 119",
    r"Promise\.(withResolvers|try)": "Safari 17.4",
    r"using [a-z]+ =": "Chrome 134",
}
GUARDS = {
    r"showPopover\(": r"\?\.showPopover\b",
    r"Intl\.Segmenter\(": r"Intl\?\.Segmenter",
    r"CSS\.highlights\.": r"CSS\?\.highlights",
    r"new Highlight\(": r"CSS\?\.highlights",
    r"speech\.speak\(": r"if \(speech && ",
    r"print\(\)": r"!window\.print",
}


def name_of(path):
    return path.name


def css_of(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    return re.sub(r"\"[^\"]*\"|url\([^)]*\)", "x", text)


def rules(css):
    """(what stands before the brace, declarations) of each innermost rule."""
    return re.findall(r"([^{}]*)\{([^{}]*)\}", css)


def used_in(path):
    """Every pseudo-class, at-rule, function and unit of a stylesheet."""
    css = css_of(path)
    used = set(re.findall(r"@[a-z-]+", css))
    for before, declarations in rules(css):
        selector = before.rpartition(";")[2]
        if not selector.lstrip().startswith("@"):
            used |= set(re.findall(r"::?[a-z-]+(?=[^a-z-])", f"{selector} "))
        used |= {f"{match}()" for match in re.findall(r"(?<![\w-])([a-zA-Z0-9-]+)\(", declarations)}
        used |= set(re.findall(r"(?<![\w#.-])-?(?:\d+\.?\d*|\.\d+)([a-z]+)\b", declarations))
    used |= {f"{match}()" for match in re.findall(r"@supports[^{]*?([a-z-]+)\(", css)} - {"not()"}
    return used


@pytest.mark.parametrize("path", STYLES, ids=name_of)
def test_every_newer_feature_of_a_stylesheet_has_what_stands_in_for_it(path):
    assert used_in(path) - OLD_ENOUGH - NEWER.keys() == set()


def test_what_stands_in_is_for_something():
    used = set().union(*map(used_in, STYLES))
    assert NEWER.keys() - used == set()


@pytest.mark.parametrize("path", STYLES, ids=name_of)
def test_a_selector_that_may_be_unknown_takes_no_other_with_it(path):
    alone = [name for name, way in NEWER.items() if way == ALONE]
    guarded = r"@supports selector\(:has[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}"
    for before, _ in rules(re.sub(guarded, "", css_of(path))):
        selector = re.sub(r"\((?:[^()]|\([^()]*\))*\)", "", before.rpartition(";")[2])
        parts = selector.split(",")
        unknown = [part for part in parts if any(name in part for name in alone)]
        assert len(unknown) in (0, len(parts)), selector


@pytest.mark.parametrize("path", STYLES, ids=name_of)
def test_a_color_for_light_and_dark_is_there_without_light_dark_too(path):
    css = re.sub(
        r"@supports \(color: light-dark[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", css_of(path)
    )
    again = "".join(re.findall(r"@supports not \(color: light-dark[^{]*\{(.*?\})\s*\}", css, re.S))
    named = set(re.findall(r"(--[\w-]+):\s*light-dark\(", css))
    assert named <= set(re.findall(r"(--[\w-]+):", again))
    assert not re.findall(r"[{;]\s*(?!--)[a-z-]+:\s*light-dark\(", css)


@pytest.mark.parametrize("path", STYLES, ids=name_of)
def test_a_height_in_dvh_is_only_a_bound(path):
    for declaration in re.findall(r"[^;{}]*dvh[^;{}]*", css_of(path)):
        assert declaration.strip().startswith("max-block-size:"), declaration


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_a_script_asks_before_it_uses_what_may_be_missing(path):
    text = re.sub(r"^\s*//.*$", "", path.read_text(), flags=re.MULTILINE)
    assert [why for pattern, why in TOO_NEW_FOR_SCRIPTS.items() if re.search(pattern, text)] == []
    for used, guard in GUARDS.items():
        assert not re.search(used, text) or re.search(guard, text), used


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_what_may_throw_stops_no_script(path):
    risky = r"(local|session)Storage\b|JSON\.parse|decodeURI"
    text = re.sub(r"//.*$", "", path.read_text(), flags=re.MULTILINE)
    caught = re.findall(r"try \{.*?\} catch", text, flags=re.DOTALL)
    assert len(re.findall(risky, text)) == len(re.findall(risky, "".join(caught)))
