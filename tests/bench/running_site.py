"""This site as a server of its own, for benchmarks: with its public addresses, warm."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.processes import get_children, get_memory, get_process_tree
from tests.bench.readers import fetch
from tests.server_process import PROJECT_DIR, find_free_port

UNSTORED = (
    "/search/?q=ketamine",
    "/connect/service?mainSearchCriteria.v.c=F33.2&mainSearchCriteria.v.cs=2.16.840.1.113883.6.90",
)
SECONDS_FOR_NEW_WORKERS = 15
"""A reload replaces two workers, ten seconds apart at most."""


class Site:
    """A server with the data in `data`, which may be ended and started anew."""

    def __init__(self, data: Path, log: Path) -> None:
        self.data, self.log, self.port = data, log, find_free_port()
        self.environment = {**os.environ, "UNDERSTORY_DATA": str(data)}
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        module = ["-m", "psychoplastogens.delivery.server", "--prepared", f"--port={self.port}"]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, *module], cwd=PROJECT_DIR, env=self.environment, stdout=log,
                stderr=log, start_new_session=True,
            )  # fmt: skip
        while fetch(self.port, "/readyz")[0] != 200:
            time.sleep(0.1)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=40)

    def reload(self) -> None:
        """New workers for old ones, one after the other."""
        self.process.send_signal(signal.SIGHUP)
        time.sleep(SECONDS_FOR_NEW_WORKERS)

    def restart(self) -> None:
        self.stop()
        self.start()

    def kill_worker(self) -> None:
        os.kill(max(get_children(self.process.pid), key=get_memory), signal.SIGKILL)

    def kill(self) -> None:
        """All of its processes at once, as the system does where memory runs out."""
        for process in get_process_tree(self.process.pid):
            os.kill(process, signal.SIGKILL)
        self.process.wait()

    def read_public_paths(self) -> list[str]:
        """Every address of the sitemap, and some that are not stored."""
        sitemap = fetch(self.port, "/sitemap.xml")[1].decode()
        return [*re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", sitemap), *UNSTORED]

    def warm(self, paths: list[str]) -> None:
        """Until each worker has everything in memory, and has written what it counted."""
        for _ in range(6):
            for path in paths:
                fetch(self.port, path)
        time.sleep(2)
