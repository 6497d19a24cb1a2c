"""`python3 manage.py serve`: everything that a first start needs, then the production server."""

import os
import sys
from importlib import import_module

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import DatabaseError, connection

from psychoplastogens.delivery import collecting, listening
from psychoplastogens.delivery.management.commands import ready

SERVER = "psychoplastogens.delivery.server"


class Command(BaseCommand):
    help = "Prepare the database, the content and the static files, and serve the site."
    requires_system_checks = []

    def add_arguments(self, parser):
        listening.add_arguments(parser)

    def handle(self, *, host, port, **options):
        obstacle = listening.obstacle(host, port)
        if obstacle:
            raise CommandError(obstacle)
        try:
            self.prepare()
        except DatabaseError as error:
            if "disk is full" in str(error):
                raise
            raise CommandError(f"The database cannot be used: {error}") from error
        import_everything()
        self.say(f"Serving on {listening.address(host, port)} (Ctrl-C ends it)")
        become_server(host, port)

    def prepare(self):
        if ready.are_due():
            self.say("Preparing the database")
            call_command("migrate", interactive=False, verbosity=0)
        call_command("load_content", stdout=self.stdout)
        call_command("make_accounts", stdout=self.stdout)
        if collecting.is_due():
            self.say("Hashing and compressing the static files, once (some seconds)")
            collecting.collect()
        connection.close()

    def say(self, line):
        self.stdout.write(line)
        self.stdout.flush()


def import_everything():
    """Meet a mistake in the code here, once: each worker of the server would repeat it."""
    import_module(settings.WSGI_APPLICATION.rpartition(".")[0])
    import_module(settings.ROOT_URLCONF)


def become_server(host, port):
    """Replace this process, so that Ctrl-C and a service manager's signals reach the server."""
    os.environ["DEBUG"] = "False"
    os.environ.setdefault("SITE_ORIGIN", listening.address(host, port).rstrip("/"))
    os.environ["ALLOWED_HOSTS"] = ",".join([*settings.ALLOWED_HOSTS, *listening.names(host)])
    os.environ["PYTHONPATH"] = str(settings.BASE_DIR)  # manage.py may be started from anywhere
    sys.stdout.flush()
    command = [sys.executable, "-m", SERVER, f"--host={host}", f"--port={port}", "--prepared"]
    os.execv(sys.executable, command)
