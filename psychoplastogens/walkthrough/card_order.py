"""Cards that a reader puts in the order of the story: its links, but those beside the chain.

Pure: it works on any objects with the fields of ChainLink. The order is in the address alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from psychoplastogens.delivery.query_strings import build_query_string


@dataclass(frozen=True)
class Card:
    """A card: its number in the reader's order, or 0; the query of the state after a press."""

    link: Any
    number: int
    query: str


class CardOrder:
    """The state that `order` names: slugs with dots between; unknown ones are left out."""

    def __init__(self, links: Iterable[Any], order: str = ""):
        in_chain = [link for link in links if not link.beside]
        self.story = sorted(in_chain, key=lambda link: link.order)
        named = {link.slug: link for link in self.story}
        self.said = [named[slug] for slug in dict.fromkeys(order.split(".")) if slug in named]

    @property
    def by_name(self) -> list[Card]:
        """All cards: their places tell nothing of the order. A press puts one, or takes it back."""
        return [
            self._make_card(link) for link in sorted(self.story, key=lambda one: one.name.lower())
        ]

    def _make_card(self, link: Any) -> Card:
        if link not in self.said:
            return Card(link, 0, _get_query([*self.said, link]))
        others = [one for one in self.said if one is not link]
        return Card(link, self.said.index(link) + 1, _get_query(others))

    @property
    def last(self) -> Any | None:
        return self.said[-1] if self.said else None

    @property
    def left(self) -> int:
        return len(self.story) - len(self.said)

    @cached_property
    def swap(self) -> tuple[Any, Any] | None:
        """The first two neighbours that the story has the other way round, in its order."""
        for one, other in pairwise(self.said):
            if self.story.index(one) > self.story.index(other):
                return other, one
        return None

    @property
    def swapped_query(self) -> str:
        """The query with these two exchanged."""
        if not self.swap:
            return _get_query(self.said)
        place = self.said.index(self.swap[1])
        return _get_query([*self.said[:place], *self.swap, *self.said[place + 2 :]])

    @property
    def story_query(self) -> str:
        return _get_query(self.story)


def _get_query(links: Iterable[Any]) -> str:
    return build_query_string(order=".".join(link.slug for link in links))
