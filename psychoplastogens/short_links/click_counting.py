"""A short link opens at once and is counted, whatever state the database is in.

Each process keeps in memory where the links lead that it was asked for, and the openings that it
has not written yet. One thread a process writes them every half second, and looks whether a link
leads elsewhere now. While the database is away the openings wait; a process that is killed loses
those that it held. A batch whose writing broke off is written again: should the database have kept
it all the same, just when it went away, that one batch is counted twice.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import Counter
from datetime import date
from typing import NamedTuple

from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.utils import timezone

from psychoplastogens.delivery import sqlite_file
from psychoplastogens.editorial.models import ContentVersion
from psychoplastogens.short_links.models import DailyCount, ShortLink

WRITE_INTERVAL_SECONDS = 0.5
MAX_CACHED_DESTINATIONS = 10_000
"""Links whose address is kept, of about 200 bytes each. The content has some 700 pages."""

log = logging.getLogger(__name__)


class UnknownCodeError(LookupError):
    """No short link has this code."""


class CachedDestination(NamedTuple):
    address: str
    version: tuple[int, ...] | None


class DestinationCache:
    """Where the links lead that this process was asked for, each as of a content version."""

    def __init__(self) -> None:
        self._cached: dict[str, CachedDestination] = {}
        self._version: tuple[int, ...] | None = None
        self._lock = threading.Lock()

    def get_destination(self, code: str) -> str:
        """The path that `code` leads to; '' where its record was deleted.

        Only the first opening of a link asks the database. Raises UnknownCode.
        """
        if kept := self._cached.get(code):
            return kept.address
        version = self._version
        found = ShortLink.objects.get_destination_urls([code])
        if code not in found:
            raise UnknownCodeError(code)
        self._store(found, version)
        return found[code]

    def refresh(self) -> None:
        """Look up again what is kept of another version of the content than today's."""
        self._version = version = tuple(ContentVersion.objects.read_numbers().values())
        old = [code for code, kept in list(self._cached.items()) if kept.version != version]
        for start in range(0, len(old), 500):
            self._store(ShortLink.objects.get_destination_urls(old[start : start + 500]), version)

    def _store(self, found: dict[str, str], version: tuple[int, ...] | None) -> None:
        with self._lock:
            self._cached |= {
                code: CachedDestination(address, version) for code, address in found.items()
            }
            while len(self._cached) > MAX_CACHED_DESTINATIONS:
                del self._cached[next(iter(self._cached))]


class PendingClicks:
    """Openings that are not in the database yet: how many of which link on which day."""

    def __init__(self) -> None:
        self._held: Counter[tuple[str, date]] = Counter()
        self._lock = threading.Lock()

    def add(self, code: str) -> None:
        with self._lock:
            self._held[code, timezone.localdate()] += 1

    def count_pending(self) -> int:
        return self._held.total()

    def write(self) -> None:
        """Write all that is held; what could not be written is held again."""
        with self._lock:
            taken, self._held = self._held, Counter()
        if not taken:
            return
        try:
            DailyCount.objects.add_clicks(taken)
        except BaseException:
            with self._lock:
                self._held.update(taken)
            raise


class ClickWriter:
    """The thread that keeps a process and the database in step. It ends with the process."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._is_away = False

    def start(self) -> None:
        """Start the thread if it is not running: at the first opening, so after any fork."""
        if self._thread and self._thread.is_alive():
            return
        with self._lock:
            if not (self._thread and self._thread.is_alive()):
                # No daemon: Python waits for it at the end, and so what is held gets written.
                self._thread = threading.Thread(target=self._run, name="openings", daemon=False)
                self._thread.start()

    def _run(self) -> None:
        main, pause = threading.main_thread(), threading.Event()
        while main.is_alive():
            pause.wait(WRITE_INTERVAL_SECONDS)
            self.step()
        self.step()  # What came between the last step and the end of the process.
        if pending_clicks.count_pending():
            log.error(
                "%s openings of short links could not be counted", pending_clicks.count_pending()
            )
        connections.close_all()

    def step(self) -> None:
        """Write and look once. A database that is away is told of once, and asked again later."""
        try:
            close_old_connections()
            sqlite_file.close_replaced_connections()
            pending_clicks.write()
            destination_cache.refresh()
        except (DatabaseError, InterfaceError) as error:
            if not self._is_away:
                log.warning("Openings of short links wait for the database: %s", error)
            self._is_away = True
        else:
            if self._is_away:
                log.warning("The openings that waited are counted")
            self._is_away = False


destination_cache = DestinationCache()
pending_clicks = PendingClicks()
click_writer = ClickWriter()


def resolve(code: str) -> str:
    """Where `code` leads. Raises UnknownCode."""
    address = destination_cache.get_destination(code)
    click_writer.start()  # It also looks whether a link leads elsewhere now.
    return address


def resolve_and_count(code: str) -> str:
    """Where `code` leads, and count one opening. Raises UnknownCode."""
    address = resolve(code)
    pending_clicks.add(code)
    return address


def reset_process_state() -> None:
    """Know and hold nothing: in a child process, whose parent counts its own; in tests."""
    global destination_cache, pending_clicks, click_writer
    destination_cache, pending_clicks, click_writer = (
        DestinationCache(),
        PendingClicks(),
        ClickWriter(),
    )


os.register_at_fork(after_in_child=reset_process_state)
