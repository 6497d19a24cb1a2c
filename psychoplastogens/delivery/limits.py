"""How often one client may ask, without keeping who it is.

Each worker counts for itself, in memory. A client is a keyed hash of its network address; the key
is random, lives in this process alone and is thrown away with all counts every few minutes, so
nobody can tell afterwards who asked. Nothing of it is written anywhere.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from threading import Lock
from time import monotonic

from django.shortcuts import render

from psychoplastogens.delivery.client_address import client_network

SECONDS_KEPT = 600
MOST_CLIENTS = 20_000


class Limit:
    """A bucket for each client: `at_once` requests from a full one, refilled `a_minute`.

    After `seconds_kept` all counts are forgotten, and every bucket is full again.
    """

    def __init__(
        self,
        a_minute: float,
        at_once: int,
        *,
        seconds_kept: int = SECONDS_KEPT,
        clock: Callable[[], float] = monotonic,
    ):
        self.a_second, self.at_once, self.clock = a_minute / 60, at_once, clock
        self.seconds_kept = seconds_kept
        self._lock = Lock()
        self.forget()

    def forget(self) -> None:
        self._key = secrets.token_bytes(16)
        self._since = self.clock()
        self._buckets: dict[bytes, tuple[float, float]] = {}

    def seconds_to_wait(self, client: str) -> int:
        """0 where `client` may ask now, and this is counted; else whole seconds, at least 1."""
        now = self.clock()
        with self._lock:
            if now - self._since > self.seconds_kept or len(self._buckets) >= MOST_CLIENTS:
                self.forget()
            name = blake2b(client.encode(), key=self._key, digest_size=8).digest()
            left, at = self._buckets.get(name, (self.at_once, now))
            left = min(self.at_once, left + (now - at) * self.a_second)
            if left < 1:
                return math.ceil((1 - left) / self.a_second)
            self._buckets[name] = (left - 1, now)
            return 0


CONNECT = Limit(120, 240)
"""Questions of record systems: more than MedlinePlus Connect grants (100 a minute), so that no
system made for it is stopped."""
SIGN_IN = Limit(10, 10)
"""Passwords typed at the sign-in. Each costs a hash that is slow on purpose."""
HANDOUTS = Limit(12, 24)
"""Handouts that nobody has asked for before, each printed anew. One that is kept counts nothing."""
LISTS = Limit(60, 120)
"""Pages of lists that anybody makes. A clinic shares one address: a waiting room opens its list."""

LIMITS = (CONNECT, SIGN_IN, HANDOUTS, LISTS)


class TooMany(Exception):
    """This client has to wait `seconds`. Answered with 429 (RFC 6585) and a page that says so."""

    def __init__(self, seconds: int):
        super().__init__(seconds)
        self.seconds = seconds


def count(limit: Limit, request) -> None:
    """Count this request of its client. Raises TooMany."""
    if wait := limit.seconds_to_wait(client_network(request)):
        raise TooMany(wait)


def limited(limit: Limit):
    """A view that each client may ask for only as often as `limit` says."""

    def decorate(view):
        @wraps(view)
        def wrapped(request, *args, **kwargs):
            count(limit, request)
            return view(request, *args, **kwargs)

        return wrapped

    return decorate


def too_many(request, seconds: int):
    """The page of 429. What was asked for is in its address, so trying again loses nothing."""
    response = render(request, "429.html", {"seconds": seconds}, status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
