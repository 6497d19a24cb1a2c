"""The scenes of steps and the pictures of links: one file each in templates/walkthrough/."""

from __future__ import annotations

import re
from pathlib import Path

from django.core.exceptions import ValidationError
from django.template import engines
from django.template.backends.django import DjangoTemplates, Template
from django.template.loader import get_template

SCENES_FOLDER = "walkthrough/scenes"
LINKS_FOLDER = "walkthrough/links"
_PART = re.compile(r'{% if "(\w+)" in highlight %}')


def get_scene_names(folder: str = SCENES_FOLDER) -> list[str]:
    """The names of all drawings there, in alphabetical order. A new file is a new drawing."""
    backend = engines["django"]
    assert isinstance(backend, DjangoTemplates)  # The only backend in the settings.
    folders = [Path(templates) / folder for templates in backend.engine.dirs]
    return sorted({path.stem for one in folders for path in one.glob("*.svg")})


def get_scene_choices(folder: str = SCENES_FOLDER) -> list[tuple[str, str]]:
    """Form choices: the name of each drawing, and its label."""
    return [(name, name.replace("-", " ").capitalize()) for name in get_scene_names(folder)]


def validate_scene(name: str, folder: str = SCENES_FOLDER) -> None:
    names = get_scene_names(folder)
    if name not in names:
        raise ValidationError(f"There is no scene “{name}”. There are: {', '.join(names)}.")


def validate_link_picture(name: str) -> None:
    validate_scene(name, LINKS_FOLDER)


def get_scene_parts(name: str) -> list[str]:
    """The parts of a scene that a step can highlight, as named in its file."""
    template = get_template(f"{SCENES_FOLDER}/{name}.svg")
    assert isinstance(template, Template)  # No other backend is in the settings.
    return list(dict.fromkeys(_PART.findall(template.template.source)))


def validate_highlight(name: str, wanted: str) -> None:
    """Raise ValidationError if a word in `wanted` is no part of the scene."""
    there = get_scene_parts(name)
    if strange := [word for word in wanted.split() if word not in there]:
        raise ValidationError(
            {
                "highlight": f"The scene “{name}” has no part “{strange[0]}”. "
                f"It has: {', '.join(there)}."
            }
        )
