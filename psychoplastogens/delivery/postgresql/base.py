"""Django's PostgreSQL backend, with an end to every wait.

The server's own timeouts are kept by the server: when its processes hang or its machine is gone,
nobody keeps them. So the client gives up by itself. And while the server is away, one thread of a
process at a time tries to reach it; the others fail at once and remain free for what needs no
database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from types import SimpleNamespace

import psycopg
from django.db.backends.postgresql import base

HEALTH_CHECK_SECONDS = 2
"""A connection that was used before and does not answer in this time is replaced."""


class Availability:
    """Whether the server answered last, as far as this process knows."""

    def __init__(self) -> None:
        self.is_away = False
        self._attempt_lock = Lock()

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Connect in this block. Raises OperationalError where another thread tries already."""
        alone = self.is_away
        if alone and not self._attempt_lock.acquire(blocking=False):
            raise psycopg.OperationalError("The database is away.")
        try:
            yield
            self.is_away = False
        except psycopg.OperationalError:
            self.is_away = True
            raise
        finally:
            if alone:
                self._attempt_lock.release()


availability = Availability()


class Connection(psycopg.Connection):
    """A connection that is closed when an answer takes more than `answer_timeout` seconds."""

    answer_timeout: float | None = None

    def wait(self, gen, interval=0.1, timeout=None):
        try:
            return super().wait(gen, interval, timeout or self.answer_timeout)
        except psycopg.errors._WaitTimeout as error:
            availability.is_away = True
            self.close()  # The next query must not get the answer to this one.
            raise psycopg.OperationalError("The database does not answer.") from error


class DatabaseWrapper(base.DatabaseWrapper):
    Database = SimpleNamespace(**vars(psycopg) | {"connect": Connection.connect})

    def get_new_connection(self, conn_params):
        answer_timeout = conn_params.pop("answer_timeout", None)
        with availability.attempt():
            connection = super().get_new_connection(conn_params)
        connection.answer_timeout = answer_timeout
        return connection

    def is_usable(self):
        connection = self.connection
        if connection is None:
            return False
        usual, connection.answer_timeout = connection.answer_timeout, HEALTH_CHECK_SECONDS
        try:
            return super().is_usable()
        finally:
            connection.answer_timeout = usual
