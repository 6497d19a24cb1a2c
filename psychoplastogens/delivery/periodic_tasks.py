"""What a server does every minute, in a thread of each of its processes.

Apps register tasks. Each process runs them, so a task makes sure itself that it does its work once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.db import close_old_connections, connections

from psychoplastogens.delivery import sqlite_file

INTERVAL_SECONDS = 60.0

log = logging.getLogger(__name__)
_tasks: list[Callable[[], object]] = []


def register_periodic_task(task: Callable[[], object]) -> Callable[[], object]:
    """Decorator: a running server calls this function every minute, never two calls at a time."""
    _tasks.append(task)
    return task


def start(
    interval: float = INTERVAL_SECONDS, ended: threading.Event | None = None
) -> threading.Thread:
    """Start the thread. The first run is one interval from now.

    It ends with the process, or when `ended` is set.
    """
    arguments = (interval, ended or threading.Event())
    thread = threading.Thread(target=_run, args=arguments, name="periodic", daemon=True)
    thread.start()
    return thread


def run_tasks() -> None:
    """Run each task once. The error of one is logged, and it is called again the next time."""
    for task in _tasks:
        try:
            close_old_connections()
            sqlite_file.close_replaced_connections()
            task()
        except Exception:  # Whatever one raises, the others run all the same.
            log.exception("A periodic task failed")
    connections.close_all()


def _run(interval: float, ended: threading.Event) -> None:
    while not ended.wait(interval):
        run_tasks()
