"""Run collectstatic only when the sources of static files changed, not at each start."""

from __future__ import annotations

import hashlib
from importlib import metadata
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

# Packages that ship static files or change the collected result.
STATIC_FILE_PACKAGES = ("django", "django-htmx", "whitenoise", "brotli", "rcssmin", "rjsmin")
STORAGE_SOURCE = Path(__file__).with_name("storage.py")


def is_collectstatic_due() -> bool:
    """Whether static files were never collected, or from other sources."""
    collected = (Path(settings.STATIC_ROOT) / "staticfiles.json").exists()
    return not (
        collected
        and get_digest_path().exists()
        and get_digest_path().read_text() == compute_sources_digest()
    )


def run_collectstatic() -> None:
    """Hash and compress the static files. Older files stay, for pages that are still cached."""
    digest = compute_sources_digest()
    call_command("collectstatic", interactive=False, verbosity=0)
    get_digest_path().write_text(digest)


def get_digest_path() -> Path:
    """The file with the digest of the last collected sources: beside STATIC_ROOT, never served."""
    root = Path(settings.STATIC_ROOT)
    return root.with_name(f"{root.name}.sha256")


def compute_sources_digest() -> str:
    """A SHA-256 digest of the static files, the storage class and STATIC_FILE_PACKAGES."""
    digest = hashlib.sha256(STORAGE_SOURCE.read_bytes())
    for name in STATIC_FILE_PACKAGES:
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    for folder in map(Path, settings.STATICFILES_DIRS):
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(f"{file.relative_to(folder)}\n".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
