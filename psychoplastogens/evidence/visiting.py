"""Asking an address outside this site whether it is there: one polite GET, of which only the
head of the answer is read.

Staff and fixtures decide what is asked, so nothing inside our own network may answer: each host is
looked up once, each of its numbers must be public, and the connection goes to that number and to
no other (no second look-up). The same holds for each redirect. Time and size are bounded.
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

SECONDS = 15
"""For one address, with all its redirects; the look-up of a name is bounded by the system."""
MOST_REDIRECTS = 5
LARGEST_HEAD = 64_000
PORTS = {"http": 80, "https": 443}
REDIRECTS = {301, 302, 303, 307, 308}
NAT64 = ipaddress.ip_network("64:ff9b::/96")
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]*:[0-9a-f:.]*", re.IGNORECASE)
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-9]\d\d)(?: [^\r\n]*)?\r?\n")

Allows = Callable[[str, int], bool]
Number = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Answer:
    """What came of a visit, in the words of LinkCheck.

    `no_way` says that nobody was reached: the fault may be on our side.
    """

    state: LinkCheck.State
    status: int | None = None
    problem: str = ""
    suggested_fix: str = ""
    no_way: bool = False


class Refused(Exception):
    """The address is not one that we open, or that readers could."""


class NoAnswer(Exception):
    """Something answered, but not as HTTP does."""


def is_outside(ip: str, port: int) -> bool:
    """Whether a connection leads to the public internet, to a port where pages are."""
    return port in PORTS.values() and _is_public(ipaddress.ip_address(ip))


def _is_public(ip: Number) -> bool:
    inner = _carried_by(ip)
    return _is_public(inner) if inner else ip.is_global and not ip.is_multicast


def _carried_by(ip: Number) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address only stands for."""
    if ip.version == 4:
        return None
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])


def visit(address: str, *, allows: Allows = is_outside, seconds: float = SECONDS) -> Answer:
    """Ask `address`, and where it redirects to, and say what came of it.

    `allows(ip, port)` decides where a connection may go. Tests open their own machine with it;
    nothing else passes it.
    """
    deadline = time.monotonic() + seconds
    try:
        return _follow(address, allows, deadline)
    except Refused as refusal:
        return _broken(str(refusal), "Use the address that readers can open.")
    except socket.gaierror as failure:
        return replace(_name_unknown(failure), no_way=True)
    except ssl.SSLCertVerificationError:
        return _broken(
            "Its certificate is not valid, so browsers warn of it.",
            "Look for the page under another address.",
        )
    except TimeoutError:
        answer = _caution(f"It did not answer within {seconds:g} seconds.", LATER)
        return replace(answer, no_way=True)
    except (OSError, http.client.HTTPException, NoAnswer):
        return replace(_caution("It could not be reached, or broke off.", LATER), no_way=True)


LATER = "Open it by hand. It is asked again at the next check."


def _follow(address: str, allows: Allows, deadline: float) -> Answer:
    visited = set()
    while len(visited) <= MOST_REDIRECTS:
        status, location = _head(address, allows, deadline)
        if status not in REDIRECTS or not location:
            return judged(status)
        visited.add(address)
        try:
            address = urljoin(address, location)
        except ValueError as wrong:
            raise Refused("It leads on to an address that is not well formed.") from wrong
        if address in visited:
            return _broken("It leads round in a circle.", "Look for where the page is now.")
    return _caution(
        f"It leads on more than {MOST_REDIRECTS} times.", "Use the address at which it ends."
    )


def _head(address: str, allows: Allows, deadline: float) -> tuple[int, str]:
    """The status of what `address` answers, and its Location or ''."""
    parts, host, port = _opened(address)
    numbers = _numbers_of(host, port)
    if not all(allows(number, port) for number in numbers):
        raise Refused("It leads into a private network, or to a port where no pages are.")
    with _connected(numbers, port, deadline) as line:
        if parts.scheme != "https":
            return _ask(line, parts, host, deadline)
        line.settimeout(_left(deadline))
        with certificates().wrap_socket(line, server_hostname=host) as safe:
            return _ask(safe, parts, host, deadline)


@cache
def certificates() -> ssl.SSLContext:
    """Those that browsers trust; a name that does not fit is refused."""
    return ssl.create_default_context()


def _opened(address: str) -> tuple[SplitResult, str, int]:
    """The parts of `address`, its host as the network knows it, and its port."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as wrong:  # UnicodeError among them
        raise Refused("The address is not well formed.") from wrong
    if parts.scheme not in PORTS:
        raise Refused("It does not begin with https:// or http://.")
    if parts.username is not None or parts.password is not None:
        raise Refused("It holds a name or a password.")
    if not _HOST.fullmatch(host):
        raise Refused("The address is not well formed.")
    return parts, host, port


def _numbers_of(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def _connected(numbers: list[str], port: int, deadline: float) -> socket.socket:
    """A connection to the first of `numbers` that takes one."""
    for number in numbers[:-1]:
        try:
            return socket.create_connection((number, port), timeout=_left(deadline) / 2)
        except OSError:
            continue  # The next number, or the last one below, says what is wrong.
    return socket.create_connection((numbers[-1], port), timeout=_left(deadline))


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _ask(line: socket.socket, parts: SplitResult, host: str, deadline: float) -> tuple[int, str]:
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    if parts.query:
        target += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~?")
    name = f"[{host}]" if ":" in host else host
    if parts.port:
        name += f":{parts.port}"
    line.settimeout(_left(deadline))
    line.sendall(
        f"GET {target} HTTP/1.1\r\nHost: {name}\r\nAccept: text/html,*/*;q=0.8\r\n"
        f"User-Agent: {_who()}\r\nConnection: close\r\n\r\n".encode("ascii")
    )
    return _read_head(line, deadline)


def _who() -> str:
    name = re.sub(r"[^\x21-\x7e]", "", settings.SITE_NAME)
    return f"{name}-link-check (+{quote(settings.SITE_ORIGIN, safe=':/')})"


def _read_head(line: socket.socket, deadline: float) -> tuple[int, str]:
    """Read up to the end of the headers, past interim answers (RFC 9110, section 15.2)."""
    got = b""
    while True:
        head, end, rest = got.partition(b"\r\n\r\n")
        if end and (status := _STATUS.match(head + b"\r\n")):
            if int(status[1]) >= 200:
                headers = http.client.parse_headers(io.BytesIO(head[status.end() :] + b"\r\n\r\n"))
                return int(status[1]), _location(headers.get("Location", ""))
            got = rest
            continue
        line.settimeout(_left(deadline))
        more = line.recv(8_192) if len(got) <= LARGEST_HEAD and not end else b""
        if not more:
            raise NoAnswer
        got += more


def _location(value: str) -> str:
    """Some sites send addresses in UTF-8, which the parser of headers takes for Latin-1."""
    return value.encode("latin-1", "replace").decode("utf-8", "replace")


def judged(status: int) -> Answer:
    """What a status says (RFC 9110, section 15), after the link checker of GOV.UK."""
    if 200 <= status < 300:
        return Answer(LinkCheck.State.OK, status)
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
        return _caution(f"Its server is out of order (HTTP status {status}).", LATER, status)
    return _broken(
        f"It refuses the request (HTTP status {status}).",
        "Open it by hand, and mend the address.",
        status,
    )


def _broken(problem: str, fix: str, status: int | None = None) -> Answer:
    return Answer(LinkCheck.State.BROKEN, status, problem, fix)


def _caution(problem: str, fix: str, status: int | None = None) -> Answer:
    return Answer(LinkCheck.State.CAUTION, status, problem, fix)


def _name_unknown(failure: socket.gaierror) -> Answer:
    if failure.errno == socket.EAI_AGAIN:
        return _caution("Its name could not be looked up just now.", LATER)
    return _broken("There is no site of this name.", "Look for the new address of the page.")
