"""A server on this machine that answers each path with the bytes that a test has given it."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class CannedServer:
    """`answers` maps a path to bytes, or to a list of pieces. `asked` are the requests so far."""

    def __init__(self, port: int):
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.answers: dict[str, bytes | Iterator[bytes]] = {}
        self.asked: list[str] = []

    def status(self, path: str, status: int, *headers: str) -> str:
        """Answer `path` with a status and headers; return its address."""
        head = [f"HTTP/1.1 {status} Said so", *headers, "Content-Length: 0"]
        self.answers[path] = "\r\n".join([*head, "", ""]).encode()
        return self.url + path

    def redirect(self, path: str, to: str, status: int = 302) -> str:
        return self.status(path, status, f"Location: {to}")

    def raw(self, path: str, answer) -> str:
        self.answers[path] = answer
        return self.url + path


@contextmanager
def server() -> Iterator[CannedServer]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            request = self.rfile.readline().decode("latin-1")
            while (line := self.rfile.readline()) not in (b"\r\n", b""):
                request += line.decode("latin-1")
            here.asked.append(request)
            path = [*request.split(), "", ""][1]
            answer = here.answers.get(path, b"")
            try:
                for piece in [answer] if isinstance(answer, bytes) else answer:
                    self.wfile.write(piece)
            except OSError:
                return  # The visitor has heard enough.

    class Threaded(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Threaded(("127.0.0.1", 0), Handler) as listening:
        here = CannedServer(listening.server_address[1])
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield here
        finally:
            listening.shutdown()
            thread.join()
