"""`python3 manage.py ready`: whether the server can start, and what is missing if not."""

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from psychoplastogens.delivery import readiness, sqlite_file
from psychoplastogens.delivery.page_store import store as page_store


class Command(BaseCommand):
    help = "Say what is missing before this machine can serve the site. Changes nothing."
    requires_system_checks = []

    def handle(self, **options):
        sqlite_file.forbid_creating_database_file()
        if is_database_away() and page_store.has_copies():
            missing = readiness.check_static_files()
            self.stderr.write(
                "The database cannot be read. Until it can, readers get the last good copies of "
                "pages, and nobody can edit."
            )
        else:
            missing = find_missing_migrations() or readiness.find_missing_requirements()
        if missing:
            raise CommandError(missing)
        connection.close()
        self.stdout.write("ready")


def is_database_away() -> bool:
    """Whether its file is gone, or its server cannot be reached."""
    if sqlite_file.is_database_file_missing():
        return True
    try:
        connection.ensure_connection()
    except DatabaseError:
        return True
    return False


def find_missing_migrations() -> str | None:
    try:
        due = has_unapplied_migrations()
    except DatabaseError:
        return None  # readiness.obstacle() says what is the matter
    return "The database is not prepared. Run: python3 manage.py migrate" if due else None


def has_unapplied_migrations() -> bool:
    """Whether the database lacks a migration."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
