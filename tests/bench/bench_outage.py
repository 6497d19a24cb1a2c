"""PostgreSQL stopped and frozen for 20 seconds each, under 20 requests a second.

    tests/with_postgres.sh python tests/bench/bench_outage.py [FOLDER OF ANOTHER VERSION]

Prints for each time how many requests failed (5xx, or no answer in 30 seconds), the longest wait,
the longest wait for /healthz, and how much was logged. In parentheses: requests that arrived in
that time and waited longer than a second.
"""

import os
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
SECONDS, A_SECOND, PATIENCE_SECONDS = 20, 20, 30
PAGES = ["/compounds/ketamine/", "/questions/", "/", "/search/?q=ketamine", "/help/"]


def ask(url):
    """(did it fail, seconds waited)."""
    began = time.perf_counter()
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS) as answer:
            answer.read()
        failed = False
    except urllib.error.HTTPError as answer:
        failed = answer.code >= 500
    except OSError:
        failed = True
    return failed, time.perf_counter() - began


def load(base, pool):
    """Ask for pages and for /healthz for SECONDS; the answers to each."""
    began, pages, health = time.perf_counter(), [], []
    for number, path in zip(range(SECONDS * A_SECOND), cycle(PAGES), strict=False):
        time.sleep(max(0, began + number / A_SECOND - time.perf_counter()))
        pages.append(pool.submit(ask, base + path))
        if number % A_SECOND == 0:
            health.append(pool.submit(ask, f"{base}/healthz"))
    return pages, health


def find_postgres_processes():
    """The process of PostgreSQL and its children, which are sessions of their own."""
    first = Path(os.environ["PG_DATA"], "postmaster.pid").read_text().split()[0]
    for status in Path("/proc").glob("[0-9]*/stat"):
        parent = status.read_text().rpartition(")")[2].split()[1]
        if first in (parent, status.parent.name):
            yield int(status.parent.name)


def signal_postgres(number):
    for process in list(find_postgres_processes()):
        os.kill(process, number)


def control_postgres(*command):
    subprocess.run([*shlex.split(os.environ["PG_CTL"]), *command], check=True)


TIMES = {
    "as usual": (lambda: None, lambda: None),
    "stopped": (
        lambda: control_postgres("-m", "immediate", "stop"),
        lambda: control_postgres("start"),
    ),
    "frozen": (lambda: signal_postgres(signal.SIGSTOP), lambda: signal_postgres(signal.SIGCONT)),
}


def start_server(top, data, log):
    """The base address and the process of a server that answers."""
    environment = {
        **os.environ,
        "UNDERSTORY_DATA": data,
        "DJANGO_SETTINGS_MODULE": "psychoplastogens.settings",
    }
    for command in ("migrate", "load_content", "collectstatic --noinput"):
        subprocess.run(
            [sys.executable, "-m", "django", *command.split()],
            cwd=top, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=log,
        )  # fmt: skip
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    module = ["-m", "psychoplastogens.delivery.server", "--port", str(port)]
    server = subprocess.Popen([sys.executable, *module], cwd=top, env=environment, stderr=log)
    while ask(f"http://127.0.0.1:{port}/readyz")[0]:
        time.sleep(0.2)
    return f"http://127.0.0.1:{port}", server


def main():
    top = sys.argv[1] if len(sys.argv) > 1 else TOP
    with tempfile.TemporaryDirectory() as data, open(Path(data) / "log", "w+b") as log:
        base, server = start_server(top, data, log)
        print(f"{'PostgreSQL':12}{'failed':>12}{'longest s':>11}{'healthz s':>11}{'log bytes':>11}")
        try:
            for path in PAGES * 8:
                ask(base + path)
            for name, (begin, end) in TIMES.items():
                size = os.path.getsize(log.name)
                with ThreadPoolExecutor(700) as pool:
                    begin()
                    pages, health = load(base, pool)
                    end()
                failed, waits = zip(*(answer.result() for answer in pages), strict=True)
                slow = sum(wait > 1 for wait in waits)
                print(f"{name:12}{f'{sum(failed)}/{len(failed)} ({slow})':>12}{max(waits):11.1f}"
                      f"{max(answer.result()[1] for answer in health):11.2f}"
                      f"{os.path.getsize(log.name) - size:11,}")  # fmt: skip
                time.sleep(3)
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
