"""Fields of the admin for the picture of a step: drawings to choose from, and parts to tick."""

from __future__ import annotations

import re
from functools import lru_cache, partial
from types import SimpleNamespace
from typing import Any

from django import forms
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from psychoplastogens.walkthrough import growth_figure, legend, scenes

# What a small drawing does without: words, links, and names for ears and for links.
_WORDS = re.compile(r"<(text|title|desc)\b.*?</\1>", re.DOTALL)
_LINK = re.compile(r"<(/?)a\b")
_NAME = re.compile(r'\s(?:id|role|aria-\w+)="[^"]*"')


@lru_cache(maxsize=64)
def draw_scene(name: str) -> SafeString:
    """The drawing of a scene without its words, to choose by; '' if its file is missing.

    Its id lets draw_scene_again() show it once more on the same page.
    """
    story = SimpleNamespace(steps=SimpleNamespace(all=list))
    step: Any = SimpleNamespace(scene=name, time="", walkthrough=story)
    spines = partial(growth_figure.get_scene_branch, step)
    try:
        drawing = get_template(f"{scenes.SCENES_FOLDER}/{name}.svg").render({"spines": spines})
    except TemplateDoesNotExist:
        return SafeString("")
    drawing = _NAME.sub("", _LINK.sub(r"<\1g", _WORDS.sub("", drawing)))
    named = f'<svg id="scene-{name}" class="drawing" aria-hidden="true"'
    return mark_safe(drawing.replace("<svg", named, 1))  # noqa: S308 - our own template


def draw_scene_again(name: str) -> SafeString:
    """The drawing of a scene that draw_scene() draws on the same page: a form has many steps."""
    svg = '<svg viewBox="0 0 360 380" aria-hidden="true"><use href="#scene-{}"/></svg>'
    return format_html(svg, name)


@lru_cache(maxsize=64)
def draw_link_picture(name: str) -> SafeString:
    """The picture of a link of the chain; '' if its file is missing."""
    try:
        drawing = get_template(f"{scenes.LINKS_FOLDER}/{name}.svg").render()
    except TemplateDoesNotExist:
        return SafeString("")
    svg = '<svg viewBox="-40 -36 80 72" aria-hidden="true">{}</svg>'
    return format_html(svg, mark_safe(drawing))  # noqa: S308 - our own template


def get_part_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The parts of each scene, as "<scene>/<part>", under its label."""
    return [
        (label, [(f"{scene}/{part}", _name_part(part)) for part in parts])
        for scene, label in scenes.get_scene_choices()
        if (parts := scenes.get_scene_parts(scene))
    ]


def _name_part(part: str) -> str:
    """What readers call a part; its name in the file where they do not."""
    name = str(legend.PARTS[part][0]) if part in legend.PARTS else part.capitalize()
    return f"{name} ({part})"


class ScenePartsField(forms.MultipleChoiceField):
    """Parts of a scene, ticked. Models keep the names of the parts, with spaces between."""

    def __init__(self, **options):
        widget = forms.CheckboxSelectMultiple(attrs={"class": "scene-parts"})
        super().__init__(choices=get_part_choices, required=False, widget=widget, **options)


def list_ticked(scene: str, names: str) -> list[str]:
    """What is ticked where these parts of a scene are named."""
    return [f"{scene}/{name}" for name in names.split()]


def join_ticked(scene: str, ticked: list[str]) -> str:
    """The names of what is ticked of this scene; what is ticked of others does not count."""
    start = f"{scene}/"
    return " ".join(one.removeprefix(start) for one in ticked if one.startswith(start))
