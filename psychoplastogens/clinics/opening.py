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

from psychoplastogens.clinics.models import DailyCount, ShortLink
from psychoplastogens.delivery import database
from psychoplastogens.editorial.models import ContentVersion

SECONDS_BETWEEN_WRITES = 0.5
MOST_KEPT = 10_000
"""Links whose address is kept, of about 200 bytes each. The content has some 700 pages."""

log = logging.getLogger(__name__)


class UnknownCode(LookupError):
    """No short link has this code."""


class Kept(NamedTuple):
    address: str
    version: int | None


class Destinations:
    """Where the links lead that this process was asked for, each as of a content version."""

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}
        self._version: int | None = None
        self._lock = threading.Lock()

    def address_of(self, code: str) -> str:
        """The path that `code` leads to; '' where its record was deleted.

        Only the first opening of a link asks the database. Raises UnknownCode.
        """
        if kept := self._kept.get(code):
            return kept.address
        version = self._version
        found = ShortLink.objects.addresses([code])
        if code not in found:
            raise UnknownCode(code)
        self._keep(found, version)
        return found[code]

    def refresh(self) -> None:
        """Look up again what is kept of another version of the content than today's."""
        self._version = version = ContentVersion.objects.number_now()
        old = [code for code, kept in list(self._kept.items()) if kept.version != version]
        for start in range(0, len(old), 500):
            self._keep(ShortLink.objects.addresses(old[start : start + 500]), version)

    def _keep(self, found: dict[str, str], version: int | None) -> None:
        with self._lock:
            self._kept |= {code: Kept(address, version) for code, address in found.items()}
            while len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]


class Openings:
    """Openings that are not in the database yet: how many of which link on which day."""

    def __init__(self) -> None:
        self._held: Counter[tuple[str, date]] = Counter()
        self._lock = threading.Lock()

    def add(self, code: str) -> None:
        with self._lock:
            self._held[code, timezone.localdate()] += 1

    def held(self) -> int:
        return self._held.total()

    def write(self) -> None:
        """Write all that is held; what could not be written is held again."""
        with self._lock:
            taken, self._held = self._held, Counter()
        if not taken:
            return
        try:
            DailyCount.objects.add(taken)
        except BaseException:
            with self._lock:
                self._held.update(taken)
            raise


class Writer:
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
            pause.wait(SECONDS_BETWEEN_WRITES)
            self.step()
        self.step()  # What came between the last step and the end of the process.
        if openings.held():
            log.error("%s openings of short links could not be counted", openings.held())
        connections.close_all()

    def step(self) -> None:
        """Write and look once. A database that is away is told of once, and asked again later."""
        try:
            close_old_connections()
            database.follow_file()
            openings.write()
            destinations.refresh()
        except (DatabaseError, InterfaceError) as error:
            if not self._is_away:
                log.warning("Openings of short links wait for the database: %s", error)
            self._is_away = True
        else:
            if self._is_away:
                log.warning("The openings that waited are counted")
            self._is_away = False


destinations = Destinations()
openings = Openings()
writer = Writer()


def open_link(code: str) -> str:
    """Where `code` leads, and count one opening. Raises UnknownCode."""
    address = destinations.address_of(code)
    openings.add(code)
    writer.start()
    return address


def begin_anew() -> None:
    """Know and hold nothing: in a child process, whose parent counts its own; in tests."""
    global destinations, openings, writer
    destinations, openings, writer = Destinations(), Openings(), Writer()


os.register_at_fork(after_in_child=begin_anew)
