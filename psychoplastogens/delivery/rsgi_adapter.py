"""An RSGI application that runs a WSGI application: a request gets a thread once it has arrived.

A WSGI server holds a thread for as long as a client takes to send its request and read the
response, so a few slow clients can hold all threads. Here bodies are awaited on the event loop
(RSGI is granian's own interface), and a response is handed over whole or as a file name; granian
writes it to the socket. Python's few threads only compute.

Bodies are limited in size and time. Large ones are accepted only under the admin's path, a few at a
time.
"""

from __future__ import annotations

import asyncio
import gc
import io
import logging
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple
from wsgiref.util import FileWrapper

from django.conf import settings

from psychoplastogens.delivery import fallback_error_page, periodic_tasks
from psychoplastogens.delivery.page_store.responses import Reply
from psychoplastogens.delivery.page_store.store import PageStore
from psychoplastogens.delivery.page_store.upkeep import WARM_UP_SECONDS

WSGI_THREADS = 4
HANDOUT_THREADS = 8
"""Whoever waits for a handout holds one of these, and none that answers pages."""
UNPACKING_THREADS = 1
"""For clients that accept no coding and ask for what is stored. Browsers accept one, so their
requests do not stand in line behind those of a thousand such clients."""
METHODS_WITHOUT_BODY = ("GET", "HEAD", "OPTIONS")


class BodyLimit(NamedTuple):
    """The size limit of a request body in bytes, and the time limit for its arrival in seconds."""

    size: int
    seconds: float


SMALL_BODY = BodyLimit(65_536, 20)
LARGE_BODY_SECONDS = 60
MAX_LARGE_BODIES = 4
"""How many large bodies (6 MB each) may arrive at the same time. Anybody can send one."""

log = logging.getLogger(__name__)


class RequestRefused(Exception):
    """A request whose body is refused; `args` are the status and the reason as a sentence."""


class RsgiToWsgiAdapter:
    """An RSGI application that answers with a WSGI application.

    What a `PageStore` has in memory is answered on the event loop, without a thread.
    """

    def __init__(self, application: Callable, threads: int = WSGI_THREADS) -> None:
        self.application = application
        self.store = application if isinstance(application, PageStore) else None
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="answers")
        self.health_pool = ThreadPoolExecutor(1, thread_name_prefix="health")
        self.handout_pool = ThreadPoolExecutor(HANDOUT_THREADS, thread_name_prefix="handouts")
        self.unpacking_pool = ThreadPoolExecutor(UNPACKING_THREADS, thread_name_prefix="unpacking")
        self.large = BodyLimit(settings.DATA_UPLOAD_MAX_MEMORY_SIZE, LARGE_BODY_SECONDS)
        self.large_bodies_now = 0

    def __rsgi_init__(self, loop) -> None:
        """Granian calls this in a worker before it listens.

        Pages are prepared from here. Meanwhile other workers answer, and a proxy asks another
        server, so what the first requests need is loaded before.
        """
        if self.store:
            self.store.start()
            periodic_tasks.start()
            self.store.upkeep.is_ready.wait(WARM_UP_SECONDS)
        exempt_loaded_objects_from_garbage_collection()

    async def __rsgi__(self, scope, protocol) -> None:
        if self.store:
            reply = self.store.find(
                scope.method, scope.scheme, scope.path, scope.query_string, scope.headers.get
            )
            if reply:
                return send_reply(protocol, reply)
        try:
            body = await self.receive_body(scope, protocol)
        except RequestRefused as refused:
            return send_error(protocol, *refused.args)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self.choose_pool(scope), self.run_wsgi, scope, protocol, body)

    def choose_pool(self, scope) -> ThreadPoolExecutor:
        if scope.path == "/healthz":  # It is healthy even when all threads wait for a database.
            return self.health_pool
        if scope.path.endswith("/handout.pdf"):
            return self.handout_pool
        if self.store and self.store.has_to_unpack(
            scope.method, scope.scheme, scope.path, scope.query_string, scope.headers.get
        ):
            return self.unpacking_pool
        return self.pool

    async def receive_body(self, scope, protocol) -> bytes:
        """The whole request body. Raises RequestRefused."""
        if scope.method in METHODS_WITHOUT_BODY:
            return b""
        declared = int(scope.headers.get("content-length", 0))
        is_upload = scope.path.startswith(settings.SESSION_COOKIE_PATH)
        if declared <= SMALL_BODY.size or not is_upload:
            return await read_body(protocol, declared, SMALL_BODY)
        if self.large_bodies_now >= MAX_LARGE_BODIES:
            raise RequestRefused(
                503, "Others are sending much at this moment. Please send it again."
            )
        self.large_bodies_now += 1
        try:
            return await read_body(protocol, declared, self.large)
        finally:
            self.large_bodies_now -= 1

    def run_wsgi(self, scope, protocol, body: bytes) -> None:
        """In a thread of the pool: run the WSGI application and send its response."""
        started: list = []

        def start_response(status, headers, exc_info=None):
            started[:] = [int(status.split(" ", 1)[0]), headers]

        try:
            parts = self.application(build_wsgi_environ(scope, body), start_response)
            try:
                status, headers = started
                send_response(protocol, status, headers, parts)
            finally:
                getattr(parts, "close", bool)()
        except Exception:
            log.exception("No answer")
            send_error(protocol, 500, fallback_error_page.SERVER_ERROR_MESSAGE)


def exempt_loaded_objects_from_garbage_collection() -> None:
    """Python stops all threads while it looks through its objects for garbage, and four fifths of
    them are code and views, which stay to the end of the process.
    """
    gc.collect()
    gc.freeze()


async def read_body(protocol, declared: int, bounds: BodyLimit) -> bytes:
    """The body, if it keeps within the limit. Raises RequestRefused.

    The rest of a body that is too large is read and dropped: a client that is still sending when
    the connection closes sees a network error instead of our response.
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
            raise RequestRefused(408, "It took too long to arrive. Please send it again.") from None
    if max(size, declared) > bounds.size:
        raise RequestRefused(413, f"A form may send {bounds.size // 1_000} KB here.")
    if size < declared:
        raise RequestRefused(400, "Only a part of it arrived. Please send it again.")
    return b"".join(chunks)


def build_wsgi_environ(scope, body: bytes) -> dict:
    """The WSGI environ of the request (PEP 3333)."""
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
        # WSGI cannot tell a_b from a-b, so an underscore could forge a header of the proxy.
        if "_" not in name:
            joint = "; " if name == "cookie" else ","
            key = "HTTP_" + name.upper().replace("-", "_")
            environ[key] = joint.join(scope.headers.get_all(name))
    environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
    environ.pop("HTTP_CONTENT_LENGTH", None)
    environ["CONTENT_LENGTH"] = str(len(body))  # Chunked bodies have a length by now, too.
    return environ


def send_response(protocol, status: int, headers: list, parts) -> None:
    """Hand the response to granian without waiting until the client has read it."""
    whole_file = isinstance(parts, FileWrapper) and isinstance(parts.filelike, io.BufferedReader)
    if whole_file:
        protocol.response_file(status, headers, parts.filelike.name)
    else:
        protocol.response_bytes(status, headers, b"".join(parts))


def send_reply(protocol, reply: Reply) -> None:
    """Hand over what the store holds, or the name of the file where it is not in memory."""
    if reply.path:
        protocol.response_file(reply.status, reply.headers, reply.path)
    else:
        protocol.response_bytes(reply.status, reply.headers, reply.body)


def send_error(protocol, status: int, why: str) -> None:
    headers = {**fallback_error_page.get_error_headers(), "Connection": "close"}
    if status == 503:
        headers["Retry-After"] = "5"
    protocol.response_bytes(
        status, [*headers.items()], fallback_error_page.render_error_page(status, why).encode()
    )
