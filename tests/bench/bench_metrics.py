"""What counting a request for /metrics adds to pages, beside the pages themselves.

    UNDERSTORY_DATA=... python tests/bench/bench_metrics.py

It needs the data of a started site. The numbers are shared by files, as in a server. Prints
microseconds of processor time, and the ratio of each page with counting to without.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychoplastogens.settings")
folder = tempfile.TemporaryDirectory(dir="/dev/shm")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder.name

import django  # noqa: E402

django.setup()

from django.http import HttpResponse  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402

from psychoplastogens.delivery.metrics import measure_requests  # noqa: E402

PATHS = ("/healthz", "/", "/compounds/ketamine/")
CALLS, ROUNDS = 20_000, 20


def main() -> None:
    counting = measure_counting()
    print(f"counting one request: {counting:.1f} us")
    for path in PATHS:
        page = measure_page(path) - counting
        print(f"{path:24}{page:9.0f} us, with counting x {(page + counting) / page:.4f}")


def measure_counting() -> float:
    """Microseconds that the middleware adds to a view that does nothing."""
    request, response = RequestFactory().get("/nothing/"), HttpResponse()
    request.resolver_match = None

    def view(request):
        return response

    counted = measure_requests(view)
    counted(request)
    return measure(lambda: counted(request), CALLS) - measure(lambda: view(request), CALLS)


def measure_page(path: str) -> float:
    """Microseconds of a page with all middleware; the quickest of several rounds."""
    client = Client(headers={"Accept-Encoding": "br", "Host": "localhost"})
    assert client.get(path).status_code == 200, path
    return min(measure(lambda: client.get(path), 1) for _ in range(ROUNDS))


def measure(call, times: int) -> float:
    started = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - started) / times * 1e6


if __name__ == "__main__":
    main()
