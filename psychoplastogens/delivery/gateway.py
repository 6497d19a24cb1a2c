"""Between granian and the WSGI application: only a request that has wholly arrived gets a thread.

A WSGI server gives a thread to each request for as long as its client takes to send it and to read
the answer, so that a few slow clients hold them all. Here bodies are awaited on the event loop
(RSGI, granian's own interface), and an answer is handed over whole, or as the name of a file; the
sockets are granian's. The few threads of Python only ever compute.

Bodies have bounds: a small one may come from anybody; a large one, of which there are few at a
time, only where staff upload. Each has to arrive within some seconds.
"""

from __future__ import annotations

import asyncio
import io
import logging
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple
from wsgiref.util import FileWrapper

from django.conf import settings

from psychoplastogens.delivery import bare_page

THREADS = 4
WITHOUT_BODY = ("GET", "HEAD", "OPTIONS")


class Bounds(NamedTuple):
    """How many bytes a body may have, and within how many seconds it has to be there."""

    size: int
    seconds: float


SMALL = Bounds(65_536, 20)
SECONDS_FOR_A_LARGE_ONE = 60
MOST_LARGE = 4
"""Large bodies at a time, of 6 MB each: those of staff, and of whoever wants to be in their way."""

log = logging.getLogger(__name__)


class Refused(Exception):
    """A request that is not read to its end; `args` are the status and why, in a sentence."""


class Gateway:
    """An RSGI application that answers with a WSGI application."""

    def __init__(self, application: Callable, threads: int = THREADS) -> None:
        self.application = application
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="answers")
        self.large = Bounds(settings.DATA_UPLOAD_MAX_MEMORY_SIZE, SECONDS_FOR_A_LARGE_ONE)
        self.large_now = 0

    async def __rsgi__(self, scope, protocol) -> None:
        try:
            body = await self.body_of(scope, protocol)
        except Refused as refused:
            return refuse(protocol, *refused.args)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self.pool, self.answer, scope, protocol, body)

    async def body_of(self, scope, protocol) -> bytes:
        """What was sent with the request, whole. Raises Refused."""
        if scope.method in WITHOUT_BODY:
            return b""
        declared = int(scope.headers.get("content-length", 0))
        is_upload = scope.path.startswith(settings.SESSION_COOKIE_PATH)
        if declared <= SMALL.size or not is_upload:
            return await read(protocol, declared, SMALL)
        if self.large_now >= MOST_LARGE:
            raise Refused(503, "Others are sending much at this moment. Please send it again.")
        self.large_now += 1
        try:
            return await read(protocol, declared, self.large)
        finally:
            self.large_now -= 1

    def answer(self, scope, protocol, body: bytes) -> None:
        """In a thread of the pool: ask the WSGI application, and hand over what it says."""
        started: list = []

        def start_response(status, headers, exc_info=None):
            started[:] = [int(status.split(" ", 1)[0]), headers]

        try:
            parts = self.application(environ_of(scope, body), start_response)
            try:
                send(protocol, *started, parts)
            finally:
                getattr(parts, "close", bool)()
        except Exception:
            log.exception("No answer")
            refuse(protocol, 500, bare_page.BROKEN)


async def read(protocol, declared: int, bounds: Bounds) -> bytes:
    """The body, if it keeps within its bounds. Raises Refused.

    A body that is too large is not kept but still read: who sends on when the connection closes
    gets an error of the network in place of our answer.
    """
    chunks, size = [], 0
    try:
        async with asyncio.timeout(bounds.seconds):
            async for chunk in protocol:
                if not chunk:
                    break
                size += len(chunk)
                if size <= bounds.size:
                    chunks.append(chunk)
    except TimeoutError:
        if max(size, declared) <= bounds.size:
            raise Refused(408, "It took too long to arrive. Please send it again.") from None
    if max(size, declared) > bounds.size:
        raise Refused(413, f"A form may send {bounds.size // 1_000} KB here.")
    if size < declared:
        raise Refused(400, "Only a part of it arrived. Please send it again.")
    return b"".join(chunks)


def environ_of(scope, body: bytes) -> dict:
    """The request as WSGI describes it (PEP 3333)."""
    server, _, port = scope.server.rpartition(":")
    environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "HTTP_HOST": scope.authority or "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.file_wrapper": FileWrapper,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name in scope.headers:
        # To WSGI a_b and a-b are one: with it anybody could say what only the proxy may.
        if "_" not in name:
            joint = "; " if name == "cookie" else ","
            key = "HTTP_" + name.upper().replace("-", "_")
            environ[key] = joint.join(scope.headers.get_all(name))
    environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
    environ.pop("HTTP_CONTENT_LENGTH", None)
    environ["CONTENT_LENGTH"] = str(len(body))  # What came in chunks has a length by now, too.
    return environ


def send(protocol, status: int, headers: list, parts) -> None:
    """Hand an answer over, without waiting until its reader has taken it."""
    whole_file = isinstance(parts, FileWrapper) and isinstance(parts.filelike, io.BufferedReader)
    if whole_file:
        protocol.response_file(status, headers, parts.filelike.name)
    else:
        protocol.response_bytes(status, headers, b"".join(parts))


def refuse(protocol, status: int, why: str) -> None:
    headers = {**bare_page.headers(), "Connection": "close"}
    if status == 503:
        headers["Retry-After"] = "5"
    protocol.response_bytes(status, [*headers.items()], bare_page.page(status, why).encode())
