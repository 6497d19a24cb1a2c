"""Readers who ask at a steady rate over kept connections, and how they fared."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from statistics import quantiles

READERS, A_SECOND = 50, 100
PATIENCE_SECONDS = 30
A_ROUND_TRIP = 0.02
"""Seconds until a reader knows that a connection is gone. Here it would be none at all, and the new
one could reach a process that is still being cleared away."""
CLICKS = "/s/"
"""Where the addresses of short links begin."""


@dataclass
class Report:
    """`waits` are in seconds from the moment at which a request was due. `failed` counts what went
    wrong by address. `again` counts requests that a reader sent a second time, as browsers do where
    a kept connection ended before an answer (RFC 9110, 9.2.2)."""

    waits: list[float] = field(default_factory=list)
    failed: Counter = field(default_factory=Counter)
    again: int = 0
    clicks: int = 0

    def __str__(self) -> str:
        cuts = [1_000 * cut for cut in quantiles(self.waits, n=100)]
        longest = 1_000 * max(self.waits)
        return (
            f"{self.failed.total():4} of {len(self.waits):5} failed,{self.again:3} sent again, "
            f"ms: median {cuts[49]:4.0f}, p99 {cuts[98]:5.0f}, longest {longest:.0f}"
        )


class Reader(threading.Thread):
    """One connection. Each reader has a network address of its own, so limits see many people."""

    def __init__(self, number: int, port: int, report: Report) -> None:
        super().__init__()
        self.source, self.port, self.report = (f"127.0.1.{number + 1}", 0), port, report
        self.due: list[tuple[float, str]] = []
        self.connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        for moment, path in self.due:
            time.sleep(max(0, moment - time.monotonic()))
            self.read(moment, path)
        self.hang_up()

    def read(self, moment: float, path: str) -> None:
        report, is_kept = self.report, self.connection is not None
        try:
            try:
                status = self.ask(path)
            except (OSError, http.client.HTTPException):
                self.hang_up()
                if not is_kept:
                    raise
                report.again += 1
                time.sleep(A_ROUND_TRIP)
                status = self.ask(path)
        except (OSError, http.client.HTTPException) as error:
            self.hang_up()
            report.failed[path, type(error).__name__] += 1
        else:
            is_click = path.startswith(CLICKS)
            report.clicks += is_click and status == 303
            if status != (303 if is_click else 200):
                report.failed[path, status] += 1
        report.waits.append(time.monotonic() - moment)

    def ask(self, path: str) -> int:
        if self.connection is None:
            self.connection = http.client.HTTPConnection(
                "127.0.0.1", self.port, timeout=PATIENCE_SECONDS, source_address=self.source
            )
        self.connection.request("GET", path, headers={"Accept-Encoding": "br"})
        answer = self.connection.getresponse()
        answer.read()
        if answer.will_close:
            self.hang_up()
        return answer.status

    def hang_up(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None


class Crowd:
    """READERS who together send A_SECOND requests a second for `seconds`, from now on."""

    def __init__(self, port: int, paths: list[str], seconds: float) -> None:
        self.report = Report()
        self.readers = [Reader(number, port, self.report) for number in range(READERS)]
        began = time.monotonic() + 0.1
        for number in range(int(seconds * A_SECOND)):
            path = paths[number % len(paths)]
            self.readers[number % READERS].due.append((began + number / A_SECOND, path))
        for reader in self.readers:
            reader.start()

    def wait(self) -> Report:
        for reader in self.readers:
            reader.join()
        return self.report


def fetch(port: int, path: str) -> tuple[int | str, bytes]:
    """(status, or the name of what went wrong; body), over a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__, b""
    finally:
        connection.close()
