"""An address that leads nowhere as it arrived, and the address of ours that it means.

Mail and chat programs take the punctuation behind a link for a part of it, people type capitals or
paste a link into a link. Nothing leads to another site: what is found begins with one slash, and
opens a page here.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Set
from unicodedata import normalize
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, QueryDict
from django.urls import Resolver404, ResolverMatch, resolve, reverse

from psychoplastogens.delivery.characters import remove_invisible_characters
from psychoplastogens.delivery.exceptions import PageGone, PageMoved

MAX_LENGTH = 300
_HANDOUT = "handout.pdf"
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")
_BEFORE = """"'“”‘’«»‹›<([{`*_~"""
_BEHIND = """"'“”‘’«»‹›<>()[]{}`*_~.,:;!?…|\\^#-"""
# Those that stand behind a link in the source of a mail.
_ENTITIES = ("&gt", "&quot", "&amp", "&nbsp", "&#39")


def find_meant_url(request: HttpRequest) -> str | None:
    """The path of the page that the address of `request` means, with its query, or None."""
    if not (path := _find_meant_path(request)):
        return None
    match = resolve(path)
    known = getattr(match.func, "parameters", frozenset() if match.kwargs else request.GET.keys())
    return path + encode_known_parameters(request.GET, known)


def encode_known_parameters(query: QueryDict, known: Set[str]) -> str:
    """`query` for an address, without the parameters that the view does not know; or ''."""
    kept = query.copy()
    for name in query.keys() - known:
        del kept[name]
    return f"?{kept.urlencode()}" if kept else ""


def _find_meant_path(request: HttpRequest) -> str | None:
    """None too where only the last slash is missing: Django redirects that by itself."""
    path = request.path_info
    if len(path) > MAX_LENGTH or path.startswith(settings.SESSION_COOKIE_PATH):
        return None
    for address in _iter_readings(path, request.get_host()):
        if address not in (path, f"{path}/") and (found := _find_page(request, address)):
            return found
    return None


def _iter_readings(path: str, host: str) -> Iterator[str]:
    """What `path` may mean: as it is written, then in small letters, each with a last slash too."""
    path = normalize("NFKC", remove_invisible_characters(path)).translate(_DASHES)
    for name in (host, urlsplit(settings.SITE_ORIGIN).netloc):
        before, found, after = path.rpartition(f"{name}/")
        path = after if found else path
    parts = (_strip_punctuation(part) for part in path.split("/"))
    written = "/" + "/".join(filter(None, parts))
    for reading in dict.fromkeys((written, written.lower())):
        yield reading
        yield f"{reading.rstrip('/')}/"


def _strip_punctuation(part: str) -> str:
    """`part` of a path without the spaces and punctuation around it."""
    before = ""
    while part != before:
        before, part = part, part.strip().lstrip(_BEFORE).rstrip(_BEHIND)
        for entity in _ENTITIES:
            part = part.removesuffix(entity)
    return part


def _find_page(request: HttpRequest, address: str) -> str | None:
    """`address`, or where its page is now; None where it opens nothing."""
    try:
        match = resolve(address)
    except Resolver404:
        return None
    if not match.kwargs:
        return address
    if address.endswith(f"/{_HANDOUT}"):  # To print it takes long; its page is as good a sign.
        page = _find_page(request, address.removesuffix(_HANDOUT))
        return f"{page}{_HANDOUT}" if page else None
    if exists := getattr(match.func, "exists", None):
        return address if exists(**match.kwargs) else None
    return _find_public_page(request, address, match)


def _find_public_page(request: HttpRequest, address: str, match: ResolverMatch) -> str | None:
    """The same for a view that has to be asked: one that counts has an attribute `exists`."""
    if not hasattr(match.func, "parameters"):  # No public page: it may need a sign-in.
        return None
    meant = copy.copy(request)
    meant.path = meant.path_info = address
    meant.resolver_match = match
    try:
        response = match.func(meant, *match.args, **match.kwargs)
    except PageMoved as moved:
        return reverse(match.view_name, kwargs=match.kwargs | moved.new_url_kwargs)
    except PageGone:
        return address
    except Http404:
        return None
    return address if response.status_code < 400 else None
