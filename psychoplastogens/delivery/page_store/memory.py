"""The stored responses of this process, bounded in bytes; what nobody reads goes first.

Each kind of response has a shelf with a share of the bytes, so that a flood of made-up addresses
or parameters pushes out others of its kind, and no page.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from threading import Lock

from psychoplastogens.delivery.page_store.requests import StoreKey
from psychoplastogens.delivery.page_store.responses import Form, StoredResponse

PAGES, STATIC_FILES, QUERIES, OTHERS = "pages", "static files", "queries", "others"
SHARES = {PAGES: 0.55, STATIC_FILES: 0.2, QUERIES: 0.2, OTHERS: 0.05}
"""OTHERS are redirects, 404 and 410."""


class MemoryStore:
    """StoreKey to StoredResponse. Any thread may read and write."""

    def __init__(self, max_bytes: int) -> None:
        self.limits = {shelf: int(max_bytes * share) for shelf, share in SHARES.items()}
        self._lock = Lock()
        self.clear()

    def clear(self) -> None:
        with self._lock:
            self._entries: dict[StoreKey, StoredResponse] = {}
            self._shelves: dict[str, OrderedDict[StoreKey, None]] = {
                shelf: OrderedDict() for shelf in SHARES
            }
            self._bytes = dict.fromkeys(SHARES, 0)

    def get(self, key: StoreKey | tuple[str, str, str, str]) -> StoredResponse | None:
        return self._entries.get(key)  # type: ignore[arg-type]

    def put(self, key: StoreKey, entry: StoredResponse) -> None:
        """Keep `entry` in the place of what was there. One that is too large is not kept."""
        with self._lock:
            self._drop(key)
            limit = self.limits[entry.shelf]
            if entry.size > limit:
                return
            self._entries[key] = entry
            self._shelves[entry.shelf][key] = None
            self._bytes[entry.shelf] += entry.size
            self._make_room(entry.shelf)

    def _make_room(self, shelf: str) -> None:
        """Drop what nobody read since the last turn; what was read goes to the end of the row.

        So a read is not more than a mark on the entry, and takes no lock.
        """
        row = self._shelves[shelf]
        while self._bytes[shelf] > self.limits[shelf]:
            key = next(iter(row))
            entry = self._entries[key]
            if entry.was_read:
                entry.was_read = False
                row.move_to_end(key)
            else:
                self._drop(key)

    def take_best_forms(self, key: StoreKey, entry: StoredResponse, forms: dict[str, Form]) -> bool:
        """Give `entry` these forms, if it is still what is kept."""
        with self._lock:
            if self._entries.get(key) is not entry:
                return False
            self._bytes[entry.shelf] -= entry.size
            entry.forms, entry.has_fast_forms = forms, False
            self._bytes[entry.shelf] += entry.size
            return True

    def retire_others(self, versions: Collection[str]) -> None:
        """Take their version from all responses of others than these, should one ever return.

        They stay for their compressed bodies, which the same page of a new version has, too.
        """
        with self._lock:
            for entry in self._entries.values():
                if entry.depends_on and entry.version not in versions:
                    entry.version = ""

    def _drop(self, key: StoreKey) -> None:
        if entry := self._entries.pop(key, None):
            self._shelves[entry.shelf].pop(key, None)
            self._bytes[entry.shelf] -= entry.size

    def list_most_read(self) -> list[tuple[StoreKey, StoredResponse]]:
        """Pages, with and without a query, the most read first."""
        with self._lock:
            held = [
                (key, entry)
                for key, entry in self._entries.items()
                if entry.shelf in (PAGES, QUERIES)
            ]
        return sorted(held, key=lambda pair: pair[1].reads, reverse=True)

    @property
    def bytes(self) -> int:
        return sum(self._bytes.values())

    def __len__(self) -> int:
        return len(self._entries)
