"""granian, which can be stopped at any moment. `python -m` this module instead of `granian`.

Two things made a stop wait for --workers-kill-timeout. A worker is a fork of the main process and
keeps its signal handlers until the application is loaded: a stop in that time was lost on it. And
Ctrl-C reaches every process of a terminal, so a worker had it twice, from there and from the main
process, and hung on the second.
"""

import os
import signal


def listen_to_the_main_process_alone():
    """In a worker, from its first moment: the main process says when to stop, with SIGTERM."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


if __name__ == "__main__":
    from granian.cli import entrypoint

    os.register_at_fork(after_in_child=listen_to_the_main_process_alone)
    entrypoint()
