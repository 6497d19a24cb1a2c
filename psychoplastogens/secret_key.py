"""The generated SECRET_KEY of this machine. Standard library only: settings are not loaded yet."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def load_or_create_secret_key(folder: Path) -> str:
    """The key stored in `folder`; created at first use, readable by its owner only."""
    path = folder / "secret_key"
    try:
        return path.read_text()
    except FileNotFoundError:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = secrets.token_urlsafe(50)
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key)
    except FileExistsError:
        return path.read_text()
    except OSError:
        path.unlink(missing_ok=True)  # A full disk must not leave an empty key behind.
        raise
    return key
