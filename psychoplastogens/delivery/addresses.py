"""Addresses are promises: where an address leads, and what its query string may hold."""

from functools import wraps

from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

MINUTE = 60


class Moved(Exception):
    """The thing has another address now: `renamed` holds what differs, by the names of its URL.

    Answered with a permanent redirect to the same page of the thing: its table, its fragment.
    """

    def __init__(self, **renamed):
        super().__init__(renamed)
        self.renamed = renamed


class Gone(Exception):
    """The thing was withdrawn. Answered with 410 and a page that says why and where to go.

    `instead`, where there is one, is what to read in its place: a thing with an address.
    """

    def __init__(self, reason, instead=None):
        super().__init__(reason)
        self.reason = reason
        self.instead = instead


def unlisted(response):
    """For what no search engine shall list: parts of pages, and what is handed out to patients."""
    response["X-Robots-Tag"] = "noindex"
    return response


def public(*parameters, max_age=MINUTE):
    """A page that anyone may read: GET and HEAD only, the same for everybody, cached a minute.

    `parameters` are the query parameters that the page reads. A request with any other is
    redirected to the address without it.
    """

    def decorate(view):
        @require_safe
        @wraps(view)
        def wrapped(request, *args, **kwargs):
            response = view(request, *args, **kwargs)
            if not response.has_header("Cache-Control"):
                patch_cache_control(response, public=True, max_age=max_age)
            return response

        wrapped.parameters = frozenset(parameters)
        wrapped.csrf_exempt = True  # A POST is told that the page is only read (405), not 403.
        return wrapped

    return decorate
