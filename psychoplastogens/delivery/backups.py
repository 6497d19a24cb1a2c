"""Copies of the database of a running site.

A plain copy of SQLite's file lacks what is still in its write-ahead log, and may be torn.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

SUFFIXES = {"sqlite": ".sqlite3", "postgresql": ".pgdump"}
NAME_PREFIX = "understory-"


class BackupError(Exception):
    """No backup was made. The message says why."""


def make_backup(target: Path) -> Path:
    """Copy the database to the file `target`, or into it if it is a folder, and return the copy.

    A copy has its name only once it is complete. Raises BackupError.
    """
    path = target / build_backup_name() if target.is_dir() else target
    if path.exists():
        raise BackupError(f"{path} exists already. Choose another name.")
    if not path.parent.is_dir():
        raise BackupError(f"There is no folder {path.parent}.")
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        copy = copy_sqlite if connection.vendor == "sqlite" else dump_postgresql
        copy(unfinished)
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    get_stamp_path().touch()
    return path


def copy_sqlite(path: Path) -> None:
    """Copy the SQLite database by its backup API, which sees everything committed so far."""
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # One file, without a log beside it.
        if (found := copy.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
            raise BackupError(f"The copy is damaged, so the database may be, too: {found}")


def dump_postgresql(path: Path) -> None:
    """Have pg_dump write its custom format, for pg_restore."""
    database = connection.settings_dict
    (_, *arguments), environment = connection.client.settings_to_cmd_args_env(database, [])
    command = ["pg_dump", "--format=custom", "--no-owner", f"--file={path}", *arguments]
    try:
        done = subprocess.run(
            command, env={**os.environ, **(environment or {})}, stderr=subprocess.PIPE, text=True
        )
    except FileNotFoundError:
        raise BackupError("pg_dump is missing. Install PostgreSQL's client programs.") from None
    if done.returncode:
        raise BackupError(f"pg_dump failed: {done.stderr.strip()}")


def remove_old_backups(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` copies that make_backup named in `folder`."""
    copies = sorted(folder.glob(f"{NAME_PREFIX}*{SUFFIXES[connection.vendor]}"))
    for old in copies[:-keep]:
        old.unlink()
    return copies[:-keep]


def build_backup_name() -> str:
    return f"{NAME_PREFIX}{timezone.now():%Y-%m-%dT%H%M%S.%fZ}{SUFFIXES[connection.vendor]}"


def get_stamp_path() -> Path:
    """The file whose time is that of the last backup."""
    return Path(settings.DATA_DIR) / "last_backup"
