"""Rate limits that do not store who the client is.

Each worker counts in its own memory. A client is a keyed hash of its network address; the random
key exists only in this process and is dropped with all counts every few minutes, so nobody can
reconstruct the addresses. Nothing is written to disk.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable
from functools import cache, wraps
from hashlib import blake2b
from ipaddress import IPv4Network, IPv6Network, ip_address
from threading import Lock
from time import monotonic

from django.conf import settings
from django.shortcuts import render

from psychoplastogens.delivery.client_ip import get_client_ip, get_client_network

KEY_LIFETIME_SECONDS = 600
MAX_CLIENTS = 20_000


class RateLimit:
    """A token bucket for each client: a `burst` of requests, refilled `per_minute`.

    After `key_lifetime` seconds all counts are dropped, and every bucket is full again.
    """

    def __init__(
        self,
        per_minute: float,
        burst: int,
        *,
        key_lifetime: int = KEY_LIFETIME_SECONDS,
        clock: Callable[[], float] = monotonic,
    ):
        self.per_second, self.burst, self.clock = per_minute / 60, burst, clock
        self.key_lifetime = key_lifetime
        self._lock = Lock()
        self.reset()

    def reset(self) -> None:
        self._key = secrets.token_bytes(16)
        self._since = self.clock()
        self._buckets: dict[bytes, tuple[float, float]] = {}

    def seconds_to_wait(self, client: str) -> int:
        """Count a request of `client`; return 0, or the seconds to wait if over the limit."""
        now = self.clock()
        with self._lock:
            if now - self._since > self.key_lifetime or len(self._buckets) >= MAX_CLIENTS:
                self.reset()
            name = blake2b(client.encode(), key=self._key, digest_size=8).digest()
            left, at = self._buckets.get(name, (self.burst, now))
            left = min(self.burst, left + (now - at) * self.per_second)
            if left < 1:
                return math.ceil((1 - left) / self.per_second)
            self._buckets[name] = (left - 1, now)
            return 0


CONNECT = RateLimit(120, 240)
"""Infobutton requests: more than MedlinePlus Connect allows (100 a minute), so that no system
built for that service is stopped."""
SIGN_IN = RateLimit(10, 10)
"""Login attempts. Each costs a password hash, which is slow on purpose."""
HANDOUTS = RateLimit(12, 24)
"""Handouts rendered anew. A cached one does not count."""
LISTS = RateLimit(60, 120)
"""Reading lists in an address. A whole waiting room may share one network address."""
SHORT_LISTS = RateLimit(2, 20)
"""Short links made for reading lists. Each is kept for ever."""
SHORT_LISTS_OF_ALL = RateLimit(1, 500, key_lifetime=24 * 3600)
"""The same for all clients together: codes of five letters are a bounded good."""
SIGN_UPS = RateLimit(1, 10)
"""Forms of clinics that want to join, and of a forgotten password. Each sends a mail, or costs a
password hash."""
SIGN_UP_MAILS = RateLimit(0.01, 3, key_lifetime=24 * 3600)
"""Mails of clinics that want to join to one mail address, whoever asks for them."""
PASSWORD_MAILS = RateLimit(0.01, 3, key_lifetime=24 * 3600)
"""Mails of a forgotten password to one mail address, whoever asks for them."""
SUGGESTIONS = RateLimit(240, 120)
"""Suggestions while somebody types. A whole waiting room may share one network address."""

LIMITS = (
    *(CONNECT, SIGN_IN, HANDOUTS, LISTS, SHORT_LISTS, SHORT_LISTS_OF_ALL),
    *(SIGN_UPS, SIGN_UP_MAILS, PASSWORD_MAILS, SUGGESTIONS),
)


class TooManyRequests(Exception):
    """The client has to wait `seconds`. Middleware answers 429 (RFC 6585) with a page."""

    def __init__(self, seconds: int):
        super().__init__(seconds)
        self.seconds = seconds


def check_rate_limit(limit: RateLimit, request) -> None:
    """Count this request. Raises TooManyRequests over the limit."""
    if wait := limit.seconds_to_wait(get_client_network(request)):
        raise TooManyRequests(wait)


def check_limit_of_all(limit: RateLimit) -> None:
    """Count a request of anybody. Raises TooManyRequests over the limit that all clients share."""
    if wait := limit.seconds_to_wait(""):
        raise TooManyRequests(wait)


def seconds_until_record_system_may_ask(request) -> int:
    """Count a question of a record system; return 0, or the seconds to wait if over the limit.

    One of a network in RECORD_SYSTEM_LIMITS counts against the limit of that network, which all
    its addresses share.
    """
    if (client := get_client_ip(request)) and settings.RECORD_SYSTEM_LIMITS:
        address = ip_address(client)
        address = getattr(address, "ipv4_mapped", None) or address
        for network, per_minute in settings.RECORD_SYSTEM_LIMITS.items():
            if address in network:
                return seconds_until_named_may_ask(network, per_minute)
    return CONNECT.seconds_to_wait(get_client_network(request))


def seconds_until_named_may_ask(name: str | IPv4Network | IPv6Network, per_minute: int) -> int:
    """Count a question of a record system that the operator has named; as the function above."""
    return _get_named_limit(name, per_minute).seconds_to_wait("")


@cache
def _get_named_limit(name: str | IPv4Network | IPv6Network, per_minute: int) -> RateLimit:
    """The limit of a named record system in this process: as CONNECT, twice its minute at once."""
    return RateLimit(per_minute, 2 * per_minute)


def rate_limited(limit: RateLimit):
    """Decorator: each client may request this view only as often as `limit` allows."""

    def decorate(view):
        @wraps(view)
        def wrapped(request, *args, **kwargs):
            check_rate_limit(limit, request)
            return view(request, *args, **kwargs)

        return wrapped

    return decorate


def render_too_many_requests(request, seconds: int):
    """The 429 page. The request is all in its address, so reloading it loses nothing."""
    response = render(request, "429.html", {"seconds": seconds}, status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
