"""Where a request comes from: one answer for lock-outs and for limits."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from django.conf import settings


def client_address(request) -> str | None:
    """The network address of the client, or None where there is none (a Unix socket).

    Behind a proxy it is the last address in X-Forwarded-For, which our proxy has put there: what
    stands before it is whatever the client wrote. Some proxies add the port. A request without a
    readable one came to us directly.
    """
    seen = [request.META.get("REMOTE_ADDR", "")]
    if settings.BEHIND_PROXY:
        seen.insert(0, request.headers.get("X-Forwarded-For", "").rpartition(",")[2])
    return next(filter(None, map(_readable, seen)), None)


def client_network(request) -> str:
    """What limits count as one client: an address, of IPv6 its /64; '' where there is none."""
    address = client_address(request)
    if address is None:
        return ""
    known = ip_address(address)
    if known.version == 4 or known.ipv4_mapped:
        return address
    return str(ip_network((known, 64), strict=False))


def _readable(text: str) -> str | None:
    """'203.0.113.7', '203.0.113.7:4711', '[2001:db8::1]:443' and '2001:db8::1' as an address."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ip_address(text))
    except ValueError:
        return None
