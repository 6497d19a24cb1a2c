"""Decorators of public views."""

from functools import wraps

from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from psychoplastogens.delivery.page_store.policies import CONTENT, StoragePolicy

PAGE_MAX_AGE_SECONDS = 60
# For CDNs and proxies. A page that was withdrawn can outlive its withdrawal there by the first two
# together, and where this site is unreachable by the last, so that one is an hour and not a day. No
# s-maxage: it forbids serving stale copies (RFC 9111, 5.2.2.10), which the other two ask for.
STALE_DIRECTIVES = {"stale_while_revalidate": 30, "stale_if_error": 3_600}


def noindex(response):
    """Keep search engines away from `response`: fragments, and pages that clinics hand out."""
    response["X-Robots-Tag"] = "noindex"
    return response


def allow_caching(response):
    """Let anybody keep `response` for a minute, unless its view has said something else."""
    if not response.has_header("Cache-Control"):
        patch_cache_control(response, public=True, max_age=PAGE_MAX_AGE_SECONDS, **STALE_DIRECTIVES)
    return response


def finds_pages_with(exists):
    """Decorator for a view that counts: `exists(**kwargs)` says whether it would open something."""

    def decorate(view):
        view.exists = exists
        return view

    return decorate


def public_page(*parameters, stored=True, stored_with=None, depends_on=(CONTENT,)):
    """Decorator for a page that anyone may read: GET and HEAD only, cached for a minute.

    `parameters` are the query parameters that the view reads. A request with any other is
    redirected to the address without it.

    The page store keeps the response, unless `stored` is false: for what has to see every request,
    such as a rate limit or a count, and for what nobody else asks for. An address with a query is
    kept if all of its parameters are in `stored_with`, which is all of them by default; leave out
    those that hold what a reader types or chooses. `depends_on` names the versions whose change
    makes the page anew.
    """

    def decorate(view):
        @require_safe
        @wraps(view)
        def wrapped(request, *args, **kwargs):
            return allow_caching(view(request, *args, **kwargs))

        wrapped.parameters = frozenset(parameters)
        wrapped.storage_policy = None
        if stored:
            kept = parameters if stored_with is None else stored_with
            wrapped.storage_policy = StoragePolicy(frozenset(kept), tuple(depends_on))
        wrapped.csrf_exempt = True  # A POST gets 405, not 403.
        return wrapped

    return decorate


def public_form(parameters=None):
    """Decorator for a form that anybody may send, without a cookie: GET, HEAD and POST.

    A form without a session has no token to compare. So a POST that another site made a browser
    send gets a 403, by what the browser says of it. The answer to a POST is kept nowhere.
    `parameters` are those of the query, as in `public_page`; without them it is left alone.
    """

    def decorate(view):
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def wrapped(request, *args, **kwargs):
            if request.method != "POST":
                return allow_caching(view(request, *args, **kwargs))
            if is_sent_by_another_site(request):
                response = render(request, "sent_by_another_site.html", status=403)
            else:
                response = view(request, *args, **kwargs)
            response["Cache-Control"] = "no-store"
            return response

        if parameters is not None:
            wrapped.parameters = frozenset(parameters)
        wrapped.csrf_exempt = True
        return wrapped

    return decorate


def is_sent_by_another_site(request) -> bool:
    """Whether a browser says that a page of another site made it send this POST.

    Every browser of today sends `Sec-Fetch-Site` over HTTPS; older ones, and all over HTTP, name
    the site in `Origin`. A program that is no browser sends neither, and acts for nobody else.
    """
    if came_from := request.headers.get("Sec-Fetch-Site"):
        return came_from not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and origin != f"{request.scheme}://{request.get_host()}"
