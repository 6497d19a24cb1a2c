"""Starting the commands of manage.py as a person does, in a process of their own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tests import database_cache

PROJECT_DIR = Path(__file__).resolve().parent.parent
# A first start loads all content and compresses every static file, on a busy machine too.
SECONDS_TO_START = 300  # These end what hangs; a busy machine is only slow.
SECONDS_TO_STOP = 10  # Half of what the server grants a stuck worker.
SECONDS_FOR_A_COMMAND = 300


@dataclass
class RunningSite:
    """A site that answers. `printed()` is what it has told the person who started it."""

    url: str
    port: int
    data: Path
    process: subprocess.Popen
    seconds_to_start: float

    def printed(self) -> str:
        return get_log_path(self.data).read_text()

    def get(self, path: str, **headers: str):
        """The answer to a GET, whatever its status: has .status, .headers and .read()."""
        request = urllib.request.Request(self.url + path, headers=headers)
        try:
            return urllib.request.urlopen(request, timeout=10)
        except urllib.error.HTTPError as answer:
            return answer

    def send(self, number: int) -> None:
        """Signal each of its processes, as a terminal and systemd do."""
        os.killpg(self.process.pid, number)

    def stop(self, how: int = signal.SIGTERM) -> int:
        """Ask it to end, and return its exit code."""
        self.send(how)
        return self.process.wait(timeout=SECONDS_TO_STOP)


class CommandResult(NamedTuple):
    """How a command ended, and what it said to the person who started it."""

    code: int
    said: str


@contextmanager
def run_site(
    data: Path, *, host: str = "127.0.0.1", port: int | None = None
) -> Iterator[RunningSite]:
    """`manage.py serve` on a free port or this one, with everything that it keeps in `data`."""
    port, started = port or find_free_port(), time.monotonic()
    with get_log_path(data).open("a") as log:
        process = start_process("serve", f"--host={host}", f"--port={port}", data=data, stdout=log)
    site = RunningSite(f"http://{host}:{port}", port, data, process, 0)
    try:
        wait_until_ready(site)
        site.seconds_to_start = time.monotonic() - started
        yield site
    finally:
        if process.poll() is None:
            site.stop()


def copy_started_site(to: Path) -> Path:
    """Copy the data of a site that was started once and never visited, and what it printed.

    The first start takes most of a minute, so it is kept for all tests and all runs, until the
    code, the content or a static file changes.
    """
    kept = (
        database_cache.CACHE_DIR
        / f"site-{database_cache.compute_files_digest(PROJECT_DIR / 'static')}"
    )
    with database_cache.lock("site"):
        if not kept.exists():
            for older in database_cache.CACHE_DIR.glob("site-*"):
                shutil.rmtree(older)
            unfinished = Path(tempfile.mkdtemp(prefix="site-", dir=database_cache.CACHE_DIR))
            with run_site(unfinished / "data"):
                pass
            unfinished.rename(kept)
    shutil.copytree(kept / "data", to)
    shutil.copy(get_log_path(kept / "data"), get_log_path(to))
    return to


@contextmanager
def run_site_copy(folder: Path) -> Iterator[RunningSite]:
    """A site with all content that only its opener visits, with its data in `folder`."""
    with run_site(copy_started_site(folder / "data")) as site:
        yield site


def run_manage(*arguments: str, data: Path, top: Path = PROJECT_DIR) -> CommandResult:
    """Run a command of manage.py to its end, with both of its outputs in one text."""
    process = start_process(*arguments, data=data, top=top, stdout=subprocess.PIPE)
    try:
        said, _ = process.communicate(timeout=SECONDS_FOR_A_COMMAND)
    finally:
        if process.poll() is None:
            process.terminate()  # A server lets go of its port only when it may end by itself.
            process.communicate()
    return CommandResult(process.returncode, said)


def run_server(*arguments: str, data: Path) -> CommandResult:
    """Run the server's own module to its end, as a service manager does."""
    process = subprocess.Popen(
        [sys.executable, "-m", "psychoplastogens.delivery.server", *arguments],
        cwd=PROJECT_DIR, env=build_environment(data), text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        said, _ = process.communicate(timeout=SECONDS_FOR_A_COMMAND)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.communicate()
    return CommandResult(process.returncode, said)


def run_script(script: str, *, data: Path):
    """What a script that ran beside the site printed last, as JSON."""
    ended = run_manage("shell", "-c", script, data=data)
    assert ended.code == 0, ended.said
    return json.loads(ended.said.splitlines()[-1])


def start_process(*arguments: str, data: Path, top: Path = PROJECT_DIR, stdout) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments], cwd=top, env=build_environment(data), text=True,
        stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.STDOUT,
        start_new_session=True,
    )  # fmt: skip


def build_environment(data: Path) -> dict[str, str]:
    """This process's environment, less what would lead to another site's data.

    Its pages are made when they are asked for: to make all of them takes a minute of processor
    time, at each start and after each publication.
    """
    ours = {"DATABASE_URL", "SECRET_KEY", "DJANGO_ALLOW_ASYNC_UNSAFE"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {"PAGE_STORE_WARM_UP": "off", **kept, "UNDERSTORY_DATA": str(data)}


def wait_until_ready(site: RunningSite) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and site.process.poll() is None:
        try:
            if site.get("/healthz").status == 200:
                return
        except OSError:
            time.sleep(0.02)
    raise AssertionError(f"The site did not start:\n{site.printed()}")


def get_log_path(data: Path) -> Path:
    return data.with_name(f"{data.name}.log")


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
