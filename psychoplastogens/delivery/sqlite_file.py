"""Notice that the file of the SQLite database is missing or was replaced under a running server.

SQLite creates a missing file and keeps using a file that was replaced. In a server the first means
a site without content, the second that staff lose what they save. PostgreSQL is not affected.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

SQLITE_ENGINE = "django.db.backends.sqlite3"
FileIdentity = tuple[int, int]
"""Device and inode."""
READ_METHODS = ("GET", "HEAD", "OPTIONS")

log = logging.getLogger(__name__)


def forbid_creating_database_file() -> None:
    """From now on a missing database file is an error in this process; it is not created."""
    for database in connections.settings.values():
        if path := get_database_path(database):
            database["NAME"] = f"file:{quote(path)}?mode=rw"


def get_database_path(database: dict) -> str | None:
    """The file of a database in the settings; None for one in memory, and for PostgreSQL."""
    name = str(database["NAME"])
    if database["ENGINE"] != SQLITE_ENGINE or ":memory:" in name or "mode=memory" in name:
        return None
    return unquote(urlsplit(name).path) if name.startswith("file:") else os.path.abspath(name)


def is_database_file_missing() -> bool:
    """Whether the file of any database is missing."""
    paths = filter(None, map(get_database_path, connections.settings.values()))
    return any(get_file_identity(path) is None for path in paths)


def store_opened_file(connection: Any, **signal) -> None:
    """Receiver of connection_created: remember which file was opened."""
    if connection.vendor == "sqlite":
        path = connection.connection.execute("PRAGMA database_list").fetchone()[2]
        connection.opened_file = path, get_file_identity(path)


def get_opened_file(connection: BaseDatabaseWrapper) -> tuple[str, FileIdentity | None]:
    """The path and the identity of the file that was opened; '' and None for no file."""
    return getattr(connection, "opened_file", ("", None))


def get_file_identity(path: str) -> FileIdentity | None:
    """That of the file at `path`; None if there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def close_replaced_connections(writes: bool = True) -> None:
    """Close connections to a replaced file, so that the next query opens the new one.

    A removed file can still be read; a request that `writes` must not, as its data would be lost.
    """
    for one in get_open_file_connections():
        path, was = get_opened_file(one)
        now = get_file_identity(path)
        if now == was or one.in_atomic_block or (now is None and not writes):
            continue
        log.warning("The file of the database was %s", "replaced" if now else "removed")
        one.close()


def close_replaced_connections_on_request(environ=None, **signal) -> None:
    """Receiver of request_started."""
    close_replaced_connections(
        writes=(environ or {}).get("REQUEST_METHOD", "GET") not in READ_METHODS
    )


@contextmanager
def limited_lock_wait(milliseconds: int) -> Iterator[None]:
    """Context manager: queries wait at most `milliseconds` for another writer (SQLite only)."""
    if connection.vendor != "sqlite":
        yield
        return
    usual = int(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1_000)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {int(milliseconds)}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")


def get_open_file_connections() -> list[BaseDatabaseWrapper]:
    """This thread's connections to files."""
    return [
        one
        for one in connections.all(initialized_only=True)
        if one.connection is not None and get_opened_file(one)[0]
    ]
