"""What this machine needs before it can serve the site, and which command provides it.

`manage.py ready` runs the checks before the server starts, /readyz while it runs. An app adds its
own with `@readiness_check`: a function that returns what is missing as a sentence, or None.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.db import DatabaseError

from psychoplastogens.delivery import sqlite_file

log = logging.getLogger(__name__)
_checks: list[Callable[[], str | None]] = []


def readiness_check(missing: Callable[[], str | None]) -> Callable[[], str | None]:
    """Decorator: the site is not ready while this function returns a sentence."""
    _checks.append(missing)
    return missing


def find_missing_requirements() -> str | None:
    """All that is missing, with the commands that provide it; None if nothing is."""
    return "\n".join(filter(None, map(run_check, _checks))) or None


def run_check(missing: Callable[[], str | None]) -> str | None:
    try:
        return missing()
    except DatabaseError as error:
        log.warning(
            "The database cannot be read: %s", error
        )  # The message may name the host; do not show it.
        return "The database cannot be read. Where it is new: python3 manage.py migrate"


@readiness_check
def check_database_file() -> str | None:
    return (
        "The file of the database is not there." if sqlite_file.is_database_file_missing() else None
    )


@readiness_check
def check_static_files() -> str | None:
    """The static manifest must be loaded in this process and present on disk."""
    storage = staticfiles_storage
    if not isinstance(storage, ManifestFilesMixin):
        return None
    if storage.hashed_files and storage.read_manifest():
        return None
    return (
        "The static files of this machine are not collected. Run: "
        "python3 manage.py collectstatic --noinput, then start the server again"
    )
