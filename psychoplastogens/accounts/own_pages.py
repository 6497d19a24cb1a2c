"""Pages of the admin that are no records: its search finds them by what people call them."""

from __future__ import annotations

from typing import NamedTuple


class OwnPage(NamedTuple):
    """One that a model admin names in `get_own_pages(request)`, for who may open it.

    `words` are further words by which it is found.
    """

    title: str
    address: str
    words: str = ""

    def is_found_by(self, words: list[str]) -> bool:
        """Whether each of the words begins one of its own."""
        own = f"{self.title} {self.words}".casefold().split()
        return all(any(one.startswith(word.casefold()) for one in own) for word in words)
