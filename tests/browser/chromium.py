"""Finding Chromium, or installing Debian's where that may be done."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Recommended packages are left out, so a font is named: text without one has no true width.
INSTALL = ("apt-get", "install", "--yes", "--no-install-recommends", "chromium", "fonts-liberation")
# --no-sandbox: root cannot use the sandbox. The rest keeps it off the network and the GPU.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOW_TO_GET_ONE = (
    "The browser tests need Chromium, and none was found. Any one of these helps:\n"
    "    sudo apt install chromium\n"
    "    .venv/bin/playwright install chromium\n"
    "    CHROMIUM=/path/to/chrome python3 manage.py test"
)


class Missing(Exception):
    """There is no Chromium, and it cannot be installed from here. Says how to get one."""


def path(playwrights_own: str) -> str:
    """Where Chromium is; it is installed first where it is missing and root may do that."""
    return find(playwrights_own) or install(playwrights_own)


def find(playwrights_own: str) -> str | None:
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return chosen
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or (playwrights_own if Path(playwrights_own).exists() else None)


def install(playwrights_own: str) -> str:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Missing(HOW_TO_GET_ONE)
    written = ""
    for command in (("apt-get", "update"), INSTALL):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(command, env=quiet, capture_output=True, text=True)
        written = done.stderr[-500:] if done.returncode else written
    found = find(playwrights_own)
    if not found:
        raise Missing(f"{HOW_TO_GET_ONE}\nInstalling it failed:\n{written}")
    return found
