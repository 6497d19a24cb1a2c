"""What has to be there before this machine can answer readers, and which command makes it.

Asked by `manage.py ready` before the server starts, and by /readyz while it runs. Each room adds
what it needs: a function that gives a sentence where something is missing, else None, registered
with `needs`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.db import DatabaseError

from psychoplastogens.delivery import database

log = logging.getLogger(__name__)
_needs: list[Callable[[], str | None]] = []


def needs(missing: Callable[[], str | None]) -> Callable[[], str | None]:
    """Decorator: the site cannot be served while this function gives a sentence."""
    _needs.append(missing)
    return missing


def obstacle() -> str | None:
    """What is missing, with the command that makes each thing; None where all is there."""
    return "\n".join(filter(None, map(asked, _needs))) or None


def asked(missing: Callable[[], str | None]) -> str | None:
    try:
        return missing()
    except DatabaseError as error:
        log.warning("The database cannot be read: %s", error)  # Its words may name the machine.
        return "The database cannot be read. Where it is new: python3 manage.py migrate"


@needs
def database_file() -> str | None:
    return "The file of the database is not there." if database.missing_file() else None


@needs
def static_files() -> str | None:
    """The list of hashed names, as this process read it when it started and as it is on disk."""
    storage = staticfiles_storage
    if not isinstance(storage, ManifestFilesMixin):
        return None
    if storage.hashed_files and storage.read_manifest():
        return None
    return (
        "The static files of this machine are not collected. Run: "
        "python3 manage.py collectstatic --noinput, then start the server again"
    )
