"""Logs without personal data: one line per event, and nothing a client sent.

Any part of a request can hold a name: the path, the query, a header, the method, a body that an
exception quotes. So a line about a request holds only our own words, whatever Django would log: the
status, the route pattern, the types and code locations of exceptions.
"""

from __future__ import annotations

import logging
import re
import traceback
from functools import lru_cache
from http import HTTPMethod, HTTPStatus

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, URLResolver, get_resolver, resolve

ROUTE_VARIABLE = re.compile(r"<[^<>]*>|\(.*")
"""The variable part of a route: a converter, or a regular expression (Django's admin has one)."""
REQUEST_LINE = re.compile(r"(\S+) (\S+) HTTP/\d\.\d")
CSRF_REASON = re.compile("(Origin|Referer) checking failed|CSRF (cookie|token)")
"""The start of the reasons of Django's CSRF check; some go on to quote a header."""
SAFE_ERROR_TYPE = "OperationalError"
"""The only exception whose message is logged: other messages may quote user input."""


class OneLineFormatter(logging.Formatter):
    """Time, level, logger and message on one line; line ends and control characters are escaped."""

    def __init__(self):
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def format(self, record):
        ours = logging.makeLogRecord(record.__dict__ | {"exc_info": None, "exc_text": None})
        ours.msg, ours.args = get_safe_message(record), ()
        text = super().format(ours)
        if record.exc_info and (error := record.exc_info[1]):
            if repetition := getattr(record, "repetition", 0):  # see repeated_errors.py
                text = f"{text} ({type(error).__qualname__} as before, repetition {repetition})"
            else:
                text = f"{text}\n{format_traceback_without_values(error)}"
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def get_safe_message(record: logging.LogRecord) -> str:
    """The message of a record; about a request, one without anything the client sent."""
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        return " ".join([describe_status(record, request), mask_path(request.path_info)])
    if record.name == "django.server":  # The development server.
        return describe_dev_server_request(record)
    return record.getMessage()


def describe_status(record: logging.LogRecord, request: HttpRequest) -> str:
    """The status, as "Not Found:", with the method (405) or the CSRF reason (403)."""
    status = getattr(record, "status_code", None)
    said = HTTPStatus(status).phrase if status in set(HTTPStatus) else record.levelname.title()
    more = ""
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        more = request.method if request.method in set(HTTPMethod) else "other"
    elif status == HTTPStatus.FORBIDDEN and (reason := CSRF_REASON.match(get_argument(record, 0))):
        more = reason[0]
    return f"{said} ({more}):" if more else f"{said}:"


def get_argument(record: logging.LogRecord, number: int) -> str:
    """An argument of the message, counted from 0; '' where it has none."""
    given = record.args if isinstance(record.args, tuple) else ()
    return str(given[number]) if number < len(given) else ""


def describe_dev_server_request(record: logging.LogRecord) -> str:
    """Method, route and status of a request to the development server."""
    asked = REQUEST_LINE.fullmatch(get_argument(record, 0))
    if not asked:
        return "A request that the development server could not read"
    method = asked[1] if asked[1] in set(HTTPMethod) else "other"
    status = get_argument(record, 1)
    status = status if status.isdecimal() else ""
    return f"{method} {mask_path(asked[2].partition('?')[0])} {status}".rstrip()


def mask_path(path: str) -> str:
    """The route pattern that matches `path`, with dots for its variable parts.

    "/s/.../" for a short link, "/compounds/.../numbers/" for a page; "/questions/..." if only
    the beginning matches, "/..." if nothing does.
    """
    try:
        route = resolve(path).route
    except Resolver404:
        route = "/".join([*get_known_prefix(path.strip("/").split("/")), "<rest>"])
    except Exception:  # The addresses themselves are broken, and the line is about that.
        route = "<rest>"
    return "/" + ROUTE_VARIABLE.sub("...", route)


def get_known_prefix(parts: list[str]) -> list[str]:
    """The leading parts of a path that some route begins with."""
    beginnings = get_route_prefixes(get_resolver())
    longest = min(len(parts), max(map(len, beginnings)))
    length = next((n for n in range(longest, 0, -1) if tuple(parts[:n]) in beginnings), 0)
    return parts[:length]


@lru_cache(maxsize=4)
def get_route_prefixes(resolver: URLResolver) -> frozenset[tuple[str, ...]]:
    """The parts before the first variable of each route: ("compounds", "compare") ..."""
    found = {tuple(settings.STATIC_URL.strip("/").split("/"))}
    for route in iter_routes(resolver):
        fixed = ROUTE_VARIABLE.split(route)[0].split("/")[:-1]
        found |= {tuple(fixed[:n]) for n in range(1, len(fixed) + 1)}
    return frozenset(found)


def iter_routes(resolver: URLResolver, before: str = ""):
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        yield from iter_routes(entry, route) if isinstance(entry, URLResolver) else (route,)


def format_traceback_without_values(error: BaseException) -> str:
    """A traceback with exception types and code locations, but no messages.

    The message of an exception may quote user input.
    """
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = f"{format_traceback_without_values(cause)}\nThen:\n" if cause else ""
    lines = "".join(traceback.format_tb(error.__traceback__))
    kind = type(error).__qualname__
    # Further lines of a message may show where in a query it happened.
    said = f": {str(error).partition(chr(10))[0]}" if kind == SAFE_ERROR_TYPE else ""
    return f"{before}Traceback (most recent call last):\n{lines}{kind}{said}"
