"""Which request asks for which stored response."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, resolve

from psychoplastogens.delivery.page_store.policies import NO_VIEW, STATIC_FILE, StoragePolicy

MAX_PATH_LENGTH = 200
MAX_PARAMETERS = 8
# Of what our links hold. Django answers everything else, each time.
_PATH = re.compile(r"/[A-Za-z0-9/._~-]*")
_VALUE = re.compile(r"[A-Za-z0-9:/._~-]{1,120}")

HeaderReader = Callable[[str], str | None]
"""Returns the value of the request header with this name in small letters."""


class StoreKey(NamedTuple):
    """What tells stored responses apart. `host` has no port; `query` is in one order."""

    scheme: str
    host: str
    path: str
    query: str = ""


class Target(NamedTuple):
    key: StoreKey
    policy: StoragePolicy


def read_key(scheme: str, path: str, query: str, get_header: HeaderReader) -> StoreKey | None:
    """The key of a request as it was sent; None for a host that is not ours."""
    host = normalize_host(get_header("host") or "")
    return StoreKey(read_scheme(scheme, get_header), host, path, query) if host else None


def read_scheme(scheme: str, get_header: HeaderReader) -> str:
    """http or https, as Django finds it (SECURE_PROXY_SSL_HEADER)."""
    name, secure = get_trusted_header()
    value = get_header(name) if name else None
    if value is None:
        return scheme
    return "https" if value.split(",", 1)[0].strip() == secure else "http"


@cache
def get_trusted_header() -> tuple[str, str]:
    """(name in small letters, value) of the header by which the proxy says https, or ('', '')."""
    name, secure = getattr(settings, "SECURE_PROXY_SSL_HEADER", None) or ("", "")
    return name.removeprefix("HTTP_").replace("_", "-").lower(), secure


@lru_cache(maxsize=256)
def normalize_host(header: str) -> str:
    """The domain in a Host header in small letters, without its port; '' if it is not allowed.

    Pages do not depend on the port, and anybody may send any: 65,000 ports are one key.
    """
    domain, _ = split_domain_port(header)
    return domain if domain and validate_host(domain, settings.ALLOWED_HOSTS) else ""


def find_target(key: StoreKey) -> Target | None:
    """What the store keeps of a request as it was sent, under the key in its one form.

    None where each request has to reach Django.
    """
    if len(key.path) > MAX_PATH_LENGTH or not _PATH.fullmatch(key.path):
        return None
    if settings.SECURE_SSL_REDIRECT and key.scheme != "https":
        return None
    if key.path.startswith(settings.SESSION_COOKIE_PATH):
        return None
    policy = find_policy(key.path)
    if policy is None:
        return None
    query = normalize_query(key.query, policy.parameters)
    return None if query is None else Target(key._replace(query=query), policy)


def find_policy(path: str) -> StoragePolicy | None:
    """What the view of `path` lets the store keep; None for nothing."""
    if path.startswith(settings.STATIC_URL):
        return STATIC_FILE
    try:
        view = resolve(path).func
    except Resolver404:
        return NO_VIEW
    return getattr(view, "storage_policy", None)


def normalize_query(query: str, allowed: frozenset[str]) -> str | None:
    """`query` in one order and spelling; None if it holds other names or what a reader typed."""
    if not query:
        return ""
    if len(query) > MAX_PATH_LENGTH:
        return None
    pairs = parse_qsl(query, keep_blank_values=True)
    known = all(name in allowed and _VALUE.fullmatch(value) for name, value in pairs)
    if not pairs or not known or len(pairs) > MAX_PARAMETERS:
        return None
    return urlencode(sorted(pairs, key=lambda pair: pair[0]))
