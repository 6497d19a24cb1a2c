"""The scenes that a step can show: one file each in templates/walkthrough/scenes/."""

from __future__ import annotations

import re
from pathlib import Path

from django.core.exceptions import ValidationError
from django.template import engines
from django.template.loader import get_template

FOLDER = "walkthrough/scenes"
_PART = re.compile(r'{% if "(\w+)" in highlight %}')


def names() -> list[str]:
    """The name of every scene there is, in alphabetical order. A new file is a new scene."""
    folders = [Path(folder) / FOLDER for folder in engines["django"].engine.dirs]
    return sorted({path.stem for folder in folders for path in folder.glob("*.svg")})


def choices() -> list[tuple[str, str]]:
    """For a form: the name of each scene, and the same in words."""
    return [(name, name.replace("-", " ").capitalize()) for name in names()]


def known(name: str) -> None:
    if name not in names():
        raise ValidationError(f"There is no scene “{name}”. There are: {', '.join(names())}.")


def parts(name: str) -> list[str]:
    """The parts of a scene that a step can stress, as its file names them."""
    source = get_template(f"{FOLDER}/{name}.svg").template.source
    return list(dict.fromkeys(_PART.findall(source)))


def has_parts(name: str, wanted: str) -> None:
    """Refuse words in `wanted` that are no part of the scene."""
    there = parts(name)
    if strange := [word for word in wanted.split() if word not in there]:
        raise ValidationError(
            {
                "highlight": f"The scene “{name}” has no part “{strange[0]}”. "
                f"It has: {', '.join(there)}."
            }
        )
