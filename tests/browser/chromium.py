"""Finding Chromium, or installing Debian's where that may be done."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests import database_cache

# Chromium without its windows: the same engine, and a page opens in half the time.
HEADLESS = "chromium-headless-shell"
NAMES = (HEADLESS, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Recommended packages are left out, so a font is named: text without one has no true width.
INSTALL = ("apt-get", "install", "--yes", "--no-install-recommends", HEADLESS, "fonts-liberation")
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
    """Where Chromium is. The headless one is installed where it is missing and root may do that."""
    error = install() if must_install() else ""
    if found := find(playwrights_own):
        return found
    raise Missing(f"{HOW_TO_GET_ONE}\nInstalling it failed:\n{error}" if error else HOW_TO_GET_ONE)


def find(playwrights_own: str) -> str | None:
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return chosen
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or (playwrights_own if Path(playwrights_own).exists() else None)


def must_install() -> bool:
    """Whether the headless one is missing, may be installed, and none is chosen instead."""
    missing = not (os.environ.get("CHROMIUM") or shutil.which(HEADLESS))
    return missing and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install() -> str:
    """Install it, and return what went wrong: an empty text if nothing did."""
    error = ""
    with database_cache.lock("chromium"):
        if shutil.which(HEADLESS):
            return ""
        for command in (("apt-get", "update"), INSTALL):
            quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            done = subprocess.run(command, env=quiet, capture_output=True, text=True)
            error = done.stderr[-500:] if done.returncode else error
    return error
