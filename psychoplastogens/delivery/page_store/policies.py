"""What a view lets the store keep."""

from __future__ import annotations

from dataclasses import dataclass

CONTENT = "content"
"""The version of everything that staff publish."""
LISTS = "lists"
"""The version of the clinics and their reading lists."""


@dataclass(frozen=True)
class StoragePolicy:
    """With which query parameters a page is stored, and on which versions it depends.

    Parameters that hold what a reader typed or chose are left out: nothing of that is kept.
    """

    parameters: frozenset[str] = frozenset()
    depends_on: tuple[str, ...] = (CONTENT,)


NO_VIEW = StoragePolicy()
"""For addresses that no view answers: they are 404, or redirect to the address with a slash."""
STATIC_FILE = StoragePolicy(depends_on=())
