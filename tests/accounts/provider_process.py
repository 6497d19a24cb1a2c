"""Starting the real provider of single sign-on."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.server_process import PROJECT_DIR, find_free_port

PROVIDER = "tests.accounts.oidc_provider"
CALLBACK = "/admin/single-sign-on/callback/"


@contextmanager
def run_provider(site: str) -> Iterator[str]:
    """Run a provider that sends people back to `site`. Yields its issuer."""
    port = find_free_port()
    own = {"DJANGO_SETTINGS_MODULE": f"{PROVIDER}.settings", "PROVIDER_PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, "-m", PROVIDER, site + CALLBACK],
        cwd=PROJECT_DIR, env=os.environ | own, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with process:
        assert process.stdout and process.stdout.readline() == "ready\n"
        try:
            yield f"http://localhost:{port}"
        finally:
            process.communicate()  # It ends when its input does.
