"""Has handouts printed: in a short process of its own, a few at a time, and each only once."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from threading import Condition
from typing import Any

from django.core.cache import caches
from django.db import DatabaseError

from psychoplastogens.delivery import metrics
from psychoplastogens.delivery.client_ip import get_client_network
from psychoplastogens.delivery.rate_limits import HANDOUTS, check_rate_limit

# Whoever prints or waits holds one of the eight threads for handouts of a server process
# (`rsgi_adapter`): 2 that print + 5 that wait = 7, so that one is left for those that were printed
# before. Two processes answer 14 new handouts of the same moment, each of some 0.4 seconds, so the
# last one waits 1.4 seconds. Whoever comes as well is told at once to try again in 5 seconds. One
# client prints one and waits for one: the second printer is left to others. If a printer hangs, its
# thread comes back after RENDER_TIMEOUT_SECONDS.
MAX_CONCURRENT_RENDERS = 2
"""Handouts printed at the same time by one server process; one client has one of them printed."""
MAX_WAITING_REQUESTS = 5
"""Requests that wait for their turn."""
QUEUE_TIMEOUT_SECONDS = 5
RENDER_TIMEOUT_SECONDS = 30
"""Of time on the wall, on a busy machine too. Then the process is ended."""
CACHE_SECONDS = 90 * 24 * 3600
MAX_CACHED_BYTES = 4 << 20
CACHE_ERRORS = (OSError, DatabaseError)
"""A full or read-only disk, or a database that is away."""

HERE = Path(__file__).resolve().parent
TYPST_WORKER = HERE / "typst_worker.py"
logger = logging.getLogger(__name__)


class PdfUnavailableError(Exception):
    """No handout just now: too many at once, no Typst on this machine, or it took too much."""


class RenderQueue:
    """Who is printing and who waits for it, by client, so that nobody takes all places.

    A client prints one handout at a time and has one request waiting. The others wait their
    turn for `seconds`, as long as there is room.
    """

    def __init__(self, at_once: int = MAX_CONCURRENT_RENDERS, waiting: int = MAX_WAITING_REQUESTS):
        self.at_once, self.max_waiting = at_once, waiting
        self._rendering: list[str] = []
        self._waiting: list[str] = []
        self._changed = Condition()

    @contextmanager
    def reserve(self, client: str, seconds: float = QUEUE_TIMEOUT_SECONDS) -> Iterator[None]:
        """A turn of `client`, for as long as the block runs. Raises Unavailable."""
        with self._changed:
            if not self._is_free_for(client):
                self._wait(client, seconds)
            self._rendering.append(client)
        try:
            with metrics.HANDOUTS_RENDERING.track_inprogress():
                yield
        finally:
            with self._changed:
                self._rendering.remove(client)
                self._changed.notify_all()

    def _wait(self, client: str, seconds: float) -> None:
        if client in self._waiting or len(self._waiting) >= self.max_waiting:
            raise PdfUnavailableError("Too many handouts are being printed.")
        self._waiting.append(client)
        try:
            with metrics.HANDOUTS_WAITING.track_inprogress():
                has_turn = self._changed.wait_for(lambda: self._is_free_for(client), seconds)
            if not has_turn:
                raise PdfUnavailableError("No turn came up in time.")
        finally:
            self._waiting.remove(client)

    def _is_free_for(self, client: str) -> bool:
        return len(self._rendering) < self.at_once and client not in self._rendering


render_queue = RenderQueue()


@lru_cache(maxsize=1)
def is_typst_installed() -> bool:
    """Can this machine print? There is no Typst for musl (Alpine Linux)."""
    return find_spec("typst") is not None


@lru_cache(maxsize=1)
def _get_renderer_version() -> bytes:
    """Changes whenever the same document would be printed in another way."""
    try:
        typst = version("typst")
    except PackageNotFoundError:
        typst = ""
    digest = hashlib.sha256(typst.encode())
    for path in sorted([TYPST_WORKER, *HERE.glob("*.typ"), *HERE.glob("fonts/*.ttf")]):
        digest.update(path.read_bytes())
    return digest.digest()


def compute_document_digest(document: dict[str, Any]) -> str:
    """A name for the PDF of a document: another document has another one."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(_get_renderer_version() + text.encode()).hexdigest()


def render_pdf(document: dict[str, Any], request, *, private: bool = False) -> bytes:
    """The PDF of a document; the same bytes for the same document.

    One that was not printed before counts against the limit of who asks. A `private` one is never
    kept, and the log quotes nothing of it. Raises PdfUnavailableError, and TooManyRequests.
    """
    if private:
        _check_may_render(request)
        with render_queue.reserve(get_client_network(request)):
            return _run_typst_worker(json.dumps(document, ensure_ascii=False), quoted=False)
    name = compute_document_digest(document)
    if found := _read_cache(name):
        return found
    _check_may_render(request)
    with render_queue.reserve(get_client_network(request)):
        # Somebody who waited for the same one may find it printed.
        printed = _read_cache(name) or _run_typst_worker(json.dumps(document, ensure_ascii=False))
    if len(printed) <= MAX_CACHED_BYTES:
        _write_cache(name, printed)
    return printed


def _check_may_render(request) -> None:
    if not is_typst_installed():
        raise PdfUnavailableError("Typst is not installed.")
    check_rate_limit(HANDOUTS, request)


def _read_cache(name: str) -> bytes | None:
    try:
        return caches["handouts"].get(name)
    except CACHE_ERRORS as error:  # Readers get their handout all the same.
        logger.warning("Kept handouts cannot be read: %s", error)
        return None


def _write_cache(name: str, printed: bytes) -> None:
    try:
        caches["handouts"].set(name, printed, CACHE_SECONDS)
    except CACHE_ERRORS as error:
        logger.warning("A handout could not be kept: %s", error)


def _run_typst_worker(document: str, *, quoted: bool = True) -> bytes:
    """The PDF. The log says why there is none; in Typst's words, where they may be `quoted`."""
    # -I: nothing from the environment or this folder can take the place of a module. One thread:
    # a handout takes no more of the machine than a page does, however many cores there are.
    command = [sys.executable, "-I", str(TYPST_WORKER)]
    environment = {**os.environ, "RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
    try:
        done = subprocess.run(
            command,
            input=document.encode(),
            env=environment,
            capture_output=True,
            timeout=RENDER_TIMEOUT_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        logger.error("A handout took more than %s seconds.", RENDER_TIMEOUT_SECONDS)
        raise PdfUnavailableError("It took too long.") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace")[-2_000:] if quoted else "not quoted"
        logger.error("A handout could not be printed (%s): %s", error.returncode, said)
        raise PdfUnavailableError("It could not be printed.") from error
    return done.stdout
