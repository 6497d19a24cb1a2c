"""Has handouts printed: in a short process of its own, a few at a time, and each only once."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import subprocess
import sys
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from django.core.cache import caches

from psychoplastogens.clinics import paper

AT_ONCE = 2
"""Handouts printed at the same time by one server process: half of its threads."""
SECONDS = 30
"""Of time on the wall, on a busy machine too. Then the process is ended."""
KEPT_FOR = 90 * 24 * 3600
LARGEST_KEPT = 4 << 20

HERE = Path(__file__).resolve().parent
PRINTER = HERE / "printer.py"
_printing = BoundedSemaphore(AT_ONCE)
logger = logging.getLogger(__name__)


class Unavailable(Exception):
    """No handout just now: too many at once, no Typst on this machine, or it took too much."""


@lru_cache(maxsize=1)
def is_here() -> bool:
    """Can this machine print? There is no Typst for musl (Alpine Linux)."""
    return find_spec("typst") is not None


def on_pages(request) -> dict[str, Any]:
    """A context processor: pages offer a handout only where one can be made, and on what paper."""
    return {"handouts": is_here(), "papers": paper.sizes()}


@lru_cache(maxsize=1)
def _edition() -> bytes:
    """Changes whenever the same document would be printed in another way."""
    try:
        typst = version("typst")
    except PackageNotFoundError:
        typst = ""
    digest = hashlib.sha256(typst.encode())
    for path in sorted([PRINTER, HERE / "handout.typ", *(HERE / "fonts").glob("*.ttf")]):
        digest.update(path.read_bytes())
    return digest.digest()


def name_of(document: dict[str, Any]) -> str:
    """A name for the PDF of a document: another document has another one."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(_edition() + text.encode()).hexdigest()


def pdf(document: dict[str, Any]) -> bytes:
    """The PDF of a document; the same bytes for the same document. Raises Unavailable."""
    name = name_of(document)
    if found := _kept(name):
        return found
    if not is_here():
        raise Unavailable("Typst is not installed.")
    if not _printing.acquire(blocking=False):
        raise Unavailable("All presses are busy.")
    try:
        printed = _print(json.dumps(document, ensure_ascii=False))
    finally:
        _printing.release()
    if len(printed) <= LARGEST_KEPT:
        _keep(name, printed)
    return printed


def _kept(name: str) -> bytes | None:
    try:
        return caches["handouts"].get(name)
    except OSError as error:  # A full or read-only disk: readers get their handout all the same.
        logger.warning("Kept handouts cannot be read: %s", error)
        return None


def _keep(name: str, printed: bytes) -> None:
    try:
        caches["handouts"].set(name, printed, KEPT_FOR)
    except OSError as error:
        logger.warning("A handout could not be kept: %s", error)


def _print(document: str) -> bytes:
    # -I: nothing from the environment or this folder can take the place of a module. One thread:
    # a handout takes no more of the machine than a page does, however many cores there are.
    command = [sys.executable, "-I", str(PRINTER)]
    environment = {**os.environ, "RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
    try:
        done = subprocess.run(
            command,
            input=document.encode(),
            env=environment,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        logger.error("A handout took more than %s seconds.", SECONDS)
        raise Unavailable("It took too long.") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace")[-2_000:]
        logger.error("A handout could not be printed (%s): %s", error.returncode, said)
        raise Unavailable("It could not be printed.") from error
    return done.stdout
