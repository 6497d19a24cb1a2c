"""How often one client may ask, without keeping who it is.

Each worker counts for itself, in memory. A client is a keyed hash of its network address; the key
is random, lives in this process alone and is thrown away with all counts every ten minutes, so
nobody can tell afterwards who asked. Nothing of it is written anywhere.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable
from hashlib import blake2b
from ipaddress import ip_address, ip_network
from threading import Lock
from time import monotonic

from django.conf import settings

A_MINUTE, AT_ONCE = 120, 240
"""More than MedlinePlus Connect grants (100 a minute), so that no client made for it is stopped."""
SECONDS_KEPT = 600
MOST_CLIENTS = 20_000


class Limit:
    """A bucket for each client: `at_once` requests from a full one, refilled `a_minute`."""

    def __init__(self, a_minute: int, at_once: int, clock: Callable[[], float] = monotonic):
        self.a_second, self.at_once, self.clock = a_minute / 60, at_once, clock
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
            if now - self._since > SECONDS_KEPT or len(self._buckets) >= MOST_CLIENTS:
                self.forget()
            name = blake2b(client.encode(), key=self._key, digest_size=8).digest()
            left, at = self._buckets.get(name, (self.at_once, now))
            left = min(self.at_once, left + (now - at) * self.a_second)
            if left < 1:
                return math.ceil((1 - left) / self.a_second)
            self._buckets[name] = (left - 1, now)
            return 0


asking = Limit(A_MINUTE, AT_ONCE)


def client_of(request) -> str:
    """The network that a request comes from: an address, of IPv6 the 64 bits of the network.

    Behind a proxy it is the last address that the proxy has put into X-Forwarded-For; what
    stands before it is whatever the client wrote.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        known = ip_address(address)
    except ValueError:
        return ""
    if known.version == 4 or known.ipv4_mapped:
        return str(known)
    return str(ip_network((known, 64), strict=False))
