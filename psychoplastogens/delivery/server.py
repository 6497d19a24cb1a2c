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
import signal
from functools import partial

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from psychoplastogens.delivery import listening

APPLICATION = "psychoplastogens.wsgi:application"


def serve(host, port):
    server = Granian(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=2,
        blocking_threads=4,
        respawn_failed_workers=True,  # else one worker's end is everybody's
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


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m psychoplastogens.delivery.server")
    listening.add_arguments(parser)
    options = parser.parse_args()
    serve(options.host, options.port)
