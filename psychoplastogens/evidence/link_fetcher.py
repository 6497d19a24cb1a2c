"""Fetch an external address to see whether it works: one GET, of which only the head is read.

Staff and fixtures choose the addresses: filtered_network says where requests may go. Time is
limited here, the size of a head by h11.
"""

from __future__ import annotations

import re
import socket
import time
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import httpcore
from django.conf import settings

from psychoplastogens.evidence.filtered_network import (
    ConnectionFilter,
    InvalidCertificateError,
    UnsafeAddressError,
    is_public_address,
    make_pool,
)
from psychoplastogens.evidence.link_check import LinkCheck

TIMEOUT_SECONDS = 15
"""For one address with all its redirects; DNS has the timeout of the system."""
MAX_REDIRECTS = 5
DEFAULT_PORTS = {"http": 80, "https": 443}
REDIRECT_STATUSES = {301, 302, 303, 307, 308}
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]*:[0-9a-f:.]*", re.IGNORECASE)


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
    except InvalidCertificateError:
        return _broken(
            "Its certificate is not valid, so browsers warn of it.",
            "Look for the page under another address.",
        )
    except (TimeoutError, httpcore.TimeoutException):
        answer = _caution(f"It did not answer within {seconds:g} seconds.", TRY_LATER)
        return replace(answer, is_unreachable=True)
    except (OSError, httpcore.NetworkError, httpcore.ProtocolError):
        return replace(
            _caution("It could not be reached, or broke off.", TRY_LATER), is_unreachable=True
        )


TRY_LATER = "Open it by hand. It is asked again at the next check."


def _follow_redirects(address: str, allows: ConnectionFilter, deadline: float) -> FetchResult:
    visited: set[str] = set()
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
    url = httpcore.URL(scheme=parts.scheme, host=host, port=port, target=_build_target(parts))
    name = f"[{host}]" if ":" in host else host
    headers: dict[bytes | str, bytes | str] = {
        "Host": f"{name}:{parts.port}" if parts.port else name,
        "Accept": "text/html,*/*;q=0.8",
        "User-Agent": _build_user_agent(),
        "Connection": "close",
    }
    with (
        make_pool(allows, deadline) as pool,
        pool.stream("GET", url, headers=headers) as response,
    ):
        return response.status, _get_location(response)


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


def _build_target(parts: SplitResult) -> str:
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    if parts.query:
        target += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~?")
    return target


def _build_user_agent() -> str:
    name = re.sub(r"[^\x21-\x7e]", "", settings.SITE_NAME)
    return f"{name}-link-check (+{quote(settings.SITE_ORIGIN, safe=':/')})"


def _get_location(response: httpcore.Response) -> str:
    found = (value for name, value in response.headers if name.lower() == b"location")
    return next(found, b"").decode("utf-8", "replace")


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
