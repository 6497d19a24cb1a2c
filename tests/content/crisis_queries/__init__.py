"""What readers may type: in danger, and in none. The lists are beside this file."""

from __future__ import annotations

from pathlib import Path


def queries(name: str) -> list[tuple[str, str]]:
    """(heading, query) of a list: `dangerous` or `harmless`."""
    found, heading = [], ""
    for line in (Path(__file__).parent / f"{name}.txt").read_text().splitlines():
        if line.startswith("["):
            heading = line.strip("[]")
        elif line and not line.startswith("#"):
            found.append((heading, line))
    return found
