"""What one person can send to take the site away, each for some seconds, and how readers fare.

    python tests/bench/bench_slow_clients.py http://127.0.0.1:8000 [SECONDS]

Against a server that runs; start it with `python3 manage.py serve`. Prints, for each attempt, how
many of the readers' requests were answered, how long the slowest took, and how many connections of
the attempt the server still held at its end.
"""

import sys
import urllib.request
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.slow_clients import (
    HTTP2,
    TIMEOUT_SECONDS,
    SlowClients,
    build_file_requests,
    build_request,
    build_slow_request,
    probe_site,
)

READ = ("/healthz", "/", "/help/", "/compounds/ketamine/", "/search/?q=spravato")
ATTEMPTS = {
    "nobody": (0, b""),
    "a: 8 bodies that do not come": (8, build_slow_request("/connect/service")),
    "a: 50 at the sign-in": (50, build_slow_request("/admin/login/")),
    "a: 50 at an address that is none": (50, build_slow_request("/nothing/")),
    "a: 50 in chunks": (50, build_slow_request("/connect/service", "Transfer-Encoding: chunked")),
    "a: 50 large ones": (50, build_slow_request("/admin/login/", "Content-Length: 5000000")),
    "b: 8 that read none of their files": (8, build_file_requests()),
    "b: 50 that read none of their files": (50, build_file_requests()),
    "c: 1,100 of HTTP/2, idle": (1_100, HTTP2),
    "d: 1,200 idle, anew each 5 s": (1_200, b"", 5),
    "d: 1,200 amid their headers, anew each 5 s": (1_200, b"GET / HTTP/1.1\r\n", 5),
    "d: 7,000 idle, anew each 5 s": (7_000, b"", 5),
    "d: 1,000 kept alive, each with one request": (1_000, build_request("GET", "/healthz")),
}


def main(url, seconds=5):
    get = partial(urllib.request.urlopen, timeout=TIMEOUT_SECONDS)
    port = urlsplit(url).port
    for name, attempt in ATTEMPTS.items():
        with SlowClients(port, *attempt) as crowd:
            waited = probe_site(lambda path: get(url + path), int(seconds) * 5, 0.2, READ)
            held = crowd.still_open()
        print(f"{name:44} {waited}; {held} still held", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
