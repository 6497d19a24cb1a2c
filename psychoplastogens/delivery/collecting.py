"""Static files are hashed and compressed when their sources changed, not at each start."""

from __future__ import annotations

import hashlib
from importlib import metadata
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

# Their files are collected too, or they decide how the result looks.
PACKAGES = ("django", "django-htmx", "whitenoise", "brotli", "rcssmin")
STORAGE = Path(__file__).with_name("static.py")


def is_due() -> bool:
    """Whether the last collection is missing or was of other sources."""
    collected = (Path(settings.STATIC_ROOT) / "staticfiles.json").exists()
    return not (collected and record().exists() and record().read_text() == sources_digest())


def collect() -> None:
    """Hash and compress the static files. The older ones stay, for pages that are still cached."""
    digest = sources_digest()
    call_command("collectstatic", interactive=False, verbosity=0)
    record().write_text(digest)


def record() -> Path:
    """Where the digest of what was last collected is kept: beside the files, never served."""
    root = Path(settings.STATIC_ROOT)
    return root.with_name(f"{root.name}.sha256")


def sources_digest() -> str:
    """One digest over our static files, our storage, and the packages that ship or change any."""
    digest = hashlib.sha256(STORAGE.read_bytes())
    for name in PACKAGES:
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    for folder in map(Path, settings.STATICFILES_DIRS):
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(f"{file.relative_to(folder)}\n".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
