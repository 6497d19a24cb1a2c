"""`python3 manage.py serve`: everything that a first start needs, then the production server."""

import os
import sys
from importlib import import_module

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import DatabaseError, connection

from psychoplastogens.delivery import bind, collectstatic
from psychoplastogens.delivery.management.commands import ready

SERVER_MODULE = "psychoplastogens.delivery.server"


class Command(BaseCommand):
    help = "Prepare the database, the content and the static files, and serve the site."
    requires_system_checks = []

    def add_arguments(self, parser):
        bind.add_bind_arguments(parser)

    def handle(self, *, host, port, **options):
        obstacle = bind.find_bind_error(host, port)
        if obstacle:
            raise CommandError(obstacle)
        try:
            self.prepare()
        except DatabaseError as error:
            if "disk is full" in str(error):
                raise
            raise CommandError(f"The database cannot be used: {error}") from error
        import_project()
        self.print_line(f"Serving on {bind.get_browser_url(host, port)} (Ctrl-C ends it)")
        exec_server(host, port)

    def prepare(self):
        if ready.has_unapplied_migrations():
            self.print_line("Preparing the database")
            call_command("migrate", interactive=False, verbosity=0)
        call_command("load_content", stdout=self.stdout)
        call_command("make_accounts", stdout=self.stdout)
        if collectstatic.is_collectstatic_due():
            self.print_line("Hashing and compressing the static files, once (some seconds)")
            collectstatic.run_collectstatic()
        connection.close()

    def print_line(self, line):
        self.stdout.write(line)
        self.stdout.flush()


def import_project():
    """Fail here, once, on an error in the code: otherwise every worker of the server repeats it."""
    import_module(settings.WSGI_APPLICATION.rpartition(".")[0])
    import_module(settings.ROOT_URLCONF)


def exec_server(host, port):
    """Replace this process, so that Ctrl-C and a service manager's signals reach the server."""
    os.environ["DEBUG"] = "False"
    os.environ.setdefault("SITE_ORIGIN", bind.get_browser_url(host, port).rstrip("/"))
    os.environ["ALLOWED_HOSTS"] = ",".join([*settings.ALLOWED_HOSTS, *bind.get_host_names(host)])
    os.environ["PYTHONPATH"] = str(settings.BASE_DIR)  # manage.py may be started from anywhere
    sys.stdout.flush()
    command = [
        sys.executable,
        "-m",
        SERVER_MODULE,
        f"--host={host}",
        f"--port={port}",
        "--prepared",
    ]
    os.execv(sys.executable, command)
