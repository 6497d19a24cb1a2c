"""`python3 manage.py ready`: whether the server can start, and what is missing if not."""

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from psychoplastogens.delivery import readiness, sqlite_file


class Command(BaseCommand):
    help = "Say what is missing before this machine can serve the site. Changes nothing."
    requires_system_checks = []

    def handle(self, **options):
        sqlite_file.forbid_creating_database_file()
        if missing := find_missing_migrations() or readiness.find_missing_requirements():
            raise CommandError(missing)
        connection.close()
        self.stdout.write("ready")


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
