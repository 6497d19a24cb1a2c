"""The drawings: what can be stressed in them, and what their shapes mean."""

import re
from types import SimpleNamespace

import pytest

from psychoplastogens.walkthrough import legend, scenes
from psychoplastogens.walkthrough.templatetags.walkthrough_tags import scene
from tests.test_every_page import STATIC

# Scenes of which no part stands out.
WHOLE = {"two-cells"}


def drawn(name, highlight=""):
    story = SimpleNamespace(steps=SimpleNamespace(all=list))
    step = {"scene": name, "highlight": highlight, "time": "", "title": "T", "walkthrough": story}
    step["states"] = story.steps
    return scene(SimpleNamespace(**step))


@pytest.mark.parametrize("name", scenes.get_scene_names())
def test_every_part_of_a_scene_can_be_stressed_alone(name):
    assert ' lit"' not in drawn(name)
    parts = scenes.get_scene_parts(name)
    assert len(parts) <= scenes.MAX_PARTS
    assert parts or name in WHOLE
    for number, part in enumerate(parts, start=1):
        lit = set(re.findall(r'class="([^"]+) lit"', drawn(name, part)))
        assert lit == {f"p p{number}"}


@pytest.mark.parametrize("name", scenes.get_scene_names())
def test_a_scene_draws_only_shapes_that_there_are(name):
    there = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "scenes.svg").read_text()))
    used = set(re.findall(r'scenes\.svg#([\w-]+)"', drawn(name)))
    assert used
    assert used <= there
    assert {symbol for symbol, *_ in legend.get_legend(drawn(name))} <= there


def test_several_parts_are_stressed_together_and_a_part_of_a_word_is_not():
    assert drawn("ways", "hub dopamine").count(' lit"') == 2
    assert ' lit"' not in drawn("ways", "hubs")


def test_the_legend_names_a_large_drawing_like_the_plain_one_and_once():
    shown = [symbol for symbol, *_ in legend.get_legend(drawn("synapse-blocked"))]
    assert shown == ["glu", "ket", "nmda", "ion", "locator"]
    assert [s for s, *_ in legend.get_legend(drawn("glutamate-burst"))].count("ampa") == 1
