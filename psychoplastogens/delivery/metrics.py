"""What /metrics counts: requests by route, how long they take, and what goes wrong. No persons.

Every label is a word of this program: the name of a route, a class of status codes. A path, a
query, a network address or an account never is one, and addresses that no route matches share one
label.

The workers of a server share their numbers in files in `PROMETHEUS_MULTIPROC_DIR`, which
server.py makes before it starts them; the worker that is asked for /metrics adds them up. In any
other process (tests, runserver) the numbers are its own.

All metrics are defined in this file. The page store answers before this middleware: it counts by
itself, and a thread brings its numbers here.
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

SHARED_FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""prometheus_client reads it when it is imported."""
UNKNOWN_ROUTE, STATIC_ROUTE = "unknown", "static"

registry = CollectorRegistry()

REQUEST_SECONDS = Histogram(
    "understory_request_seconds",
    "Time from the start of Django's work on a request to the whole response.",
    ["route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=registry,
)
REQUESTS_IN_FLIGHT = Gauge(
    "understory_requests_in_flight",
    "Requests that Django is working on.",
    registry=registry,
    multiprocess_mode="livesum",
)
CONTENT_VERSION = Gauge(
    "understory_content_version",
    "The content version that a process read last; the lowest of all processes.",
    registry=registry,
    multiprocess_mode="livemin",
)
CONTENT_VERSION_READ = Gauge(
    "understory_content_version_read_timestamp_seconds",
    "Unix time at which the content version was last read; the earliest of all processes.",
    registry=registry,
    multiprocess_mode="livemin",
)
STORE_REQUESTS = Counter(
    "understory_page_store_requests",
    "What became of requests: a hit, a miss that was rendered, a copy, or passed on to Django.",
    ["result"],
    registry=registry,
)
STORE_BYTES = Gauge(
    "understory_page_store_bytes",
    "Memory of the stored responses of all processes.",
    registry=registry,
    multiprocess_mode="livesum",
)
HANDOUTS_RENDERING = Gauge(
    "understory_handouts_rendering",
    "Handouts that are being printed.",
    registry=registry,
    multiprocess_mode="livesum",
)
HANDOUTS_WAITING = Gauge(
    "understory_handouts_waiting",
    "Requests that wait until a handout can be printed.",
    registry=registry,
    multiprocess_mode="livesum",
)
FAILED_SIGN_INS = Counter(
    "understory_failed_sign_ins",
    "Wrong passwords and wrong codes of a second factor.",
    registry=registry,
)
MAIL_FAILURES = Counter(
    "understory_mail_failures",
    "Mails that the mail server did not take.",
    registry=registry,
)


def measure_requests(get_response):
    """Middleware, the outermost: count each request of Django with its route and its time."""

    def middleware(request):
        started = time.perf_counter()
        status = 500
        with REQUESTS_IN_FLIGHT.track_inprogress():
            try:
                response = get_response(request)
                status = response.status_code
                return response
            finally:
                observe_request(get_route_name(request), status, time.perf_counter() - started)

    return middleware


def observe_request(route: str, status: int, seconds: float) -> None:
    """Count a request. `route` has to be a word of this program, never a part of the address."""
    REQUEST_SECONDS.labels(route, f"{status // 100}xx").observe(seconds)


def get_route_name(request) -> str:
    """The name of the route of a request: "content:compound_detail"."""
    if request.resolver_match:
        return request.resolver_match.view_name
    return STATIC_ROUTE if request.path_info.startswith(settings.STATIC_URL) else UNKNOWN_ROUTE


def record_content_version(number: int) -> None:
    CONTENT_VERSION.set(number)
    CONTENT_VERSION_READ.set_to_current_time()


def record_page_store(increases: dict[str, int], stored_bytes: int) -> None:
    """Add what the page store of this process did since the last call: {result: number}."""
    for result, increase in increases.items():
        STORE_REQUESTS.labels(result).inc(increase)
    STORE_BYTES.set(stored_bytes)


def count_failed_sign_in(sender, **signal) -> None:
    """Receiver of user_login_failed."""
    FAILED_SIGN_INS.inc()


def connect_signals() -> None:
    user_login_failed.connect(count_failed_sign_in, dispatch_uid="count_failed_sign_in")


def render_metrics() -> bytes:
    """All numbers of this server, in the text format of Prometheus."""
    folder = os.environ.get(SHARED_FOLDER_VARIABLE)
    if not folder:
        return generate_latest(registry)
    forget_ended_processes(Path(folder))
    shared = CollectorRegistry()
    MultiProcessCollector(shared, folder)
    return generate_latest(shared)


def forget_ended_processes(folder: Path) -> None:
    """Drop what a worker that was killed had in hand; its counts stay."""
    for file in folder.glob("gauge_live*.db"):
        found = re.search(r"_(\d+)\.db$", file.name)
        if found and not is_running(int(found[1])):
            mark_process_dead(int(found[1]), folder)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
