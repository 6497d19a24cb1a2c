"""What DATABASE_URL makes of DATABASES and CACHES, so that nothing waits for ever."""

from __future__ import annotations

from pathlib import Path
from typing import Any

POSTGRESQL_ENGINE = "psychoplastogens.delivery.postgresql"
CONNECT_TIMEOUT_SECONDS = 3
SERVER_TIMEOUTS_MS = {
    "statement_timeout": 5_000,
    "lock_timeout": 3_000,
    # A preview renders inside a transaction, and an import runs its checks inside one.
    "idle_in_transaction_session_timeout": 60_000,
}
"""PostgreSQL's settings of these names, in milliseconds; 0 is no limit."""
CACHE_BACKENDS = "django.core.cache.backends"
HANDOUT_TABLE = "handouts_cache"
"""Made by a migration of the app `handouts`."""
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 5,  # seconds to wait for another writer
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;"
        "PRAGMA journal_size_limit=27103364;PRAGMA cache_size=2000;"
        "PRAGMA temp_store=MEMORY;"
    ),
}


def build_database_settings(database: dict[str, Any]) -> dict[str, Any]:
    """An entry of DATABASES from what django-environ reads in a URL.

    What the URL's parameters say goes before the defaults here.
    """
    options = database.get("OPTIONS", {})
    if database["ENGINE"].endswith("sqlite3"):
        return {"CONN_MAX_AGE": None, **database, "OPTIONS": SQLITE_OPTIONS | options}
    return {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        **database,
        "ENGINE": POSTGRESQL_ENGINE,
        "OPTIONS": build_postgresql_options(options),
    }


def build_postgresql_options(options: dict[str, Any]) -> dict[str, Any]:
    """Parameters of the connection. libpq passes the server's settings on in `options`."""
    timeouts = {name: options.get(name, usual) for name, usual in SERVER_TIMEOUTS_MS.items()}
    others = {name: value for name, value in options.items() if name not in timeouts}
    for_server = [others.pop("options", ""), *(f"-c {k}={v}" for k, v in timeouts.items())]
    statement_seconds = int(timeouts["statement_timeout"]) / 1_000
    return {
        "connect_timeout": CONNECT_TIMEOUT_SECONDS,
        # A second more than the server allows itself, for servers that hang.
        "answer_timeout": statement_seconds + 1 if statement_seconds else None,
        **others,
        "options": " ".join(filter(None, for_server)),
    }


def build_handout_cache(database: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The entry of CACHES for handouts: PDFs by the hash of what they hold.

    SQLite means one machine: a folder. Otherwise the database, where all machines find them. A PDF
    of a page has some 200 KB, that of a long list 2 MB, none more than 4 MB (`pdf_rendering`). When
    there are too many, a quarter goes.
    """
    options = {"MAX_ENTRIES": 400, "CULL_FREQUENCY": 4}
    if database["ENGINE"].endswith("sqlite3"):
        place = {"BACKEND": f"{CACHE_BACKENDS}.filebased.FileBasedCache", "LOCATION": folder}
    else:
        place = {"BACKEND": f"{CACHE_BACKENDS}.db.DatabaseCache", "LOCATION": HANDOUT_TABLE}
    return place | {"OPTIONS": options}
