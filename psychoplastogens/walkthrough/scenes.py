"""The scenes of steps and the pictures of links: one file each in templates/walkthrough/."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from django.core.exceptions import ValidationError
from django.template import engines
from django.template.backends.django import DjangoTemplates, Template
from django.template.loader import get_template

SCENES_FOLDER = "walkthrough/scenes"
LINKS_FOLDER = "walkthrough/links"
MAX_PARTS = 12
"""Named parts of one scene: static/scene.css hides and pales each by its number."""
_WRITTEN = {"ampa": "AMPA", "bdnf": "BDNF", "mtor": "mTOR", "nmda": "NMDA", "trkb": "TrkB"}
"""How names of molecules are written."""
_PART = re.compile(r'{% part(?:_link)? "(\w+)" %}')
_STATE_RING = re.compile(r'{% state_ring "([\w-]+)"')
_PART_LINK = re.compile(r'{% part_link "(\w+)" %}')


def get_scene_names(folder: str = SCENES_FOLDER) -> list[str]:
    """The names of all drawings there, in alphabetical order. A new file is a new drawing."""
    backend = engines["django"]
    assert isinstance(backend, DjangoTemplates)  # The only backend in the settings.
    folders = [Path(templates) / folder for templates in backend.engine.dirs]
    return sorted({path.stem for one in folders for path in one.glob("*.svg")})


def get_scene_choices(folder: str = SCENES_FOLDER) -> list[tuple[str, str]]:
    """Form choices: the name of each drawing, and its label."""
    return [(name, _get_label(name)) for name in get_scene_names(folder)]


def _get_label(name: str) -> str:
    """The name of a drawing in words: “BDNF TrkB” for “bdnf-trkb”."""
    first, *others = (_WRITTEN.get(word, word) for word in name.split("-"))
    return " ".join([first if first in _WRITTEN.values() else first.capitalize(), *others])


def validate_scene(name: str, folder: str = SCENES_FOLDER) -> None:
    names = get_scene_names(folder)
    if name not in names:
        raise ValidationError(f"There is no scene “{name}”. There are: {', '.join(names)}.")


def validate_link_picture(name: str) -> None:
    validate_scene(name, LINKS_FOLDER)


def get_scene_parts(name: str, pattern: re.Pattern[str] = _PART) -> list[str]:
    """The parts of a scene that a step can stress and a state hide, as named in its file."""
    template = get_template(f"{SCENES_FOLDER}/{name}.svg")
    assert isinstance(template, Template)  # No other backend is in the settings.
    return list(dict.fromkeys(pattern.findall(template.template.source)))


def get_shown_parts(name: str) -> list[str]:
    """The parts of a scene that readers can have shown alone."""
    return get_scene_parts(name, _PART_LINK)


def has_state_rings(name: str) -> bool:
    """Rings in the scene lead from one of its states to another."""
    return bool(get_scene_parts(name, _STATE_RING))


def find_strange_part(
    name: str, wanted: str, get_parts: Callable[[str], list[str]] = get_scene_parts
) -> str:
    """A message where a word in `wanted` is none of the parts of the scene.

    '' if all are, or if there is no such scene.
    """
    if name not in get_scene_names():
        return ""
    there = get_parts(name)
    strange = next((word for word in wanted.split() if word not in there), "")
    if not strange:
        return ""
    return f"The scene “{name}” has no part “{strange}”. It has: {', '.join(there)}."


def validate_highlight(name: str, wanted: str) -> None:
    """Raise ValidationError if a word in `wanted` is no part of the scene."""
    if strange := find_strange_part(name, wanted):
        raise ValidationError({"highlight": strange})
