"""The admin has the colors and the type of the site."""

import re
from pathlib import Path

STATIC = Path(__file__).resolve().parents[2] / "static"


def tokens_in(name):
    """{token: value} of the colors that a stylesheet sets for light and for dark."""
    text = (STATIC / name).read_text()
    return dict(re.findall(r"(--[a-z]+): (light-dark\(oklch[^;]+);", text))


def test_its_colors_are_the_tokens_of_the_site():
    site, admin = tokens_in("base.css"), tokens_in("editorial/look.css")
    assert len(admin) >= 11
    assert admin == {name: site[name] for name in admin}


def test_so_are_those_of_drawings_in_browsers_without_light_dark():
    site, admin = (
        dict(re.findall(r"(--[a-z]+): (#[0-9a-f]{6});", (STATIC / name).read_text()))
        for name in ("base.css", "editorial/look.css")
    )
    assert len(admin) == 10
    assert admin == {name: site[name] for name in admin}


def test_its_faces_are_those_of_the_site():
    text = (STATIC / "editorial/look.css").read_text()
    faces = re.findall(r"url\(\.\./(fonts/[\w-]+\.woff2)\)", text)
    assert len(faces) == 2
    base = (STATIC / "base.css").read_text()
    assert all(f"url({face})" in base for face in faces)
