"""Drawings that stand alone: in the colours of the site, with all that they are made of."""

import re
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from psychoplastogens.handouts import inline_svg
from psychoplastogens.walkthrough import scenes, spine_layout

STATIC = settings.BASE_DIR / "static"
SVG = f"{{{inline_svg.SVG_NAMESPACE}}}"


def test_its_inks_are_those_of_the_paper_theme():
    sheet = (STATIC / "base.css").read_text()
    fallback = sheet.partition("@supports not (color: light-dark")[2].partition("}")[0]
    colours = dict(re.findall(r"--(\w+): (#\w{6});", fallback))
    assert {name: colours[name] for name in inline_svg.PRINT_COLOURS} == inline_svg.PRINT_COLOURS
    assert inline_svg.WHITE_PAPER_COLOURS.keys() <= colours.keys()


def rules(css):
    """{selector: {property: value}} of the rules that say how something in a scene is drawn."""
    found = {}
    for selector, declared in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        pairs = re.findall(r"\b(fill|stroke[\w-]*|paint-order): *([^;]+);", declared)
        found.setdefault(selector.strip().removeprefix(".scene "), dict(pairs))
    return found


def test_what_the_sheet_of_the_page_says_of_scenes_holds_on_paper_too():
    """It fails where walkthrough.css styles a class of a scene that handouts would draw black."""
    worn = {"lit"}
    for file in (settings.BASE_DIR / "templates" / scenes.SCENES_FOLDER).glob("*.svg"):
        for classes in re.findall(r'class="([^"]+)"', file.read_text()):
            worn.update(classes.split())
    on_page = rules((STATIC / "walkthrough.css").read_text())
    of_scenes = {
        selector: drawn
        for selector, drawn in on_page.items()
        if drawn and set(re.findall(r"\.([\w-]+)", selector)) <= worn
    }
    assert {"text", ".lens", ".way", ".lit .way", ".mouth"} <= of_scenes.keys()
    printed = rules(inline_svg.PRINTED_STYLE.removeprefix("<style>"))
    assert {selector: printed.get(selector) for selector in of_scenes} == of_scenes


@pytest.mark.parametrize("name", scenes.get_scene_names())
def test_a_printed_scene_has_all_that_it_draws_and_plain_colours(name):
    context = {"step": {"title": "A <step>"}, "spines": spine_layout.place_in_scene(2, 1)}
    svg = inline_svg.render_print_svg(
        render_to_string(f"{scenes.SCENES_FOLDER}/{name}.svg", context)
    )
    root = ElementTree.fromstring(svg)
    ids = {element.get("id") for element in root.iter()}
    wanted = {element.get("href") for element in root.iter(f"{SVG}use")}
    assert wanted
    assert {f"#{name}" for name in ids if name} >= wanted
    assert "var(" not in svg
    assert "currentColor" not in svg


def test_a_stressed_branch_is_dry_on_paper_too():
    context = {"spines": spine_layout.place_in_scene(0, 0)}
    dry = render_to_string(f"{scenes.SCENES_FOLDER}/branch-stressed.svg", context)
    assert inline_svg.DRY_BRANCH_COLOURS["wash"] in inline_svg.render_print_svg(dry)
    assert inline_svg.DRY_BRANCH_COLOURS["wash"] not in inline_svg.render_print_svg(
        dry.replace('class="dry"', "")
    )


@pytest.mark.parametrize("count", [0, 1, 10, 69, 100])
def test_as_many_figures_are_filled_in_as_people(count):
    root = ElementTree.fromstring(inline_svg.render_icon_array(count, "accent"))
    figures = [use for use in root.iter(f"{SVG}use") if use.get("x")]
    filled = [use for use in figures if use.get("fill") == inline_svg.PRINT_COLOURS["accent"]]
    assert (len(figures), len(filled)) == (100, count)
    places = [(int(use.get("y")), int(use.get("x"))) for use in filled]
    assert places == sorted(places) == [(n // 10 * 15, n % 10 * 11) for n in range(count)]


def test_a_page_takes_only_the_symbols_that_it_needs():
    html, symbols = inline_svg.inline_symbols('<use href="/static/scenes.0a1b2c.svg#nmda" x="1"/>')
    assert html == '<use href="#scenes-nmda" x="1"/>'
    assert re.findall(r'id="([\w-]+)"', symbols) == ["scenes-nmda", "scenes-bean"]


def test_a_symbol_that_is_not_there_draws_nothing():
    assert inline_svg.inline_symbols('<use href="/static/icons.svg#none"/>')[1] == ""
