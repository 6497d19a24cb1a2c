"""Run granian with our settings, so that it can be stopped at any moment.

    python -m psychoplastogens.delivery.server --host 127.0.0.1 --port 8000

By default granian handles three stops badly. A worker is a fork of the main process and keeps its
signal handlers until the application is loaded, so it ignores a stop in that time. Ctrl-C reaches
every process of a terminal, so a worker gets it twice, from there and from the main process, and
hangs on the second. A second Ctrl-C can find the main process inside the lock that its signal
handler takes: a deadlock.
"""

import _thread
import argparse
import os
import resource
import signal
import subprocess
import sys
import tempfile
from functools import partial

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from psychoplastogens.delivery import bind

APPLICATION = "psychoplastogens.rsgi:application"
# Per worker. An idle connection costs some kilobytes and ends after five seconds; further clients
# wait.
MAX_CONNECTIONS = 4_096
OTHER_OPEN_FILES = 256  # per worker: database, static files, search index


def run_server(host, port):
    os.umask(0o077)  # New files are readable by their owner only.
    raise_open_file_limit(MAX_CONNECTIONS + OTHER_OPEN_FILES)
    server = Granian(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        # In HTTP/2 one connection may open as many requests as it likes, and never end.
        http=HTTPModes.http1,
        workers=2,
        backlog=4_096,
        backpressure=MAX_CONNECTIONS,
        respawn_failed_workers=True,  # else one worker's end is everybody's
        respawn_interval=10,  # seconds for a new worker to start before its elder ends (SIGHUP)
        workers_kill_timeout=20,  # seconds; else a stuck request keeps the server from ending
        http1_settings=HTTP1Settings(header_read_timeout=5_000),  # ms; else 30 s for a slow client
        websockets=False,
        log_access=False,  # what is asked, and from where, is written nowhere
        log_level=LogLevels.warning,
    )
    server.on_startup(handle_signals_in_threads)
    with make_metrics_folder() as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        os.register_at_fork(after_in_child=partial(prepare_worker, folder))
        server.serve()


def make_metrics_folder():
    """A temporary folder in which the workers share the numbers of /metrics, for this start alone.

    In memory where the system has such a place: the files are mapped, and a process that writes
    into a mapped file on a full disk is killed.
    """
    memory = "/dev/shm"
    return tempfile.TemporaryDirectory(
        prefix="understory-metrics-",
        dir=memory if os.access(memory, os.W_OK) else None,
        ignore_cleanup_errors=True,
    )


def prepare_worker(metrics_folder):
    """In a worker, from its start."""
    ignore_terminal_signals()
    os.makedirs(metrics_folder, exist_ok=True)  # Something may have tidied it away since.


def ignore_terminal_signals():
    """Only SIGTERM of the main process stops a worker, never Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def handle_signals_in_threads():
    """In the main process: a handler in its own thread can wait for the lock and get it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, partial(run_handler_in_thread, signal.getsignal(number)))


def run_handler_in_thread(handler, number, frame):
    _thread.start_new_thread(handler, (number, None))


def exit_unless_ready():
    """Exit with a message if `manage.py ready` fails, instead of failing in each worker.

    It runs in a subprocess: workers are forks of this process, and a reload must import new code.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychoplastogens.settings")
    asked = subprocess.run([sys.executable, "-m", "django", "ready"], stdout=subprocess.DEVNULL)
    if asked.returncode:
        sys.exit(asked.returncode)


def raise_open_file_limit(number):
    """Allow this process `number` open files and sockets, or as many as the system permits."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = number if hard == resource.RLIM_INFINITY else min(number, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m psychoplastogens.delivery.server")
    bind.add_bind_arguments(parser)
    parser.add_argument("--prepared", action="store_true", help="Do not ask `manage.py ready`.")
    options = parser.parse_args()
    obstacle = bind.find_bind_error(options.host, options.port)
    if obstacle:
        sys.exit(obstacle)
    if not options.prepared:
        exit_unless_ready()
    run_server(options.host, options.port)
