"""Clients that take their time, each on purpose: what one person can send to take a site away."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

# The preface of HTTP/2 and an empty SETTINGS frame (RFC 9113, 3.4).
HTTP2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x00\x04\x00\x00\x00\x00\x00"
LARGE_FILE = "/static/admin/js/vendor/xregexp/xregexp.js"  # 325 KB
ETHERNET_SEGMENT_BYTES = 1_460
"""Linux keeps what is not read by the segment: 70 KB of a connection over Ethernet. Within a
machine, where a segment has 65 KB, it keeps 2 MB, and whoever reads nothing is sent 40 pages."""
TIMEOUT_SECONDS = 5  # seconds that a reader of a probe waits


def build_request(method: str, path: str, *headers: str, body: str = "") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def build_slow_request(path: str, length: str = "Content-Length: 60000", *headers: str) -> bytes:
    """The start of a form whose rest does not come, with a token that looks like Django's."""
    form = "Content-Type: application/x-www-form-urlencoded"
    return build_request("POST", path, form, length, f"Cookie: csrftoken={'a' * 32}", *headers)


def build_file_requests() -> bytes:
    """More large files at once than the system keeps for a connection, and nothing is read."""
    return build_request("GET", LARGE_FILE) * 40


class SlowClients:
    """`count` connections that each sent `sent` and now wait.

    Where `again` is given, each is opened anew after so many seconds, for as long as this lasts.
    """

    def __init__(self, port: int, count: int, sent: bytes, again: float = 0) -> None:
        self.port, self.count, self.sent, self.again = port, count, sent, again
        self.connections: list[socket.socket] = []
        self.over = threading.Event()
        self.renewing = threading.Thread(target=self.renew)

    def __enter__(self) -> SlowClients:
        self.connections = [open_connection(self.port, self.sent) for _ in range(self.count)]
        if self.again:
            self.renewing.start()
        return self

    def renew(self) -> None:
        while not self.over.wait(self.again):
            for number, connection in enumerate(self.connections):
                connection.close()
                self.connections[number] = open_connection(self.port, self.sent)

    def __exit__(self, *error) -> None:
        self.over.set()
        if self.again:
            self.renewing.join()
        for connection in self.connections:
            connection.close()

    def still_open(self) -> int:
        return sum(map(is_open, list(self.connections)))

    def are_closed_within(self, seconds: float) -> bool:
        """Whether the server has closed all of them, or does so within this time."""
        end = time.monotonic() + seconds
        while self.still_open() and time.monotonic() < end:
            time.sleep(0.05)
        return not self.still_open()


def open_connection(port: int, sent: bytes) -> socket.socket:
    connection = socket.socket()
    # A small window: what is not read fills it at once, as on a slow line.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, ETHERNET_SEGMENT_BYTES)
    connection.setblocking(False)
    connection.connect_ex(("127.0.0.1", port))
    connection.settimeout(1)
    with suppress(OSError):  # Not taken up yet: it waits all the same.
        connection.sendall(sent)
    return connection


def is_open(connection: socket.socket) -> bool:
    """Whether the server has not closed it. What has arrived meanwhile is thrown away."""
    try:
        connection.setblocking(False)
        while connection.recv(65_536):
            pass
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


class ProbeResults(NamedTuple):
    """How long readers waited for their pages, in seconds; None where no page came."""

    waits: list[float | None]

    def answered_within(self, seconds: float) -> bool:
        return all(wait is not None and wait < seconds for wait in self.waits)

    def __str__(self) -> str:
        came = sorted(wait for wait in self.waits if wait is not None)
        longest = f", the slowest after {came[-1] * 1000:.0f} ms" if came else ""
        return f"{len(came)} of {len(self.waits)} answered{longest}"


def probe_site(get: Callable, count: int, pause: float, paths: tuple[str, ...]) -> ProbeResults:
    """Ask for `paths` in turn, `count` times in all."""
    waits: list[float | None] = []
    for number in range(count):
        started = time.monotonic()
        try:
            get(paths[number % len(paths)]).read()
            waits.append(time.monotonic() - started)
        except OSError:
            waits.append(None)
        time.sleep(pause)
    return ProbeResults(waits)


def send_and_receive(port: int, sent: bytes) -> bytes:
    """What the server says to `sent`, up to its first pause."""
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS) as connection:
        connection.sendall(sent)
        told = connection.recv(65_536)
        connection.settimeout(0.3)
        with suppress(TimeoutError):
            while more := connection.recv(65_536):
                told += more
        return told
