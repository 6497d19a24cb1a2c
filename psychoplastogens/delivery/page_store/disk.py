"""The last good copies of pages, in one SQLite file of the data folder.

The processes of a machine share them: what one has rendered, the others take from here. A copy is
found only under the version that is asked for. The version that this machine saw last stands beside
them, for a process that starts while the database is away; when another is seen, the copies of all
others lose theirs, so that no return of an old number brings them back.

Nothing here may harm a reader: where the disk is full or broken, copies are neither found nor kept.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sqlite3
import sys
import sysconfig
from collections.abc import Callable, Iterable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from psychoplastogens.delivery.page_store.requests import StoreKey
from psychoplastogens.delivery.page_store.responses import StoredResponse, build_forms

LOCK_WAIT_SECONDS = 0.5
MAX_LOG_BYTES = 4_194_304
SCHEMA = """
PRAGMA journal_mode=WAL;
CREATE TABLE IF NOT EXISTS copy (
    key TEXT PRIMARY KEY, version TEXT, release TEXT, stored_at REAL, size INTEGER,
    about TEXT, br BLOB, gzip BLOB, plain BLOB
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (depends_on TEXT PRIMARY KEY, version TEXT);
"""
BODIES = {"br": "br", "gzip": "gzip", "plain": ""}
"""The column of each coding."""

Result = TypeVar("Result")
log = logging.getLogger(__name__)


class CopyStore:
    """Copies in the file at `path`, of at most `max_bytes` together; the oldest go first."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        self.path, self.max_bytes = path, max_bytes
        self._has_failed = False
        self._prepared: tuple[int, int] | None = None

    def load(
        self, key: StoreKey, version: str, *, any_release: bool = False
    ) -> StoredResponse | None:
        """The copy of this version. `any_release` takes those of other code too.

        The files with hashed names that they use stay in place when new ones are collected.
        """
        condition = "version = ? AND (? OR release = ?)"
        return self._load_where(condition, key, version, any_release, compute_release())

    def load_former(self, key: StoreKey) -> StoredResponse | None:
        """The copy of any version and release: for its compressed bodies, never to be served."""
        return self._load_where("TRUE", key)

    def _load_where(self, condition: str, key: StoreKey, *values: object) -> StoredResponse | None:
        query = f"SELECT * FROM copy WHERE key = ? AND {condition}"

        def load(database: sqlite3.Connection) -> StoredResponse | None:
            row = database.execute(query, (encode_key(key), *values)).fetchone()
            return decode_row(row) if row else None

        return self._attempt(load, None)

    def load_seen_version(self, depends_on: tuple[str, ...]) -> str:
        """The version that this machine saw last; '' where it has seen none."""
        query = "SELECT version FROM seen WHERE depends_on = ?"

        def load(database: sqlite3.Connection) -> str:
            row = database.execute(query, [json.dumps(depends_on)]).fetchone()
            return row["version"] if row else ""

        return self._attempt(load, "")

    def save_seen_versions(self, tokens: dict[tuple[str, ...], str]) -> None:
        """Write down the versions seen now, and take theirs from the copies of all others.

        If that cannot be written, the file goes: its copies could be taken for the latest.
        """

        def save(database: sqlite3.Connection) -> bool:
            rows = [(json.dumps(kind), version) for kind, version in tokens.items()]
            database.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?)", rows)
            database.execute(
                "UPDATE copy SET version = NULL "
                "WHERE version NOT IN (SELECT value FROM json_each(?))",
                [json.dumps(list(tokens.values()))],
            )
            return True

        if not self._attempt(save, False):
            self.delete()

    def save(self, entries: Iterable[tuple[StoreKey, StoredResponse]]) -> None:

        def save(database: sqlite3.Connection) -> None:
            database.execute(f"PRAGMA journal_size_limit = {MAX_LOG_BYTES}")
            for key, entry in entries:
                row = encode_row(key, entry)
                marks = ", ".join("?" * len(row))
                database.execute(f"INSERT OR REPLACE INTO copy VALUES ({marks})", row)
            self._drop_oldest(database)

        self._attempt(save, None)

    def _drop_oldest(self, database: sqlite3.Connection) -> None:
        # Copies without a version first: they are never served again.
        order = "ORDER BY version IS NULL, stored_at DESC"
        database.execute(
            "DELETE FROM copy WHERE key IN (SELECT key FROM ("
            f"SELECT key, SUM(size) OVER ({order}) AS total FROM copy) WHERE total > ?)",
            [self.max_bytes],
        )

    def list_keys(self) -> list[StoreKey]:
        """The addresses that are kept, of any version."""

        def load(database: sqlite3.Connection) -> list[StoreKey]:
            return [decode_key(row["key"]) for row in database.execute("SELECT key FROM copy")]

        return self._attempt(load, [])

    def delete(self) -> None:
        for path in (self.path, *(Path(f"{self.path}{end}") for end in ("-wal", "-shm"))):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                log.error("Copies of pages could not be deleted: %s", type(error).__name__)

    def _attempt(self, work: Callable[[sqlite3.Connection], Result], otherwise: Result) -> Result:
        """The result of `work` in one transaction; `otherwise`, and one log line, where it fails.

        Each time with a connection of its own: another process may have replaced the file.
        """
        try:
            file = create_or_find(self.path)
            with closing(sqlite3.connect(self.path, timeout=LOCK_WAIT_SECONDS)) as database:
                database.row_factory = sqlite3.Row
                if file != self._prepared:
                    database.executescript(SCHEMA)
                    self._prepared = file
                with database:
                    result = work(database)
        except (sqlite3.Error, OSError, ValueError, KeyError) as error:
            if not self._has_failed:
                log.warning("Copies of pages cannot be used: %s", type(error).__name__)
            self._has_failed = True
            self._prepared = None  # A new file may have the number of one that was deleted.
            if isinstance(error, sqlite3.DatabaseError) and not isinstance(
                error, sqlite3.OperationalError
            ):
                self.delete()  # It is broken, and will not get better.
            return otherwise
        self._has_failed = False
        return result


def create_or_find(path: Path) -> tuple[int, int]:
    """(device, inode) of the file, which only its owner may read."""
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        found = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    return found.st_dev, found.st_ino


def encode_key(key: StoreKey) -> str:
    return json.dumps(key)


def decode_key(text: str) -> StoreKey:
    return StoreKey(*json.loads(text))


def encode_row(key: StoreKey, entry: StoredResponse) -> tuple:
    about = {
        "status": entry.status,
        "headers": entry.headers,
        "digest": entry.digest,
        "depends_on": entry.depends_on,
        "expires": entry.expires,
        "shelf": entry.shelf,
        "has_fast_forms": entry.has_fast_forms,
    }
    bodies = [entry.forms[c].body if c in entry.forms else None for c in BODIES.values()]
    version, size = entry.version or None, entry.size
    key_and_version = (encode_key(key), version, compute_release(), entry.stored_at, size)
    return (*key_and_version, json.dumps(about), *bodies)


def decode_row(row: sqlite3.Row) -> StoredResponse:
    about = json.loads(row["about"])
    bodies = {coding: row[column] for column, coding in BODIES.items() if row[column] is not None}
    headers = [(sys.intern(name), sys.intern(value)) for name, value in about["headers"]]
    is_fast = about.get("has_fast_forms", False)
    return StoredResponse(
        status=about["status"],
        headers=headers,
        forms=build_forms(headers, bodies, about["digest"], is_fast=is_fast),
        digest=about["digest"],
        version=row["version"],
        depends_on=tuple(about["depends_on"]),
        expires=about["expires"],
        stored_at=row["stored_at"],
        shelf=about["shelf"],
        has_fast_forms=is_fast,
    )


@cache
def compute_release() -> str:
    """A digest of what makes pages besides the content: code, templates, packages, settings."""
    digest = hashlib.sha256()
    folders = (settings.BASE_DIR / "psychoplastogens", settings.BASE_DIR / "templates")
    files = [path for folder in folders for path in folder.rglob("*.*") if path.suffix != ".pyc"]
    for path in sorted([*files, Path(settings.STATIC_ROOT) / "staticfiles.json"]):
        if path.is_file():
            found = path.stat()
            digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    packages = Path(sysconfig.get_path("purelib"))
    digest.update("\n".join(sorted(os.listdir(packages))).encode())
    shown = ("SITE_NAME", "SITE_FUNDING", "SITE_ORIGIN", "CRISIS_COUNTRY", "TIME_ZONE", "HTTPS")
    for name in shown:
        digest.update(f"{name}={getattr(settings, name)}\n".encode())
    return digest.hexdigest()[:32]
