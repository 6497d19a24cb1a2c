"""Fetch an external address to see whether it works: one GET, of which only the head is read.

Staff and fixtures choose the addresses, so requests must not reach our own network (SSRF): each
host is resolved once, all its IP addresses must be public, and the connection uses one of them
without resolving again. The same holds for each redirect. Time and size are limited.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from django.conf import settings

from psychoplastogens.evidence.link_check import LinkCheck

TIMEOUT_SECONDS = 15
"""For one address with all its redirects; DNS has the timeout of the system."""
MAX_REDIRECTS = 5
MAX_HEADER_BYTES = 64_000
DEFAULT_PORTS = {"http": 80, "https": 443}
REDIRECT_STATUSES = {301, 302, 303, 307, 308}
NAT64 = ipaddress.ip_network("64:ff9b::/96")
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]*:[0-9a-f:.]*", re.IGNORECASE)
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-9]\d\d)(?: [^\r\n]*)?\r?\n")

ConnectionFilter = Callable[[str, int], bool]
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class FetchResult:
    """The outcome of a fetch, in terms of LinkCheck.

    `is_unreachable` means that no connection was possible; this machine may be offline.
    """

    state: LinkCheck.State
    status: int | None = None
    problem: str = ""
    suggested_fix: str = ""
    is_unreachable: bool = False


class UnsafeAddressError(Exception):
    """The address must not be fetched, or readers could not open it."""


class InvalidResponseError(Exception):
    """The response is not HTTP."""


def is_public_address(ip: str, port: int) -> bool:
    """Whether a connection goes to the public internet, to port 80 or 443."""
    return port in DEFAULT_PORTS.values() and _is_public_ip(ipaddress.ip_address(ip))


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


def fetch_link(
    address: str, *, allows: ConnectionFilter = is_public_address, seconds: float = TIMEOUT_SECONDS
) -> FetchResult:
    """Fetch `address`, follow its redirects, and classify the result.

    `allows(ip, port)` decides where a connection may go; only tests pass it.
    """
    deadline = time.monotonic() + seconds
    try:
        return _follow_redirects(address, allows, deadline)
    except UnsafeAddressError as refusal:
        return _broken(str(refusal), "Use the address that readers can open.")
    except socket.gaierror as failure:
        return replace(_classify_dns_error(failure), is_unreachable=True)
    except ssl.SSLCertVerificationError:
        return _broken(
            "Its certificate is not valid, so browsers warn of it.",
            "Look for the page under another address.",
        )
    except TimeoutError:
        answer = _caution(f"It did not answer within {seconds:g} seconds.", TRY_LATER)
        return replace(answer, is_unreachable=True)
    except (OSError, http.client.HTTPException, InvalidResponseError):
        return replace(
            _caution("It could not be reached, or broke off.", TRY_LATER), is_unreachable=True
        )


TRY_LATER = "Open it by hand. It is asked again at the next check."


def _follow_redirects(address: str, allows: ConnectionFilter, deadline: float) -> FetchResult:
    visited = set()
    while len(visited) <= MAX_REDIRECTS:
        status, location = _fetch_head(address, allows, deadline)
        if status not in REDIRECT_STATUSES or not location:
            return classify_status(status)
        visited.add(address)
        try:
            address = urljoin(address, location)
        except ValueError as wrong:
            raise UnsafeAddressError(
                "It leads on to an address that is not well formed."
            ) from wrong
        if address in visited:
            return _broken("It leads round in a circle.", "Look for where the page is now.")
    return _caution(
        f"It leads on more than {MAX_REDIRECTS} times.", "Use the address at which it ends."
    )


def _fetch_head(address: str, allows: ConnectionFilter, deadline: float) -> tuple[int, str]:
    """The status of the response and its Location, or ''."""
    parts, host, port = _parse_address(address)
    numbers = _resolve_host(host, port)
    if not all(allows(number, port) for number in numbers):
        raise UnsafeAddressError(
            "It leads into a private network, or to a port where no pages are."
        )
    with _connect(numbers, port, deadline) as line:
        if parts.scheme != "https":
            return _send_request(line, parts, host, deadline)
        line.settimeout(_get_seconds_left(deadline))
        with get_tls_context().wrap_socket(line, server_hostname=host) as safe:
            return _send_request(safe, parts, host, deadline)


@cache
def get_tls_context() -> ssl.SSLContext:
    """The system's certificate authorities, with host name verification."""
    return ssl.create_default_context()


def _parse_address(address: str) -> tuple[SplitResult, str, int]:
    """The parts of `address`, its host in IDNA form, and its port. Raises UnsafeAddressError."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    except ValueError as wrong:  # UnicodeError among them
        raise UnsafeAddressError("The address is not well formed.") from wrong
    if parts.scheme not in DEFAULT_PORTS:
        raise UnsafeAddressError("It does not begin with https:// or http://.")
    if parts.username is not None or parts.password is not None:
        raise UnsafeAddressError("It holds a name or a password.")
    if not _HOST.fullmatch(host):
        raise UnsafeAddressError("The address is not well formed.")
    return parts, host, port


def _resolve_host(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def _connect(numbers: list[str], port: int, deadline: float) -> socket.socket:
    """A connection to the first of `numbers` that accepts one."""
    for number in numbers[:-1]:
        try:
            return socket.create_connection((number, port), timeout=_get_seconds_left(deadline) / 2)
        except OSError:
            continue  # The next number, or the last one below, says what is wrong.
    return socket.create_connection((numbers[-1], port), timeout=_get_seconds_left(deadline))


def _get_seconds_left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _send_request(
    line: socket.socket, parts: SplitResult, host: str, deadline: float
) -> tuple[int, str]:
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    if parts.query:
        target += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~?")
    name = f"[{host}]" if ":" in host else host
    if parts.port:
        name += f":{parts.port}"
    line.settimeout(_get_seconds_left(deadline))
    line.sendall(
        f"GET {target} HTTP/1.1\r\nHost: {name}\r\nAccept: text/html,*/*;q=0.8\r\n"
        f"User-Agent: {_build_user_agent()}\r\nConnection: close\r\n\r\n".encode("ascii")
    )
    return _read_head(line, deadline)


def _build_user_agent() -> str:
    name = re.sub(r"[^\x21-\x7e]", "", settings.SITE_NAME)
    return f"{name}-link-check (+{quote(settings.SITE_ORIGIN, safe=':/')})"


def _read_head(line: socket.socket, deadline: float) -> tuple[int, str]:
    """Read to the end of the headers, skipping 1xx responses (RFC 9110, section 15.2)."""
    got = b""
    while True:
        head, end, rest = got.partition(b"\r\n\r\n")
        if end and (status := _STATUS.match(head + b"\r\n")):
            if int(status[1]) >= 200:
                headers = http.client.parse_headers(io.BytesIO(head[status.end() :] + b"\r\n\r\n"))
                return int(status[1]), _decode_location(headers.get("Location", ""))
            got = rest
            continue
        line.settimeout(_get_seconds_left(deadline))
        more = line.recv(8_192) if len(got) <= MAX_HEADER_BYTES and not end else b""
        if not more:
            raise InvalidResponseError
        got += more


def _decode_location(value: str) -> str:
    """Decode UTF-8 addresses, which the header parser reads as Latin-1."""
    return value.encode("latin-1", "replace").decode("utf-8", "replace")


def classify_status(status: int) -> FetchResult:
    """What a status means (RFC 9110, section 15), as the link checker of GOV.UK does."""
    if 200 <= status < 300:
        return FetchResult(LinkCheck.State.OK, status)
    if status in (404, 410):
        return _broken(
            "There is no such page any more.",
            "Look for its new address, or for an archived copy.",
            status,
        )
    if status in (401, 402, 407):
        return _caution(
            "It asks for a name and a password.", "Cite a page that all can read.", status
        )
    if status in (403, 405, 406, 429, 451) or status > 599:
        return _caution(
            "It does not answer machines.", "Open it by hand to see that it is there.", status
        )
    if status >= 500:
        return _caution(f"Its server is out of order (HTTP status {status}).", TRY_LATER, status)
    return _broken(
        f"It refuses the request (HTTP status {status}).",
        "Open it by hand, and mend the address.",
        status,
    )


def _broken(problem: str, fix: str, status: int | None = None) -> FetchResult:
    return FetchResult(LinkCheck.State.BROKEN, status, problem, fix)


def _caution(problem: str, fix: str, status: int | None = None) -> FetchResult:
    return FetchResult(LinkCheck.State.CAUTION, status, problem, fix)


def _classify_dns_error(failure: socket.gaierror) -> FetchResult:
    if failure.errno == socket.EAI_AGAIN:
        return _caution("Its name could not be looked up just now.", TRY_LATER)
    return _broken("There is no site of this name.", "Look for the new address of the page.")
