"""The scenes of steps: one file each in templates/walkthrough/scenes/."""

from __future__ import annotations

import re
from pathlib import Path

from django.core.exceptions import ValidationError
from django.template import engines
from django.template.backends.django import DjangoTemplates, Template
from django.template.loader import get_template

SCENES_FOLDER = "walkthrough/scenes"
_PART = re.compile(r'{% if "(\w+)" in highlight %}')


def get_scene_names() -> list[str]:
    """The names of all scenes in alphabetical order. A new file is a new scene."""
    backend = engines["django"]
    assert isinstance(backend, DjangoTemplates)  # The only backend in the settings.
    folders = [Path(folder) / SCENES_FOLDER for folder in backend.engine.dirs]
    return sorted({path.stem for folder in folders for path in folder.glob("*.svg")})


def get_scene_choices() -> list[tuple[str, str]]:
    """Form choices: the name of each scene, and its label."""
    return [(name, name.replace("-", " ").capitalize()) for name in get_scene_names()]


def validate_scene(name: str) -> None:
    if name not in get_scene_names():
        raise ValidationError(
            f"There is no scene “{name}”. There are: {', '.join(get_scene_names())}."
        )


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
