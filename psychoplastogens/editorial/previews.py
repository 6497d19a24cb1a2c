"""A draft as a reader would see it: the public page itself, rendered while the draft is laid."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.urls import resolve

from psychoplastogens.delivery.exceptions import PageGone, PageMoved
from psychoplastogens.editorial.admin_pages import page_about
from psychoplastogens.editorial.drafts import laid
from psychoplastogens.editorial.models import Publishable
from psychoplastogens.editorial.revision import Revision
from psychoplastogens.editorial.snapshots import CannotLay, Snapshot, rows_of, snapshot_of

SHAPES = ("page", "dark", "print")
NO_PAGE = "It has no page that readers could open: what it belongs to is not published."


@dataclass(frozen=True)
class DraftMark:
    """Tells the base template that this is no page for readers: what to say, and in what shape.

    A page that `is_still` has no script at all: it stands in a frame that runs none.
    """

    words: str
    shape: str = "page"
    is_still: bool = False


def pages_of(record: Publishable) -> list[tuple[str, str]]:
    """(title, path) of each public page that a record has: its own, and those of its parts."""
    return [
        (str(row), row.get_absolute_url().partition("#")[0])
        for row in rows_of(record)
        if hasattr(row, "get_absolute_url")
    ]


def pages_in(snapshot: Snapshot) -> list[tuple[str, str]]:
    """As `pages_of`, for a record as a snapshot says. Raises CannotLay."""
    with laid(snapshot, for_readers=True) as record:
        return pages_of(record)


def as_reader(request, snapshot: Snapshot, number: int, mark: DraftMark) -> HttpResponse:
    """The public page `number` of a record as `snapshot` says, marked as a draft.

    Only pages of this site may frame it, nobody keeps it, and no search engine lists it. Raises
    Http404 where there is no such page.
    """
    try:
        with laid(snapshot, for_readers=True) as record:
            pages = pages_of(record)
            if not 0 <= number < len(pages):
                raise Http404("The draft has no such page.")
            response = _rendered(request, pages[number][1], mark)
    except CannotLay as error:
        response = HttpResponse(str(error), content_type="text/plain; charset=utf-8", status=409)
    return _for_colleagues(response)


def _rendered(request, path: str, mark: DraftMark) -> HttpResponse:
    match = resolve(path.partition("?")[0])
    public = RequestFactory().get(path, HTTP_HOST=request.get_host(), secure=request.is_secure())
    public.resolver_match, public.draft_mark = match, mark
    try:
        response = match.func(public, *match.args, **match.kwargs)
    except (Http404, PageGone, PageMoved):
        return HttpResponse(NO_PAGE, content_type="text/plain; charset=utf-8", status=404)
    return response


def _for_colleagues(response: HttpResponse) -> HttpResponse:
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Content-Security-Policy"] = "; ".join(
        ("default-src 'self'", "base-uri 'none'", "object-src 'none'", "form-action 'none'")
        + ("frame-ancestors 'self'",)
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    del response["ETag"]
    return response


def draft_or_live(record: Publishable, key: str = "") -> Snapshot:
    """The snapshot of the revision of `record` with this key, or of its newest draft, or as is."""
    revisions = Revision.objects.about(record)
    if key:
        revision = revisions.with_key(key)
        if revision is None:
            raise Http404("There is no such revision of this record.")
        return revision.snapshot
    draft = Revision.objects.open_for(record)
    return draft.snapshot if draft else snapshot_of(record)


def number_in(request, name: str) -> int:
    """The whole number in a query parameter, 0 where there is none or no number."""
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 6 else 0


def preview(model_admin, request, record):
    """The draft in every shape: a page of frames."""
    key = request.GET.get("revision", "")
    return page_about(
        model_admin,
        request,
        record,
        "Preview",
        "admin/preview.html",
        pages=pages_in(draft_or_live(record, key)),
        revision=key,
        number=number_in(request, "number"),
        shapes=SHAPES,
        is_nav_sidebar_enabled=False,
    )


def previewed(model_admin, request, record):
    """What stands in a frame: `?revision=<key>&number=<page>&shape=<one of SHAPES>`."""
    shape = request.GET.get("shape", "page")
    mark = DraftMark("Draft, not approved", shape if shape in SHAPES else "page")
    snapshot = draft_or_live(record, request.GET.get("revision", ""))
    return as_reader(request, snapshot, number_in(request, "number"), mark)
