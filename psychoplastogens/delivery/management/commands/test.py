"""`python3 manage.py test`: the suite through pytest, which gets all further arguments.

Without arguments it is the whole suite, several files of tests at a time.
"""

import os
import sys

from django.conf import settings
from django.core.management import BaseCommand

# The suite sets these itself where it needs them; a developer's own must not change its result.
IGNORED_ENVIRONMENT = (
    "DEBUG",
    "HTTPS",
    "BEHIND_PROXY",
    "ALLOWED_HOSTS",
    "SITE_ORIGIN",
    "SITE_NAME",
    "SITE_FUNDING",
    "PYTHONDONTWRITEBYTECODE",  # Each of its many processes would compile every file again.
)

# Tests wait for browsers and servers: one process more than cores has work meanwhile.
WHOLE_SUITE = (f"--numprocesses={(os.cpu_count() or 1) + 1}", "--dist=loadfile")


class Command(BaseCommand):
    help = "Run the test suite. All arguments go to pytest: python3 manage.py test -k search"

    def run_from_argv(self, argv):
        """Django would refuse pytest's options, so they are not parsed here."""
        self.handle(arguments=argv[2:])

    def handle(self, *, arguments=(), **options):
        for name in IGNORED_ENVIRONMENT:
            os.environ.pop(name, None)
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, [sys.executable, "-m", "pytest", *(arguments or WHOLE_SUITE)])
