"""What a view lets the store keep."""

from __future__ import annotations

from dataclasses import dataclass

CONTENT = "content"
"""The version of everything that staff publish."""
LISTS = "lists"
"""The version of the clinics and their reading lists."""


@dataclass(frozen=True)
class StoragePolicy:
    """With which query parameters a page is stored, on which versions it depends, and whether
    copies of it are kept on disk.

    Parameters that hold what a reader typed or chose are left out: nothing of that is kept.
    """

    parameters: frozenset[str] = frozenset()
    depends_on: tuple[str, ...] = (CONTENT,)
    has_copies: bool = True


NO_VIEW = StoragePolicy(has_copies=False)
"""For addresses that no view answers: they are 404, or redirect to the address with a slash.

Anybody can make up any number of them, so the disk is not asked, and holds none."""
STATIC_FILE = StoragePolicy(depends_on=(), has_copies=False)
