"""The scenes that a step can show: one file each in templates/walkthrough/scenes/."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ValidationError
from django.template import engines

FOLDER = "walkthrough/scenes"


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
