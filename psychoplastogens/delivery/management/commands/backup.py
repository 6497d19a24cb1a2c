"""`python3 manage.py backup FILE`: a copy of the database, while the site runs."""

from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError

from psychoplastogens.delivery import backups, sqlite_file


class Command(BaseCommand):
    help = (
        "Copy the database into FILE, or into a folder under a name with the time in it. SQLite is "
        "copied by its backup API, PostgreSQL by pg_dump. The site may run meanwhile."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("target", metavar="FILE", type=Path, help="A new file, or a folder.")
        parser.add_argument(
            "--keep", type=int, metavar="NUMBER", help="Keep the newest copies in the folder only."
        )

    def handle(self, *, target, keep, **options):
        if keep is not None and (keep < 1 or not target.is_dir()):
            raise CommandError("--keep needs a folder, and a number from 1.")
        sqlite_file.forbid_creating_database_file()
        try:
            made = backups.make_backup(target)
        except (backups.BackupError, DatabaseError) as error:
            raise CommandError(f"No backup was made. {error}") from error
        self.stdout.write(f"{made}: {made.stat().st_size:,} bytes")
        if keep:
            for old in backups.remove_old_backups(target, keep):
                self.stdout.write(f"Removed {old}")
        if (key := Path(settings.DATA_DIR) / "secret_key").exists():
            self.stdout.write(f"It does not hold {key}: keep a copy of that, too.")
