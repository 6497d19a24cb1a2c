"""What one person can send to take the site away, each for some seconds, and how readers fare.

    UNDERSTORY_DATA=... python tests/bench/bench_slow_clients.py [SECONDS] [WORDS OF AN ATTEMPT]

Starts a server on a copy of this data of a started site. Prints for each attempt how many of the
readers' requests failed and how long they took (100 a second from 50 connections over all public
addresses), and how many connections of the attempt the server still held at its end.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychoplastogens.settings")

from tests.bench.readers import Crowd  # noqa: E402
from tests.bench.running_site import Site  # noqa: E402
from tests.slow_clients import (  # noqa: E402
    HTTP2,
    SlowClients,
    build_file_requests,
    build_request,
    build_slow_request,
)

ATTEMPTS = {
    "nobody": (0, b""),
    "a: 8 bodies that do not come": (8, build_slow_request("/connect/service")),
    "a: 50 at the sign-in": (50, build_slow_request("/admin/login/")),
    "a: 50 at an address that is none": (50, build_slow_request("/nothing/")),
    "a: 50 in chunks": (50, build_slow_request("/connect/service", "Transfer-Encoding: chunked")),
    "a: 50 large ones": (50, build_slow_request("/admin/login/", "Content-Length: 5000000")),
    "b: 8 that read none of their files": (8, build_file_requests()),
    "b: 50 that read none of their files": (50, build_file_requests()),
    "b: 1,000 bodies that do not come": (1_000, build_slow_request("/connect/service")),
    "b: 1,000 that read none of their files": (1_000, build_file_requests()),
    "b: 1,000 that read none of their pages": (1_000, build_request("GET", "/glossary/") * 40),
    "c: 1,100 of HTTP/2, idle": (1_100, HTTP2),
    "d: 1,200 idle, anew each 5 s": (1_200, b"", 5),
    "d: 1,200 amid their headers, anew each 5 s": (1_200, b"GET / HTTP/1.1\r\n", 5),
    "d: 7,000 idle, anew each 5 s": (7_000, b"", 5),
    "d: 1,000 kept alive, each with one request": (1_000, build_request("GET", "/healthz")),
}


def main(seconds: str = "10", wanted: str = "") -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        shutil.copytree(os.environ.get("UNDERSTORY_DATA", TOP / ".data"), data)
        site = Site(data, Path(folder) / "log")
        site.start()
        try:
            paths = site.read_public_paths()
            site.warm(paths)
            for name, attempt in ATTEMPTS.items():
                if wanted in name:
                    with SlowClients(site.port, *attempt) as slow:
                        report = Crowd(site.port, paths, float(seconds)).wait()
                        held = slow.still_open()
                    print(f"{name:44} {report}; {held} still held", flush=True)
                    for what, number in report.failed.most_common(3):
                        print(f"{'':45}{number} x {what}")
        finally:
            site.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
