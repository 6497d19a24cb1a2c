"""Drawings that stand alone: what they take from the sprites of static/ is carried along.

A page of ours draws `<use href="/static/scenes.svg#glu">`. A frame on another site, which may not
read our files from its sandbox, and a printed handout need the symbols in the drawing itself.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

from django.contrib.staticfiles import finders

SVG_NAMESPACE = "http://www.w3.org/2000/svg"
ElementTree.register_namespace("", SVG_NAMESPACE)
_SPRITE_REFERENCE = re.compile(r'href="[^"#]*/(\w+)(?:\.[0-9a-f]+)?\.svg#([\w-]+)"')
_SYMBOL_REFERENCE = re.compile(r'href="#([\w-]+)"')
_COLOUR_VARIABLE = re.compile(r"var\(--([a-z]+)(?:,[^()]*)?\)")

# The paper theme of static/base.css, on white paper. tests/handouts/test_inline_svg.py compares.
PRINT_COLOURS = {
    "ink": "#1d271a",
    "soft": "#414b3c",
    "line": "#d1d3c2",
    "edge": "#69735f",
    "accent": "#1e5028",
    "warn": "#783315",
    "wash": "#e2e8ce",
    "straw": "#f7ecd7",
    "slate": "#dce7ec",
    "glint": "#fbfbf2",
    "weld": "#ecbd4a",
    "madder": "#cf5334",
    "woad": "#72a5cb",
    "fern": "#8bb766",
    "rose": "#eea3a9",
    "walnut": "#cd9c76",
}
WHITE_PAPER_COLOURS = {"paper": "#ffffff", "raise": "#ffffff"}
# A stressed branch: `.dry` of static/walkthrough.css.
DRY_BRANCH_COLOURS = {"wash": "#f1eade", "fern": "#d3bf9f"}
# What static/walkthrough.css says of the words and lines in a scene.
PRINTED_STYLE = """<style>
text { font: 600 13.6px "Atkinson Hyperlegible Next"; fill: var(--ink); stroke: var(--raise);
  stroke-width: 4px; stroke-linejoin: round; paint-order: stroke; }
text.on { stroke: var(--wash); }
text.ob { stroke: var(--slate); }
.q { font: 600 26px "Brygada 1918"; }
.lens { fill: var(--paper); stroke: var(--edge); }
.here { fill: none; stroke: var(--accent); stroke-width: 2.2; }
.here.in { fill: var(--accent); }
.mouth { fill: var(--raise); stroke: var(--ink); stroke-width: 1.2; }
.way { fill: none; stroke: var(--ink); stroke-width: 1.4; stroke-dasharray: 5 4; }
.ld { fill: none; stroke: var(--ink); stroke-width: 1; stroke-linecap: round; }
.lit .ld { stroke: var(--accent); }
.lit .way { stroke: var(--accent); stroke-width: 2.6; }
.lit text { fill: var(--accent); }
</style>"""


@lru_cache(maxsize=8)
def _load_sprite(name: str) -> dict[str, str]:
    """Each drawing of static/<name>.svg by its id, with ids that say which sprite it is from."""
    path = finders.find(f"{name}.svg")
    assert path is not None  # It is in static/.
    root = ElementTree.fromstring(Path(path).read_text())
    found = {}
    for element in root:
        text = ElementTree.tostring(element, encoding="unicode").strip()
        text = text.replace(f' xmlns="{SVG_NAMESPACE}"', "")
        found[element.get("id", "")] = re.sub(r'(\bid="|href="#)', rf"\1{name}-", text)
    return found


def _collect_symbols(name: str, symbol: str, found: dict[str, str]) -> None:
    """Put a symbol, and what it is made of, into `found`."""
    key = f"{name}-{symbol}"
    if key in found:
        return
    found[key] = _load_sprite(name).get(symbol, "")
    for part in _SYMBOL_REFERENCE.findall(found[key]):
        _collect_symbols(name, part.removeprefix(f"{name}-"), found)


def inline_symbols(html: str) -> tuple[str, str]:
    """(`html` with its drawings taken from the page itself, the symbols that the page needs)."""
    found: dict[str, str] = {}
    for name, symbol in _SPRITE_REFERENCE.findall(html):
        _collect_symbols(name, symbol, found)
    return _SPRITE_REFERENCE.sub(r'href="#\1-\2"', html), "".join(found.values())


def render_print_svg(drawing: str) -> str:
    """A drawing of ours as an SVG file of its own, in the colours of the paper theme."""
    drawing, symbols = inline_symbols(drawing)
    head, _, rest = drawing.partition(">")
    svg = f'{head} xmlns="{SVG_NAMESPACE}">{PRINTED_STYLE}<defs>{symbols}</defs>{rest}'
    return _apply_colours(
        svg,
        PRINT_COLOURS
        | WHITE_PAPER_COLOURS
        | (DRY_BRANCH_COLOURS if 'class="dry"' in drawing else {}),
    )


def _apply_colours(svg: str, colours: dict[str, str]) -> str:
    svg = _COLOUR_VARIABLE.sub(lambda match: colours[match[1]], svg)
    return svg.replace("currentColor", colours["ink"])


@lru_cache(maxsize=50)
def render_symbol(name: str, of: str, size: str) -> str:
    """One symbol of a sprite as an SVG file; `size` is its view box."""
    return render_print_svg(f'<svg viewBox="{size}"><use href="/{name}.svg#{of}"/></svg>')


@lru_cache(maxsize=250)
def render_icon_array(count: int, colour: str) -> str:
    """100 people in rows of ten, the first `count` of them filled in, as an SVG file.

    Each figure is 11 wide and 15 high, as in the symbol p100 of static/icons.svg.
    """
    drawn = "".join(
        f'<use href="/icons.svg#m1" x="{place % 10 * 11}" y="{place // 10 * 15}"'
        + (f' fill="var(--{colour})" stroke="var(--{colour})"/>' if place < count else "/>")
        for place in range(100)
    )
    people = f'<g fill="#fff" stroke="var(--edge)" stroke-width=".9">{drawn}</g>'
    return render_print_svg(f'<svg viewBox="0 -1 110 152">{people}</svg>')
