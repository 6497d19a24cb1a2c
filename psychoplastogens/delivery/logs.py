"""Logs without people in them: one line an event, and of a request only what is ours.

A name can stand in any part of a request: in the path, the query, a header, the method, a body that
an exception quotes. So a line about a request is made of words of ours alone, whatever Django would
have said: the status, the route that was asked for, the types and places of exceptions.
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

VARIABLE = re.compile(r"<[^<>]*>|\(.*")
"""What a route leaves open: a converter, or a regular expression (Django's admin has one)."""
FIRST_LINE = re.compile(r"(\S+) (\S+) HTTP/\d\.\d")
REASON = re.compile("(Origin|Referer) checking failed|CSRF (cookie|token)")
"""How the reasons begin that Django's CSRF check gives; some go on with what a header held."""
SPEAKS_OF_ITS_OWN = "OperationalError"
"""A database that is away or locked says so in its own words. Others quote what they were given."""


class OneLine(logging.Formatter):
    """Time, level, logger and message on one line; line ends and controls are written out."""

    def __init__(self):
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def format(self, record):
        ours = logging.makeLogRecord(record.__dict__ | {"exc_info": None, "exc_text": None})
        ours.msg, ours.args = message_of(record), ()
        text = super().format(ours)
        if record.exc_info and record.exc_info[1]:
            text = f"{text}\n{without_values(record.exc_info[1])}"
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def message_of(record: logging.LogRecord) -> str:
    """What to write of an event; of one that has to do with a request, in words of ours."""
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        return " ".join([what_happened(record), route_of(request.path_info)])
    if record.name == "django.server":  # The development server.
        return first_line_of(record)
    return record.getMessage()


def what_happened(record: logging.LogRecord) -> str:
    """The status of the answer, as "Not Found:", with the method or the reason where one counts."""
    status = getattr(record, "status_code", None)
    said = HTTPStatus(status).phrase if status in set(HTTPStatus) else record.levelname.title()
    more = ""
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        more = record.request.method if record.request.method in set(HTTPMethod) else "other"
    elif status == HTTPStatus.FORBIDDEN and (reason := REASON.match(first_argument(record))):
        more = reason[0]
    return f"{said} ({more}):" if more else f"{said}:"


def first_argument(record: logging.LogRecord) -> str:
    return str(record.args[0]) if record.args and isinstance(record.args, tuple) else ""


def first_line_of(record: logging.LogRecord) -> str:
    """Method, route and status of a request to the development server."""
    asked = FIRST_LINE.fullmatch(first_argument(record))
    if not asked:
        return "A request that the development server could not read"
    method = asked[1] if asked[1] in set(HTTPMethod) else "other"
    status = str(record.args[1]) if str(record.args[1]).isdecimal() else ""
    return f"{method} {route_of(asked[2].partition('?')[0])} {status}".rstrip()


def route_of(path: str) -> str:
    """The part of a path that is an address of ours, with dots for what its route leaves open.

    "/s/.../" for a short link, "/compounds/.../numbers/" for a page; "/questions/..." where
    only the beginning leads anywhere, "/..." where nothing does.
    """
    try:
        route = resolve(path).route
    except Resolver404:
        route = "/".join([*known_beginning(path.strip("/").split("/")), "<rest>"])
    except Exception:  # The addresses themselves are broken, and the line is about that.
        route = "<rest>"
    return "/" + VARIABLE.sub("...", route)


def known_beginning(parts: list[str]) -> list[str]:
    """The first parts of a path, as far as an address of ours begins with them."""
    beginnings = beginnings_of_routes(get_resolver())
    longest = min(len(parts), max(map(len, beginnings)))
    length = next((n for n in range(longest, 0, -1) if tuple(parts[:n]) in beginnings), 0)
    return parts[:length]


@lru_cache(maxsize=4)
def beginnings_of_routes(resolver: URLResolver) -> frozenset[tuple[str, ...]]:
    """("compounds",), ("compounds", "compare"): what stands before the first variable of routes."""
    found = {tuple(settings.STATIC_URL.strip("/").split("/"))}
    for route in routes(resolver):
        fixed = VARIABLE.split(route)[0].split("/")[:-1]
        found |= {tuple(fixed[:n]) for n in range(1, len(fixed) + 1)}
    return frozenset(found)


def routes(resolver: URLResolver, before: str = ""):
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        yield from routes(entry, route) if isinstance(entry, URLResolver) else (route,)


def without_values(error: BaseException) -> str:
    """A traceback with the types of its exceptions and the places in the code, and no more.

    The message of an exception may hold what somebody typed.
    """
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = f"{without_values(cause)}\nThen:\n" if cause else ""
    lines = "".join(traceback.format_tb(error.__traceback__))
    kind = type(error).__qualname__
    said = f": {error}" if kind == SPEAKS_OF_ITS_OWN else ""
    return f"{before}Traceback (most recent call last):\n{lines}{kind}{said}"
