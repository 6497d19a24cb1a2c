"""What `manage.py check --deploy` says is missing for production, each with the way out.

Other apps add their own, `accounts/deployment_checks.py` for one. An operator who has decided
otherwise lists the id in SILENCED_SYSTEM_CHECKS.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import DatabaseError, connection
from django.http.request import validate_host

from psychoplastogens.delivery.backups import get_stamp_path
from psychoplastogens.delivery.mail import is_mail_set_up

LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "::1", ""}
MAX_BACKUP_AGE_DAYS = 2
MIN_TOKEN_LENGTH = 32
OTHERS_MAY_READ = 0o077
DAY_SECONDS = 24 * 3600


def deployment_check(find: Callable[[], Iterator[CheckMessage]]):
    """Decorator: `check --deploy` reports what this generator finds.

    Without a database it finds nothing; find_missing_database says why.
    """

    @register("deployment", deploy=True)
    def check(app_configs, **kwargs):
        try:
            return list(find())
        except DatabaseError:
            return []

    return find


@deployment_check
def find_missing_database():
    try:
        connection.ensure_connection()
        is_prepared = bool(connection.introspection.table_names())
    except DatabaseError:
        is_prepared = False
    if not is_prepared:
        yield Error(
            "The database cannot be read, or is empty.",
            hint="Set DATABASE_URL, then run: python3 manage.py migrate",
            id="understory.E100",
        )


@deployment_check
def find_debug_mode():
    if settings.DEBUG:
        yield Error(
            "DEBUG is on: error pages show settings and what people typed.",
            hint="Take DEBUG out of the environment.",
            id="understory.E101",
        )


@deployment_check
def find_missing_hosts():
    host = urlsplit(settings.SITE_ORIGIN).hostname or ""
    if "*" in settings.ALLOWED_HOSTS:
        yield Error(
            "The site answers under any host name.",
            hint=f"Name its hosts: ALLOWED_HOSTS={host}",
            id="understory.E102",
        )
    if host in LOCAL_HOSTS:
        yield Error(
            "Addresses in feeds, handouts and mails lead to this machine only.",
            hint="Set the public address: SITE_ORIGIN=https://learn.example.org",
            id="understory.E103",
        )
    elif not validate_host(host, settings.ALLOWED_HOSTS):
        yield Error(
            f"The site does not answer under the name of SITE_ORIGIN, {host}.",
            hint=f"Add it: ALLOWED_HOSTS={host}",
            id="understory.E104",
        )


@deployment_check
def find_missing_https():
    if not settings.HTTPS:
        yield Error(
            "HTTPS is off: passwords and cookies of staff can be read on their way.",
            hint="Put a proxy that speaks TLS in front, then set HTTPS=on and BEHIND_PROXY=on.",
            id="understory.E105",
        )
    elif not settings.BEHIND_PROXY:
        yield Error(
            "HTTPS is on without BEHIND_PROXY: every request is redirected to itself for ever.",
            hint="The server speaks plain HTTP to a proxy. Set BEHIND_PROXY=on.",
            id="understory.E106",
        )
    if settings.HTTPS and not settings.SITE_ORIGIN.startswith("https://"):
        yield Warning(
            "SITE_ORIGIN does not begin with https://.",
            hint=f"Set SITE_ORIGIN=https://{urlsplit(settings.SITE_ORIGIN).netloc}",
            id="understory.W107",
        )


@deployment_check
def find_missing_mail_server():
    if not is_mail_set_up():
        yield Warning(
            "No mail is sent: no review links to clinicians, no notices to clinic editors.",
            hint="Set EMAIL_URL=smtp+tls://user:password@host:587 and MAIL_FROM.",
            id="understory.W108",
        )


@deployment_check
def find_unnamed_funder():
    if not settings.SITE_FUNDING:
        yield Warning(
            "Readers are not told who pays for this site.",
            hint="Set SITE_FUNDING='Example Clinic pays for this site.'",
            id="understory.W115",
        )


@deployment_check
def find_uncollected_static_files():
    if not isinstance(staticfiles_storage, ManifestFilesMixin):
        return
    hint = "Run on each machine: python3 manage.py collectstatic --noinput"
    manifest = Path(settings.STATIC_ROOT) / staticfiles_storage.manifest_name
    if not manifest.exists():
        yield Error(
            "The static files of this machine are not collected: no page can be shown.",
            hint=hint,
            id="understory.E109",
        )
    elif manifest.stat().st_mtime < get_newest_static_file_time():
        yield Warning(
            "Static files have changed since they were collected.", hint=hint, id="understory.W110"
        )


def get_newest_static_file_time() -> float:
    """When the newest source of a static file was changed, in seconds since 1970."""
    sources = (pair for finder in get_finders() for pair in finder.list(None))
    return max(Path(storage.path(name)).stat().st_mtime for name, storage in sources)


@deployment_check
def find_readable_data():
    """Files of the data folder that other accounts of this machine may read."""
    folder = Path(settings.DATA_DIR)
    if not folder.stat().st_mode & OTHERS_MAY_READ:
        return
    secret = [folder / "secret_key", *folder.glob("db.sqlite3*")]
    if any(path.exists() and path.stat().st_mode & OTHERS_MAY_READ for path in secret):
        yield Error(
            "Other accounts of this machine may read the database or the secret key.",
            hint=f"Run: chmod -R go= {folder}",
            id="understory.E111",
        )
    else:
        yield Warning(
            "Other accounts of this machine may look into the data folder.",
            hint=f"Run: chmod -R go= {folder}",
            id="understory.W112",
        )


@deployment_check
def find_missing_backup():
    stamp = get_stamp_path()
    days = (time.time() - stamp.stat().st_mtime) / DAY_SECONDS if stamp.exists() else None
    if days is None or days > MAX_BACKUP_AGE_DAYS:
        yield Warning(
            "No backup was made from here."
            if days is None
            else f"The last backup was made {days:.0f} days ago.",
            hint="Run daily: python3 manage.py backup FOLDER --keep 14",
            id="understory.W113",
        )


@deployment_check
def find_short_metrics_token():
    if 0 < len(settings.METRICS_TOKEN) < MIN_TOKEN_LENGTH:
        yield Warning(
            f"METRICS_TOKEN has fewer than {MIN_TOKEN_LENGTH} characters: it can be guessed.",
            hint="Make one: python3 -c 'import secrets; print(secrets.token_urlsafe())'",
            id="understory.W114",
        )
