"""A stored response and its forms: brotli, gzip, plain, not modified."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from time import time
from typing import NamedTuple

from django.utils.http import http_date

from psychoplastogens.delivery.content_coding import (
    BEST_COMPRESSORS,
    COMPRESSED_CONTENT_TYPES,
    MIN_BYTES_TO_COMPRESS,
    parse_accept_encoding,
)

Headers = list[tuple[str, str]]
Compressors = Mapping[str, Callable[[bytes], bytes]]
CODINGS = ("br", "gzip")
PLAIN = ""
OWN_HEADERS = {"etag", "content-length", "content-encoding"}
"""Headers that the store makes for each form of a response."""
COPY_HEADER = "Understory-Copy"
"""On a response served while the database is away: when it was current, as a date."""
BYTES_PER_ENTRY = 4_096
"""What an entry takes beside its bodies: headers, keys and Python's own objects; measured."""


class Reply(NamedTuple):
    """What is sent: `body`, or the file at `path`. For HEAD and 304 both are empty."""

    status: int
    headers: Headers
    body: bytes
    path: str = ""


class Form(NamedTuple):
    """One coding of a response: all of its headers, its strong ETag and its body.

    The body is empty where the file at `path` holds it.
    """

    headers: Headers
    etag: str
    body: bytes
    path: str = ""


@dataclass(slots=True)
class StoredResponse:
    """A whole response of one version of what it depends on.

    `expires` and `stored_at` are in seconds since 1970. `forms` holds the codings that make the
    body smaller, or the plain one where none does; `has_fast_forms` until the background has
    compressed them well. `plain_file` is the plain form of a static file that is kept compressed.
    `reads` counts requests since it was stored.
    """

    status: int
    headers: Headers
    forms: dict[str, Form]
    digest: str
    version: str
    depends_on: tuple[str, ...]
    expires: float
    stored_at: float
    shelf: str = ""
    has_fast_forms: bool = False
    plain_file: Form | None = None
    reads: int = 0
    was_read: bool = False

    @property
    def size(self) -> int:
        return BYTES_PER_ENTRY + sum(len(form.body) for form in self.forms.values())

    def find_form(self, accept_encoding: str | None) -> Form | None:
        """The best form that the client accepts; None where the body would have to be unpacked."""
        forms = self.forms
        for coding in choose_codings(accept_encoding or ""):
            if coding in forms:
                return forms[coding]
        return None

    def get_form(self, accept_encoding: str | None) -> Form:
        """Like `find_form`, unpacked where it has to be."""
        return self.find_form(accept_encoding) or build_form(
            self.headers, PLAIN, self.get_plain_body(), self.digest
        )

    def get_plain_body(self) -> bytes:
        """The body without a coding. Few clients ask for it, so it is not kept as well."""
        if PLAIN in self.forms:
            return self.forms[PLAIN].body
        return gzip.decompress(self.forms["gzip"].body)

    def build_reply(
        self, form: Form, method: str, get_header: Callable[[str], str | None], as_of: float = 0
    ) -> Reply:
        """The reply to a GET or HEAD. `as_of` is when it was current, where that is not now."""
        copy_headers = build_copy_headers(as_of) if as_of else []
        if self.status == 200:
            status = self.check_conditions(get_header, form.etag)
            if status != 200:
                return Reply(status, [*self.headers, *copy_headers, ("ETag", form.etag)], b"")
        headers = form.headers + copy_headers if as_of else form.headers
        if method == "HEAD":
            return Reply(self.status, headers, b"")
        return Reply(self.status, headers, form.body, form.path)

    def check_conditions(self, get_header: Callable[[str], str | None], etag: str) -> int:
        """200, 304 or 412 (RFC 9110, 13.2.2). Only static files have a Last-Modified."""
        if (wanted := get_header("if-match")) and not is_strong_match(wanted, etag):
            return 412
        if (held := get_header("if-none-match")) is not None:
            return 304 if held == etag or is_weak_match(held, etag) else 200
        if not self.depends_on and (since := get_header("if-modified-since")):
            return 304 if ("Last-Modified", since) in self.headers else 200
        return 200


@lru_cache(maxsize=256)
def choose_codings(accept_encoding: str) -> tuple[str, ...]:
    """The codings that a client accepts, the best first, with the plain one last.

    A client that forbids every coding that there is gets the plain one (RFC 9110, 12.5.3).
    """
    accepted = parse_accept_encoding(accept_encoding)
    return (*(coding for coding in CODINGS if coding in accepted), PLAIN)


def accepts_coding(accept_encoding: str | None) -> bool:
    return choose_codings(accept_encoding or "") != (PLAIN,)


def is_weak_match(header: str, etag: str) -> bool:
    """If-None-Match (RFC 9110, 13.1.2). A comma inside a tag cannot be one of ours."""
    tags = (tag.strip().removeprefix("W/") for tag in header.split(","))
    return header.strip() == "*" or etag in tags


def is_strong_match(header: str, etag: str) -> bool:
    """If-Match (RFC 9110, 13.1.1)."""
    return header.strip() == "*" or etag in (tag.strip() for tag in header.split(","))


def build_copy_headers(as_of: float) -> Headers:
    age = max(0, int(time() - as_of))
    return [(COPY_HEADER, http_date(as_of)), ("Age", str(age))]


def compute_digest(status: int, headers: Headers, body: bytes) -> str:
    digest = blake2b(digest_size=12)
    for part in (str(status), *(f"{name}:{value}" for name, value in headers)):
        digest.update(part.encode() + b"\n")
    digest.update(body)
    return digest.hexdigest()


def prepare_headers(headers: Headers) -> Headers:
    """Without those of one coding, with Vary, and each text once in memory."""
    kept = [(name, value) for name, value in headers if name.lower() not in OWN_HEADERS | {"vary"}]
    if get_value(headers, "content-type") not in COMPRESSED_CONTENT_TYPES:
        kept.append(("Vary", "Accept-Encoding"))
    return [(sys.intern(name), sys.intern(value)) for name, value in kept]


def get_value(headers: Headers, name: str) -> str:
    """The value of a header, '' where there is none. `name` in small letters."""
    return next((value for key, value in headers if key.lower() == name), "")


def build_best_forms(entry: StoredResponse) -> dict[str, Form]:
    """The forms of `entry` compressed as well as can be: 8 to 50 ms of the processor."""
    kind = get_value(entry.headers, "content-type")
    bodies = compress_body(entry.get_plain_body(), kind, BEST_COMPRESSORS)
    return build_forms(entry.headers, bodies, entry.digest)


def compress_body(body: bytes, content_type: str, compressors: Compressors) -> dict[str, bytes]:
    """{coding: body}: the codings that are worth it, or the plain body alone."""
    if len(body) < MIN_BYTES_TO_COMPRESS or content_type in COMPRESSED_CONTENT_TYPES:
        return {PLAIN: body}
    bodies = {coding: compressors[coding](body) for coding in CODINGS}
    return bodies if all(len(one) < len(body) for one in bodies.values()) else {PLAIN: body}


def build_forms(
    headers: Headers, bodies: dict[str, bytes], digest: str, *, is_fast: bool = False
) -> dict[str, Form]:
    return {
        coding: build_form(headers, coding, body, digest, is_fast=is_fast)
        for coding, body in bodies.items()
    }


def build_form(
    headers: Headers, coding: str, body: bytes, digest: str, *, is_fast: bool = False
) -> Form:
    """A form with an ETag of its own: equal tags mean equal bytes (RFC 9110, 8.8.3)."""
    parts = (digest, coding, "fast" if coding and is_fast else "")
    etag = f'"{"-".join(filter(None, parts))}"'
    own = [("ETag", etag), ("Content-Length", str(len(body)))]
    if coding:
        own.append(("Content-Encoding", coding))
    return Form([*headers, *own], etag, body)
