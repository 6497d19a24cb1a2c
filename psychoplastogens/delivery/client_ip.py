"""The network address of a client, for lockouts and rate limits."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from django.conf import settings


def get_client_ip(request) -> str | None:
    """The network address of the client, or None where there is none (a Unix socket).

    Behind a proxy it is the last address in X-Forwarded-For, which our proxy added; the client can
    forge all earlier ones. Some proxies add the port. A request without a valid last address is
    taken to come directly from REMOTE_ADDR.
    """
    seen = [request.META.get("REMOTE_ADDR", "")]
    if settings.BEHIND_PROXY:
        seen.insert(0, request.headers.get("X-Forwarded-For", "").rpartition(",")[2])
    return next(filter(None, map(_parse_ip, seen)), None)


def get_client_network(request) -> str:
    """What rate limits count as one client: an IPv4 address or an IPv6 /64; '' if there is none."""
    address = get_client_ip(request)
    if address is None:
        return ""
    known = ip_address(address)
    if known.version == 4 or known.ipv4_mapped:
        return address
    return str(ip_network((known, 64), strict=False))


def _parse_ip(text: str) -> str | None:
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
