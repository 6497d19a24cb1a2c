"""Renders a draft as the public page that readers would get."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import ResolverMatch, resolve
from django.utils import translation
from django.utils.safestring import SafeString

from psychoplastogens.delivery.csp import build_csp
from psychoplastogens.delivery.exceptions import PageGone, PageMoved
from psychoplastogens.delivery.languages import get_path_language
from psychoplastogens.editorial.drafts.draft_transaction import count_as_published, draft_applied
from psychoplastogens.editorial.drafts.snapshots import (
    Snapshot,
    SnapshotConflict,
    iter_rows,
)
from psychoplastogens.editorial.models import Publishable

SHAPES = {
    "phone": "On a phone",
    "dark": "On a phone, dark",
    "desk": "On a desk",
    "print": "Printed",
}
"""The names of the shapes that a preview has, and the words for them. A phone and a desk get the
same page, in frames of another width."""

NO_PUBLIC_PAGE = "It has no page that readers could open: what it belongs to is not published."


@dataclass(frozen=True)
class DraftMark:
    """Tells the base template to mark the page as a preview, with this label and in this shape.

    A page that `is_still` has no scripts, for a sandboxed frame. `drawn` is HTML above its content.
    Only what `is_draft` has the word across the page.
    """

    words: str
    shape: str = "phone"
    is_still: bool = False
    drawn: str = ""
    is_draft: bool = True


Drawer = Callable[[Any], SafeString]
_drawers: dict[type[Publishable], Drawer] = {}


def preview_drawer(model: type[Publishable]) -> Callable[[Drawer], Drawer]:
    """Decorator: show the HTML that a function draws of a record on top of every preview of it.

    It is for records that have no page of their own.
    """

    def register(draw: Drawer) -> Drawer:
        _drawers[model] = draw
        return draw

    return register


def get_public_pages(record: Publishable) -> list[tuple[str, str]]:
    """Return (title, path) of each public page of a record and of its parts."""
    return [
        (str(row), row.get_absolute_url().partition("#")[0])
        for row in iter_rows(record)
        if hasattr(row, "get_absolute_url")
    ]


def get_snapshot_pages(snapshot: Snapshot) -> list[tuple[str, str]]:
    """Like `get_public_pages`, for a snapshot. Raises SnapshotConflict."""
    with draft_applied(snapshot) as record:
        return get_public_pages(record)


def render_snapshot(
    request,
    snapshot: Snapshot,
    number: int,
    mark: DraftMark,
    published_along: Iterable[Snapshot] = (),
) -> HttpResponse:
    """Render public page `number` of a record as in `snapshot`, marked as a draft.

    The drafts `published_along` count as published.

    The response can be framed by this site only, and is neither cached nor indexed. Raises Http404
    if there is no such page.
    """
    try:
        with draft_applied(snapshot, published_along) as record:
            response = render_as_reader(request, record, number, mark)
    except SnapshotConflict as error:
        response = HttpResponse(str(error), content_type="text/plain; charset=utf-8", status=409)
    return add_private_headers(response)


def render_as_reader(request, record: Publishable, number: int, mark: DraftMark) -> HttpResponse:
    """Render public page `number` of `record` as if it were published, in private tables.

    Raises Http404 if there is no such page.
    """
    count_as_published(record)
    pages = get_public_pages(record)
    if not 0 <= number < len(pages):
        raise Http404("The draft has no such page.")
    if draw := _drawers.get(type(record)):
        mark = replace(mark, drawn=draw(record))
    return _render_public_page(request, pages[number][1], mark)


class PreviewRequest(WSGIRequest):
    """The request of a reader for the page at `path`, to be marked with `draft_mark`."""

    resolver_match: ResolverMatch

    def __init__(self, path: str, draft_mark: DraftMark, *, host: str, scheme: str):
        path, _, query = path.partition("?")
        server = {"SERVER_NAME": "localhost", "SERVER_PORT": "80", "REMOTE_ADDR": "127.0.0.1"}
        asked = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query}
        body = {"wsgi.url_scheme": scheme, "wsgi.input": io.BytesIO()}
        super().__init__({**server, **asked, **body, "HTTP_HOST": host})
        self.draft_mark = draft_mark
        self.resolver_match = resolve(path)


def _render_public_page(request, path: str, mark: DraftMark) -> HttpResponse:
    public = PreviewRequest(path, mark, host=request.get_host(), scheme=request.scheme)
    view, args, kwargs = public.resolver_match
    try:
        with translation.override(get_path_language(path)):
            return view(public, *args, **kwargs)
    except (Http404, PageGone, PageMoved):
        if mark.drawn:
            return render(public, "editorial/drawn_preview.html")
        return HttpResponse(NO_PUBLIC_PAGE, content_type="text/plain; charset=utf-8", status=404)


def add_private_headers(response: HttpResponse) -> HttpResponse:
    """Let only this site frame the response, and nobody keep, index or be referred from it."""
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Content-Security-Policy"] = build_csp(
        form_action=["'none'"], frame_ancestors=["'self'"]
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    del response["ETag"]
    return response
