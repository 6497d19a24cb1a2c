"""`python3 manage.py ready`: whether the server may start, and what is missing if not."""

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from psychoplastogens.delivery import database, readiness


class Command(BaseCommand):
    help = "Say what is missing before this machine can serve the site. Changes nothing."
    requires_system_checks = []

    def handle(self, **options):
        database.open_existing_file_only()
        if missing := migrations_missing() or readiness.obstacle():
            raise CommandError(missing)
        connection.close()
        self.stdout.write("ready")


def migrations_missing() -> str | None:
    try:
        due = are_due()
    except DatabaseError:
        return None  # readiness.obstacle() says what is the matter
    return "The database is not prepared. Run: python3 manage.py migrate" if due else None


def are_due() -> bool:
    """Whether the database lacks a migration."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
