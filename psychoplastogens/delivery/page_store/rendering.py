"""Asks Django for the response to store: for nobody in particular."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from time import time as now
from typing import NamedTuple

from django.utils import timezone

from psychoplastogens.delivery.content_coding import FAST_COMPRESSORS
from psychoplastogens.delivery.page_store import memory
from psychoplastogens.delivery.page_store.policies import STATIC_FILE
from psychoplastogens.delivery.page_store.requests import StoreKey, Target
from psychoplastogens.delivery.page_store.responses import (
    CODINGS,
    PLAIN,
    Form,
    Headers,
    Reply,
    StoredResponse,
    build_form,
    build_forms,
    compress_body,
    compute_digest,
    get_value,
    prepare_headers,
)
from psychoplastogens.delivery.responses import OneOffResponse

STORED_STATUSES = {200, 301, 302, 303, 307, 308, 404, 410}
_FORBIDDEN_DIRECTIVES = re.compile(r"\b(?:private|no-store|no-cache)\b")
_MAX_AGE = re.compile(r"\bmax-age=(\d+)")

WsgiApplication = Callable[[dict, Callable], Iterable[bytes]]


class Rendered(NamedTuple):
    """A whole response without a coding, as Django made it; `path` names the file that it sends."""

    status: int
    headers: Headers
    body: bytes
    is_one_off: bool = False
    path: str = ""

    def to_reply(self, method: str) -> Reply:
        return Reply(self.status, self.headers, b"" if method == "HEAD" else self.body)


def render(application: WsgiApplication, key: StoreKey, accept_encoding: str = "") -> Rendered:
    """The response to a GET of this address with no other header than its host.

    No cookie, address of a client, language or condition can find its way into it.
    """
    started: list[tuple[int, Headers]] = []

    def start_response(status, headers, exc_info=None):
        started[:] = [(int(status.split(" ", 1)[0]), headers)]

    parts = application(build_environ(key, accept_encoding), start_response)
    try:
        body = b"".join(parts)
    finally:
        getattr(parts, "close", bool)()
    [(status, headers)] = started
    path = getattr(getattr(parts, "file_to_stream", None), "name", "")
    return Rendered(status, headers, body, isinstance(parts, OneOffResponse), path)


def build_environ(key: StoreKey, accept_encoding: str) -> dict:
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": key.path,
        "QUERY_STRING": key.query,
        "SERVER_NAME": key.host,
        "SERVER_PORT": "443" if key.scheme == "https" else "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "",
        "HTTP_HOST": key.host,
        "CONTENT_LENGTH": "0",
        "CONTENT_TYPE": "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": key.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if accept_encoding:
        environ["HTTP_ACCEPT_ENCODING"] = accept_encoding
    return environ


def is_storable(rendered: Rendered) -> bool:
    """Whether a response is the same for everybody, as far as it says so itself."""
    control = get_value(rendered.headers, "cache-control")
    vary = {name.strip() for name in get_value(rendered.headers, "vary").lower().split(",")}
    names = {name.lower() for name, _ in rendered.headers}
    return (
        rendered.status in STORED_STATUSES
        and not rendered.is_one_off
        and not _FORBIDDEN_DIRECTIVES.search(control)
        and not names & {"set-cookie", "retry-after"}
        and vary <= {"", "accept-encoding"}
        and (rendered.status != 200 or "max-age=" in control)
    )


def build_stored_response(
    application: WsgiApplication,
    target: Target,
    rendered: Rendered,
    version: str,
    previous: StoredResponse | None,
) -> StoredResponse:
    """What is stored of `rendered`. Compressed bodies of `previous` are taken if it is the same.

    Others are compressed fast: somebody waits for them.
    """
    is_static = target.policy == STATIC_FILE
    shelf = choose_shelf(target, rendered.status)
    headers = prepare_headers(rendered.headers)
    digest = compute_digest(rendered.status, headers, rendered.body)
    is_fast = False
    if previous and previous.digest == digest:
        forms, is_fast = previous.forms, previous.has_fast_forms
    elif is_static:
        forms = build_forms(headers, read_static_forms(application, target.key, rendered), digest)
    else:
        kind = get_value(headers, "content-type")
        bodies = compress_body(rendered.body, kind, FAST_COMPRESSORS)
        is_fast = PLAIN not in bodies
        forms = build_forms(headers, bodies, digest, is_fast=is_fast)
    return StoredResponse(
        status=rendered.status,
        headers=previous.headers if previous and previous.headers == headers else headers,
        forms=forms,
        digest=digest,
        version=version,
        depends_on=target.policy.depends_on,
        expires=now() + get_max_age(rendered) if is_static else get_next_midnight(),
        stored_at=now(),
        shelf=shelf,
        has_fast_forms=is_fast,
        plain_file=build_plain_file(headers, rendered, digest) if is_static else None,
    )


def choose_shelf(target: Target, status: int) -> str:
    if status != 200:
        return memory.OTHERS
    if target.policy == STATIC_FILE:
        return memory.STATIC_FILES
    return memory.QUERIES if target.key.query else memory.PAGES


def read_static_forms(application, key: StoreKey, plain: Rendered) -> dict[str, bytes]:
    """The forms in which WhiteNoise has the file on disk."""
    bodies = {PLAIN: plain.body}
    for coding in CODINGS:
        one = render(application, key, coding)
        if get_value(one.headers, "content-encoding") == coding:
            bodies[coding] = one.body
    if "gzip" in bodies:  # The plain one can be made of it.
        del bodies[PLAIN]
    return bodies


def build_plain_file(headers: Headers, rendered: Rendered, digest: str) -> Form | None:
    """The plain form of a static file, without its body: the server reads it from disk."""
    if not rendered.path:
        return None
    plain = build_form(headers, PLAIN, rendered.body, digest)
    return plain._replace(body=b"", path=rendered.path)


def get_max_age(rendered: Rendered) -> int:
    """Seconds that a static file may be kept: hashed names for ever, others a minute."""
    found = _MAX_AGE.search(get_value(rendered.headers, "cache-control"))
    return int(found[1]) if found else 0


def get_next_midnight() -> float:
    """In seconds since 1970, in the time zone of the site: what is due today is overdue then."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, timezone.get_default_timezone()).timestamp()
