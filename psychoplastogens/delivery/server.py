"""granian with our settings, and able to stop at any moment.

    python -m psychoplastogens.delivery.server --host 127.0.0.1 --port 8000

Left alone, granian met three stops badly. A worker is a fork of the main process and keeps its
signal handlers until the application is loaded: a stop in that time was lost on it. Ctrl-C reaches
every process of a terminal, so a worker had it twice, from there and from the main process, and
hung on the second. A second Ctrl-C could find the main process inside the lock that its signal
handler takes, and then neither ever ended.
"""

import _thread
import argparse
import os
import resource
import signal
import subprocess
import sys
from functools import partial

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from psychoplastogens.delivery import listening

APPLICATION = "psychoplastogens.rsgi:application"
# Of each worker at a time. An idle one costs some kilobytes and ends after five seconds; beyond
# these everybody waits.
CONNECTIONS = 4_096
FILES_BESIDE = 256  # that a worker has open: the database, static files, the search index


def serve(host, port):
    os.umask(0o077)  # What is kept is for its owner alone, also in a folder that others may read.
    allow_files(CONNECTIONS + FILES_BESIDE)
    server = Granian(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        # In HTTP/2 one connection may open as many requests as it likes, and never end.
        http=HTTPModes.http1,
        workers=2,
        backlog=4_096,
        backpressure=CONNECTIONS,
        respawn_failed_workers=True,  # else one worker's end is everybody's
        respawn_interval=10,  # seconds for a new worker to start before its elder ends (SIGHUP)
        workers_kill_timeout=20,  # seconds; else a stuck request keeps the server from ending
        http1_settings=HTTP1Settings(header_read_timeout=5_000),  # ms; else 30 s for a slow client
        websockets=False,
        log_access=False,  # what is asked, and from where, is written nowhere
        log_level=LogLevels.warning,
    )
    server.on_startup(handle_signals_in_threads)
    os.register_at_fork(after_in_child=listen_to_the_main_process_alone)
    server.serve()


def listen_to_the_main_process_alone():
    """In a worker, from its first moment: the main process says when to stop, with SIGTERM."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def handle_signals_in_threads():
    """In the main process: a handler in a thread of its own waits for a lock, and gets it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, partial(in_thread, signal.getsignal(number)))


def in_thread(handler, number, frame):
    _thread.start_new_thread(handler, (number, None))


def refuse_unless_ready():
    """End here, with a sentence, where each worker would only meet the same lack.

    In a process of its own: the workers are forks of this one, and a reload is to meet new code.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychoplastogens.settings")
    asked = subprocess.run([sys.executable, "-m", "django", "ready"], stdout=subprocess.DEVNULL)
    if asked.returncode:
        sys.exit(asked.returncode)


def allow_files(number):
    """Let this process have so many files and sockets open, or as many as the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = number if hard == resource.RLIM_INFINITY else min(number, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m psychoplastogens.delivery.server")
    listening.add_arguments(parser)
    parser.add_argument("--prepared", action="store_true", help="Do not ask `manage.py ready`.")
    options = parser.parse_args()
    obstacle = listening.obstacle(options.host, options.port)
    if obstacle:
        sys.exit(obstacle)
    if not options.prepared:
        refuse_unless_ready()
    serve(options.host, options.port)
