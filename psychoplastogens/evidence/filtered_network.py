"""Connections to the public internet only, for addresses that staff and fixtures choose (SSRF).

Each host is resolved once, all its IP addresses must be allowed, and the connection uses one of
them without resolving again. httpcore makes each connection of a pool here, those of redirects
too.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from functools import cache

import httpcore

WEB_PORTS = {80, 443}
NAT64 = ipaddress.ip_network("64:ff9b::/96")

ConnectionFilter = Callable[[str, int], bool]
"""Whether a connection may go to an IP address and a port."""
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class UnsafeAddressError(Exception):
    """The address must not be fetched, or readers could not open it."""


class InvalidCertificateError(Exception):
    """Browsers would warn of the certificate."""


def is_public_address(ip: str, port: int) -> bool:
    """Whether a connection goes to the public internet, to port 80 or 443."""
    return port in WEB_PORTS and _is_public_ip(ipaddress.ip_address(ip))


def _is_public_ip(ip: IpAddress) -> bool:
    inner = _get_embedded_ipv4(ip)
    return _is_public_ip(inner) if inner else ip.is_global and not ip.is_multicast


def _get_embedded_ipv4(ip: IpAddress) -> ipaddress.IPv4Address | None:
    """The IPv4 address embedded in an IPv6 address (NAT64, mapped, 6to4, Teredo), or None."""
    if ip.version == 4:
        return None
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])


def make_pool(allows: ConnectionFilter, deadline: float) -> httpcore.ConnectionPool:
    """A pool whose connections go where `allows` says, and end at a time of the monotonic clock.

    Its requests raise UnsafeAddressError, InvalidCertificateError, OSError and errors of httpcore.
    """
    network = FilteredNetwork(allows, deadline)
    return httpcore.ConnectionPool(ssl_context=get_tls_context(), network_backend=network)


@cache
def get_tls_context() -> ssl.SSLContext:
    """The system's certificate authorities, with host name verification."""
    return ssl.create_default_context()


class FilteredNetwork(httpcore.SyncBackend):
    """Resolves each host here, judges the addresses, and connects to one of those judged."""

    def __init__(self, allows: ConnectionFilter, deadline: float):
        self.allows, self.deadline = allows, deadline

    def connect_tcp(self, host, port, timeout=None, **options):
        """A connection to the first address of `host` that accepts one."""
        numbers = _resolve_host(host, port)
        if not all(self.allows(number, port) for number in numbers):
            raise UnsafeAddressError(
                "It leads into a private network, or to a port where no pages are."
            )
        for number in numbers[:-1]:
            try:
                seconds = _get_seconds_left(self.deadline) / 2
                stream = super().connect_tcp(number, port, seconds, **options)
                break
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue  # The next number, or the last one below, says what is wrong.
        else:
            seconds = _get_seconds_left(self.deadline)
            stream = super().connect_tcp(numbers[-1], port, seconds, **options)
        return StreamWithDeadline(stream, self.deadline)


class StreamWithDeadline(httpcore.NetworkStream):
    """httpcore limits the time of each read and write; this limits the time of all of them."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float):
        self.stream, self.deadline = stream, deadline

    def read(self, max_bytes, timeout=None):
        return self.stream.read(max_bytes, _get_seconds_left(self.deadline))

    def write(self, buffer, timeout=None):
        self.stream.write(buffer, _get_seconds_left(self.deadline))

    def close(self):
        self.stream.close()

    def start_tls(self, ssl_context, server_hostname=None, timeout=None):
        seconds = _get_seconds_left(self.deadline)
        try:
            stream = self.stream.start_tls(ssl_context, server_hostname, seconds)
        except httpcore.ConnectError as error:
            if isinstance(error.__cause__, ssl.SSLCertVerificationError):
                raise InvalidCertificateError from error
            raise
        return StreamWithDeadline(stream, self.deadline)

    def get_extra_info(self, info):
        return self.stream.get_extra_info(info)


def _resolve_host(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def _get_seconds_left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
