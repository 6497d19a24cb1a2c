"""A site without content, in a database of its own: for benches that fill it themselves."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import django


@contextmanager
def start_empty_site() -> Iterator[None]:
    """Set up Django with an empty database, which is deleted in the end."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["UNDERSTORY_DATA"] = folder
        django.setup()
        from django.core.management import call_command
        from django.test.utils import setup_test_environment

        setup_test_environment()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        yield
