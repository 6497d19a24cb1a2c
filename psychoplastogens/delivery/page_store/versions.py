"""The content version, read by one thread of a process and never by a request.

Who knows the version (`psychoplastogens.editorial`) registers how it is read, and who keeps
something for each version registers what to do when it has changed.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from time import monotonic, time

from django.db import DatabaseError, InterfaceError, connection, connections

from psychoplastogens.delivery import sqlite_file

POLL_SECONDS = 0.25
"""A publication is seen by every process after this time at most. One poll is one query by key, of
some 0.1 ms on SQLite and 0.3 ms on PostgreSQL."""
AWAY_SECONDS = 2.0
"""Without a reading for so long, the database counts as away: a frozen one raises no error."""
UNKNOWN = ""

log = logging.getLogger(__name__)
Numbers = Mapping[str, int]
_readers: list[Callable[[], Numbers]] = []


def register_version_reader(read: Callable[[], Numbers]) -> Callable[[], Numbers]:
    """Register how the versions are read: a function that returns {name: number}."""
    _readers[:] = [read]
    return read


class VersionWatcher:
    """The versions as they were read last, and the thread that reads them.

    `tokens` maps what a response may depend on to the text of those versions. It is empty while
    nothing is known: before the first reading, and from a change in this process to the reading
    after it.
    """

    def __init__(self) -> None:
        self.tokens: dict[tuple[str, ...], str] = {}
        self.numbers: Numbers = {}
        self.read_at = 0.0
        self.read_time = 0.0
        self.has_read = False
        self.has_failed = False
        self._generation = 0
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self.on_change: Callable[[], None] = lambda: None

    @property
    def is_away(self) -> bool:
        """Whether the database is away: the last reading failed, or none has ended for long."""
        return self.has_failed or monotonic() - self.read_at > AWAY_SECONDS

    @property
    def is_running(self) -> bool:
        return bool(self._thread and self._thread.is_alive())

    @property
    def seconds_since_read(self) -> float:
        return monotonic() - self.read_at

    def get_numbers(self) -> Numbers:
        """The numbers as they were read last; none where no thread reads them."""
        return self.numbers if self.tokens and self.is_running else {}

    def get_token(self, depends_on: tuple[str, ...]) -> str:
        """The version of what depends on these; UNKNOWN where nothing is known."""
        return self.tokens.get(depends_on, UNKNOWN)

    def start(self) -> None:
        """Start the thread if it is not running: at the first request, so after any fork."""
        if self.is_running:
            return
        with self._lock:
            if not self.is_running:
                self.read_at = monotonic()
                self._thread = threading.Thread(target=self._run, name="versions", daemon=True)
                self._thread.start()

    def expect_change(self) -> None:
        """This process has changed the versions: nothing stored is served until they are read."""
        with self._lock:
            self._generation += 1
            self.tokens = {}
        self._wake.set()

    def _run(self) -> None:
        use_short_timeouts()
        while threading.main_thread().is_alive():
            self.read()
            self._wake.wait(POLL_SECONDS)
            self._wake.clear()

    def read(self) -> None:
        """Read once. A database that is away is logged once, and asked again later."""
        try:
            sqlite_file.close_replaced_connections()
            generation, numbers = self._generation, _readers[0]()
        except (DatabaseError, InterfaceError, OSError) as error:
            if not self.has_failed:
                log.warning("The content version cannot be read: %s", type(error).__name__)
            self.has_failed = True
            connections.close_all()
            return
        if self.has_failed:
            log.warning("The content version can be read again")
        self._set(generation, numbers)

    def _set(self, generation: int, numbers: Numbers) -> None:
        tokens = build_tokens(numbers, identify_database())
        with self._lock:
            if generation != self._generation:
                return  # Changed while it was read: `expect_change` has asked for another reading.
            has_changed = tokens != self.tokens
            self.numbers, self.tokens = numbers, tokens
            self.read_at, self.read_time = monotonic(), time()
            self.has_read, self.has_failed = True, False
        if has_changed:
            self.on_change()


def build_tokens(numbers: Numbers, database: str) -> dict[tuple[str, ...], str]:
    """{what a response depends on: the text of those versions}."""
    kinds: Iterable[tuple[str, ...]] = [(), *((name,) for name in numbers), tuple(numbers)]
    return {
        kind: " ".join((database, *(f"{name}={numbers[name]}" for name in kind))) for kind in kinds
    }


def identify_database() -> str:
    """A text that changes where another database takes the place of this one.

    Its numbers may be those of the one before, with other content.
    """
    if connection.vendor == "sqlite":
        _, identity = sqlite_file.get_opened_file(connection)
        return ".".join(map(str, identity or ()))
    return "{HOST}:{PORT}/{NAME}".format(**connection.settings_dict)


def use_short_timeouts() -> None:
    """Give this thread a connection to PostgreSQL that does not wait long for anything."""
    if connection.vendor != "postgresql":
        return
    own = connection.copy()
    own.settings_dict = {**own.settings_dict, "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": False}
    own.settings_dict["OPTIONS"] = {
        **own.settings_dict.get("OPTIONS", {}),
        "connect_timeout": 2,
        "tcp_user_timeout": 2_000,  # milliseconds
        "options": "-c statement_timeout=2000 -c lock_timeout=2000",
        "application_name": f"understory versions {os.getpid()}",
    }
    connections["default"] = own


watcher = VersionWatcher()
