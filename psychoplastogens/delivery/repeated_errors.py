"""A log that can be read in an outage: what repeats itself is counted, not written again.

A database that is away breaks every request that needs it. The first of these errors is written,
and then one line a minute says how many there were. Of any other error the traceback is written
once a minute; further ones are a short line each, with their number (see `OneLineFormatter`).
"""

from __future__ import annotations

import logging
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from threading import Lock, Timer
from time import monotonic

from django.db import InterfaceError, OperationalError

INTERVAL_SECONDS = 60
OUTAGE_ERRORS = (OperationalError, InterfaceError)

log = logging.getLogger(__name__)


def start_timer(seconds: float, function: Callable[[], None]) -> None:
    timer = Timer(seconds, function)
    timer.daemon = True  # It does not keep a process from ending.
    timer.start()


class RepeatedErrorsFilter(logging.Filter):
    """Drops errors of an outage that is being counted, and numbers tracebacks that come again."""

    def __init__(self, clock=monotonic, start_timer=start_timer):
        super().__init__()
        self._clock, self._start_timer = clock, start_timer
        self._lock = Lock()
        self._counted_until = self._tracebacks_since = 0.0
        self._uncounted = 0
        self._tracebacks: Counter[int] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        if any(isinstance(error, OUTAGE_ERRORS) for error in iter_errors(record)):
            return self._starts_outage()
        if record.exc_info and record.exc_info[1]:
            record.repetition = self._count_traceback(record.exc_info[1])
            return True
        # Of a request that an outage broke, whose error was counted where it was caught.
        return getattr(record, "status_code", 0) < 500 or self._clock() >= self._counted_until

    def _starts_outage(self) -> bool:
        """Count an error; whether it is the first one."""
        with self._lock:
            now = self._clock()
            if now < self._counted_until:
                self._uncounted += 1
                return False
            self._counted_until = now + INTERVAL_SECONDS
        self._start_timer(INTERVAL_SECONDS, self._write_count)
        return True

    def _write_count(self) -> None:
        """Write how many errors there were in the last minute, as long as there are any."""
        with self._lock:
            count, self._uncounted = self._uncounted, 0
            if count:
                self._counted_until = self._clock() + INTERVAL_SECONDS
        if count:
            log.error("%s more errors of the database in %s seconds", count, INTERVAL_SECONDS)
            self._start_timer(INTERVAL_SECONDS, self._write_count)

    def _count_traceback(self, error: BaseException) -> int:
        """How often it was seen before in this minute."""
        key = hash(tuple(iter_code_locations(error)))
        with self._lock:
            if self._clock() - self._tracebacks_since >= INTERVAL_SECONDS:
                self._tracebacks.clear()
                self._tracebacks_since = self._clock()
            self._tracebacks[key] += 1
            return self._tracebacks[key] - 1


def iter_errors(record: logging.LogRecord) -> Iterator[object]:
    """What may be an exception in a record: raised, passed as `error`, or part of the message."""
    yield record.exc_info and record.exc_info[1]
    yield getattr(record, "error", None)
    if isinstance(record.args, tuple):
        yield from record.args


def iter_code_locations(error: BaseException) -> Iterator[tuple]:
    """The type of an error and the places that it went through, with those of its cause."""
    yield (type(error),)
    for frame, line in traceback.walk_tb(error.__traceback__):
        yield frame.f_code.co_filename, line
    if cause := error.__cause__ or error.__context__:
        yield from iter_code_locations(cause)
