"""Servers of one machine, measured in turn with wrk in short rounds.

Rates of a shared machine change from minute to minute. So each round visits every target in random
order, and what counts is the ratio of two targets within a round.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.bench.processes import get_children, get_memory, get_processor_seconds
from tests.bench.readers import fetch
from tests.server_process import find_free_port

CONNECTIONS = 16
SECONDS_TO_START = 60


class Server:
    """A server that runs from its making until `stop`. PORT in `command` is a free port."""

    def __init__(
        self, *command: str, folder: Path, ready: str = "/", port: int = 0, **environment: str
    ) -> None:
        self.port = port or find_free_port()
        words = [word.replace("PORT", str(self.port)) for word in command]
        with (folder / "servers.log").open("a") as log:
            self.process = subprocess.Popen(
                words, env={**os.environ, **environment}, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        end = time.monotonic() + SECONDS_TO_START
        while fetch(self.port, ready)[0] != 200:
            if time.monotonic() > end or self.process.poll() is not None:
                self.stop()
                sys.exit(f"{command[0]} does not answer:\n{(folder / 'servers.log').read_text()}")
            time.sleep(0.1)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=40)

    def get_worker_memory(self) -> float:
        """MB that a worker shares with no other process, the mean of all."""
        held = [get_memory(worker) for worker in get_children(self.process.pid)]
        workers = [size for size in held if size > max(held) / 2]
        return sum(workers) / len(workers)


@dataclass
class Target:
    """What is asked of a server, and what came of it: requests a second and processor time of the
    whole process tree for each, in microseconds; one of each for a round."""

    server: Server
    path: str = "/"
    headers: dict[str, str] = field(default_factory=dict)
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    def measure(self, seconds: int) -> None:
        sent = {"Host": "127.0.0.1", "Accept-Encoding": "br"} | self.headers
        options = [word for name in sent for word in ("-H", f"{name}: {sent[name]}")]
        before = get_processor_seconds(self.server.process.pid)
        done = subprocess.run(
            ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *options,
             f"http://127.0.0.1:{self.server.port}{self.path}"],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        used = get_processor_seconds(self.server.process.pid) - before
        assert "Non-2xx" not in done, f"{self.path}: {done}"
        requests = int(re.search(r"(\d+) requests in", done)[1])
        self.rates.append(float(re.search(r"Requests/sec: +([\d.]+)", done)[1]))
        self.costs.append(1e6 * used / max(requests, 1))


def measure_rounds(targets: dict[str, Target], rounds: int, seconds: int) -> None:
    for target in targets.values():
        target.measure(1)  # until all is warm
        target.rates.clear()
        target.costs.clear()
    for _ in range(rounds):
        for target in random.sample(list(targets.values()), len(targets)):
            target.measure(seconds)


class Ratio:
    """Of two rows of numbers, round by round."""

    def __init__(self, numbers: list[float], others: list[float]) -> None:
        self.all = sorted(one / other for one, other in zip(numbers, others, strict=True))
        self.median = median(self.all)

    def __str__(self) -> str:
        digits = 3 if self.median < 0.1 else 2
        return f"{self.median:.{digits}f} ({self.all[0]:.{digits}f} to {self.all[-1]:.{digits}f})"
