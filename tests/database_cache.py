"""The test database on SQLite: made once, kept in .pytest_cache and copied in milliseconds.

A copy belongs to the code and the content that it was made from: a change to either makes it
anew. On PostgreSQL nothing is kept: each run makes its own.
"""

import fcntl
import hashlib
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection

CACHE_DIR = settings.BASE_DIR / ".pytest_cache" / "databases"
LONGEST_RUN_SECONDS = 2 * 3600
IN_MEMORY = "file:memorydb_default?mode=memory&cache=shared"  # as Django names it


@contextmanager
def connect_to_memory() -> Iterator[sqlite3.Connection]:
    """A connection to the test database, which lasts as long as one is open."""
    with closing(sqlite3.connect(IN_MEMORY, uri=True)) as memory:
        yield memory


@contextmanager
def lock(name: str) -> Iterator[None]:
    """One process at a time, of all that run tests here, makes what is kept under this name."""
    CACHE_DIR.mkdir(parents=True, exist_ok=True)
    with (CACHE_DIR / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def is_saved(name: str) -> bool:
    """Whether there is a copy of this name."""
    return connection.vendor == "sqlite" and _file(name).exists()


def save(name: str) -> None:
    """Keep the test database as it is now, in place of copies that other code made."""
    if connection.vendor != "sqlite":
        return
    CACHE_DIR.mkdir(parents=True, exist_ok=True)
    for older in CACHE_DIR.glob(f"{name}-*.sqlite3"):
        # A run that began before the code changed still copies its own.
        if older.stat().st_mtime < time.time() - LONGEST_RUN_SECONDS:
            older.unlink(missing_ok=True)
    connection.ensure_connection()
    unfinished = _file(name).with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(unfinished)) as copy:
        connection.connection.backup(copy)
    unfinished.replace(_file(name))  # no other process sees half a copy


def restore(name: str, to: sqlite3.Connection) -> None:
    """Overwrite a database with the copy of this name."""
    # Read only: where there is none, sqlite3 would make an empty one.
    with closing(sqlite3.connect(f"{_file(name).as_uri()}?mode=ro", uri=True)) as kept:
        kept.backup(to)


def restore_connected(name: str) -> None:
    """Overwrite the test database, through Django's connection.

    That of a thread in which Playwright's event loop runs is another, and may not be open yet.
    """
    connection.ensure_connection()
    restore(name, connection.connection)


def _file(name: str) -> Path:
    return CACHE_DIR / f"{name}-{compute_files_digest()}.sqlite3"


@cache
def compute_files_digest(*folders: Path) -> str:
    """The code and content that decide what is in the database, as 16 hexadecimal digits.

    With `folders`, of all files in them too.
    """
    top = settings.BASE_DIR
    package, fixtures = top / "psychoplastogens", settings.FIXTURES
    files = [*package.rglob("*.py"), *fixtures.rglob("*.yaml"), top / "requirements.txt"]
    files += [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    digest = hashlib.sha256(sqlite3.sqlite_version.encode())
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
