"""10,000 requests through nginx while two servers behind it are restarted in turn: how many fail.

    UNDERSTORY_DATA=... python tests/bench/bench_restart.py [REQUESTS]

It needs nginx, and the data of a started site. The proxy is docs/deploy/nginx.conf. Half of the
requests ask what no cache keeps. Each server is reloaded (SIGHUP), then ended and started anew
(SIGTERM), the second one after the first answers again.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychoplastogens.settings")

from tests import proxies  # noqa: E402
from tests.server_process import find_free_port  # noqa: E402

PATHS = ("/healthz", "/", "/healthz", "/help/")
CLIENTS = 8
SECONDS_FOR_NEW_WORKERS = 15
"""A reload replaces two workers, ten seconds apart at most."""


class Server:
    """A server on a port of its own, with the data of UNDERSTORY_DATA."""

    def __init__(self) -> None:
        self.port = find_free_port()
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "psychoplastogens.delivery.server", f"--port={self.port}"]
        self.process = subprocess.Popen([*command, "--prepared"], cwd=TOP, start_new_session=True)
        proxies.wait_for_port(self.port, self.process)
        while ask(self.port, "/readyz") != 200:
            time.sleep(0.05)

    def reload(self) -> None:
        self.process.send_signal(signal.SIGHUP)
        time.sleep(SECONDS_FOR_NEW_WORKERS)

    def restart(self) -> None:
        self.stop()
        self.start()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)


def main(requests: str = "10000") -> None:
    servers = [Server(), Server()]
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            proxies.run_nginx(Path(folder), *(server.port for server in servers)) as proxy,
        ):
            run(servers, proxy, int(requests))
    finally:
        for server in servers:
            server.stop()


def run(servers: list[Server], proxy: proxies.Proxy, requests: int) -> None:
    found: Counter = Counter()
    restarted = threading.Event()
    clients = [
        threading.Thread(target=visit, args=(proxy.port, requests // CLIENTS, found, restarted))
        for _ in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    for step in (Server.reload, Server.restart):
        for server in servers:
            before = sum(found.values())
            step(server)
            print(f"{step.__name__} of {server.port}: {sum(found.values()) - before} requests")
    restarted.set()
    for client in clients:
        client.join()
    failed = sum(number for status, number in found.items() if status != 200)
    print(f"{failed} failed of {sum(found.values())}; by status: {dict(found)}")


def visit(port: int, requests: int, found: Counter, restarted: threading.Event) -> None:
    """Ask `requests` times at least, and until all servers were restarted."""
    number = 0
    while number < requests or not restarted.is_set():
        status = ask(port, PATHS[number % len(PATHS)])
        with LOCK:
            found[status] += 1
        number += 1
        time.sleep(0.02)


LOCK = threading.Lock()


def ask(port: int, path: str) -> int | str:
    """The status of the answer, or the name of what went wrong."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            answer.read()
            return answer.status
    except urllib.error.HTTPError as answer:
        return answer.code
    except OSError as error:
        return type(error).__name__


if __name__ == "__main__":
    main(*sys.argv[1:])
