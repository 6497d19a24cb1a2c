"""The file of an SQLite database, while a server has it open: it may be missing, or be replaced.

SQLite makes a file that is not there, and keeps to the one that it opened when another takes its
place. In a server the first would be a site without content, and the second would lose what staff
save. PostgreSQL has no such file, and nothing here touches it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, unquote, urlsplit

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

SQLITE = "django.db.backends.sqlite3"
READS = ("GET", "HEAD", "OPTIONS")

log = logging.getLogger(__name__)


def open_existing_file_only() -> None:
    """From now on a file that is missing is an error in this process, and is not made."""
    for database in connections.settings.values():
        if path := path_of(database):
            database["NAME"] = f"file:{quote(path)}?mode=rw"


def path_of(database: dict) -> str | None:
    """The file of a database in the settings; None for one in memory, and for PostgreSQL."""
    name = str(database["NAME"])
    if database["ENGINE"] != SQLITE or ":memory:" in name or "mode=memory" in name:
        return None
    return unquote(urlsplit(name).path) if name.startswith("file:") else os.path.abspath(name)


def missing_file() -> bool:
    """Whether a file that should be there is not."""
    paths = filter(None, map(path_of, connections.settings.values()))
    return any(identity(path) is None for path in paths)


def remember_file(connection: BaseDatabaseWrapper, **signal) -> None:
    """A receiver of connection_created: keep which file was opened."""
    if connection.vendor == "sqlite":
        path = connection.connection.execute("PRAGMA database_list").fetchone()[2]
        connection.opened_file = path, identity(path)


def identity(path: str) -> tuple[int, int] | None:
    """What tells a file from another of the same name; None where there is none (or no name)."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def follow_file(writes: bool = True) -> None:
    """Leave a file that was replaced, so that the next query opens the new one.

    A file that is gone is still read, for readers' sake; what `writes` must not, for that is lost.
    """
    for one in opened():
        path, was = one.opened_file
        now = identity(path)
        if now == was or one.in_atomic_block or (now is None and not writes):
            continue
        log.warning("The file of the database was %s", "replaced" if now else "removed")
        one.close()


def follow_file_at_request(environ=None, **signal) -> None:
    """A receiver of request_started."""
    follow_file(writes=(environ or {}).get("REQUEST_METHOD", "GET") not in READS)


@contextmanager
def giving_up_after(milliseconds: int) -> Iterator[None]:
    """Within this a query does not wait as long as usual for who is writing (SQLite alone)."""
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


def opened() -> list[BaseDatabaseWrapper]:
    """This thread's connections to files."""
    return [
        one
        for one in connections.all(initialized_only=True)
        if one.connection is not None and getattr(one, "opened_file", ("",))[0]
    ]
