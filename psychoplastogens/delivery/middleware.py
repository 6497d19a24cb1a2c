"""What every answer has in common: what is let in, headers, compression, clean addresses."""

import gzip
from functools import lru_cache, partial
from http import HTTPStatus

import brotli
from django.conf import settings
from django.http import Http404, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.http.response import HttpResponseNotModified, HttpResponseRedirectBase
from django.middleware.http import ConditionalGetMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers

from psychoplastogens.delivery.addresses import MINUTE, Gone, Moved
from psychoplastogens.delivery.framing import policy
from psychoplastogens.delivery.limits import TooMany, too_many
from psychoplastogens.delivery.views import bad_request

LONGEST_ADDRESS = 4_096
SMALLEST_WORTH_COMPRESSING = 400
ALREADY_COMPRESSED = ("application/pdf", "image/png")
SMALLEST = {"br": brotli.compress, "gzip": partial(gzip.compress, mtime=0)}
QUICKEST = {"br": partial(brotli.compress, quality=4), "gzip": partial(gzip.compress, mtime=0)}


def plain_requests(get_response):
    """Refuse addresses that no browser sends: too long, too many parts, with NULs, not UTF-8."""

    def middleware(request):
        query = request.META.get("QUERY_STRING", "")
        address = request.path_info + query
        unreadable = "\x00" in address or "%00" in query or "\ufffd" in request.path_info
        too_many = query.count("&") >= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        if unreadable or too_many or len(address) > LONGEST_ADDRESS:
            return bad_request(request)
        if any("\ufffd" in text for pair in request.GET.items() for text in pair):
            return bad_request(request)
        return get_response(request)

    return middleware


def head_as_get(get_response):
    """Answer HEAD as GET without the body, so that every header is the same (RFC 9110, 9.3.2)."""

    def middleware(request):
        if request.method != "HEAD":
            return get_response(request)
        request.method = "GET"
        response = get_response(request)
        request.method = "HEAD"
        if not response.streaming and response.status_code != HTTPStatus.NOT_MODIFIED:
            length = len(response.content)
            response.content = b""
            response["Content-Length"] = str(length)
        return response

    return middleware


def headers(get_response):
    """Content-Security-Policy, Permissions-Policy and CORP on every answer of ours."""
    usual = policy()

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", usual)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


class not_modified(ConditionalGetMiddleware):
    """Answer 304 where the reader's copy is still good, with every header of the whole answer.

    Browsers and caches put the headers of a 304 in place of those they keep (RFC 9111, 4.3.4). So
    one that a 304 leaves out must not be made up later: a page for frames would be shown in none.
    """

    def process_response(self, request, response):
        answer = super().process_response(request, response)
        if answer is not response and isinstance(answer, HttpResponseNotModified):
            for name, value in response.items():
                if name != "Content-Length":
                    answer.headers.setdefault(name, value)
            answer.length_of_whole = len(response.content)
            # What Django's own middleware leaves out for frames, it leaves out of this too.
            answer.xframe_options_exempt = getattr(response, "xframe_options_exempt", False)
        return answer


def accepted_codings(header):
    """The names in an Accept-Encoding, less those with a weight of nought (RFC 9110, 12.5.3)."""
    items = (item.partition(";q=") for item in header.replace(" ", "").lower().split(","))
    return {name for name, _, weight in items if not weight or weight.strip("0.")}


@lru_cache(maxsize=200)
def smallest(content, coding):
    """`content` in its smallest form. Kept, because most readers ask for the same few pages."""
    return SMALLEST[coding](content)


def quickest(content, coding):
    return QUICKEST[coding](content)


def compression(get_response):
    """Brotli where the reader's browser has it, else gzip.

    Public pages are made as small as can be and kept; what is for one reader (a search, the
    admin) or `is_of_this_moment` is compressed quickly and not kept.
    """

    def middleware(request):
        response = get_response(request)
        if response.streaming or response.has_header("Content-Encoding"):
            return response
        if response.get("Content-Type") in ALREADY_COMPRESSED:
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        length = getattr(response, "length_of_whole", len(response.content))
        if length < SMALLEST_WORTH_COMPRESSING:
            return response
        accepted = accepted_codings(request.headers.get("Accept-Encoding", ""))
        coding = next((coding for coding in SMALLEST if coding in accepted), None)
        if not coding:
            return response
        etag = response.get("ETag", "")
        if etag.startswith('"'):
            response["ETag"] = f"W/{etag}"
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            return response
        is_public = "public" in response.get("Cache-Control", "")
        is_kept = is_public and not getattr(response, "is_of_this_moment", False)
        compressed = smallest if is_kept else quickest
        response.content = compressed(response.content, coding)
        response["Content-Encoding"] = coding
        response["Content-Length"] = str(len(response.content))
        return response

    return middleware


class addresses:
    """Drop unknown query parameters, follow moved addresses, explain what cannot be had."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        known = getattr(view, "parameters", None)
        if known is None or known >= request.GET.keys() or request.method not in ("GET", "HEAD"):
            return None
        kept = request.GET.copy()
        for name in request.GET.keys() - known:
            del kept[name]
        query = f"?{kept.urlencode()}" if kept else ""
        return HttpResponseRedirect(request.path + query)

    def process_exception(self, request, exception):
        if isinstance(exception, Moved):
            return moved(request, exception.renamed)
        if isinstance(exception, Gone):
            context = {"reason": exception.reason, "instead": exception.instead}
            return render(request, "410.html", context, status=410)
        if isinstance(exception, TooMany):
            return too_many(request, exception.seconds)
        return None


def moved(request, renamed):
    """To where the page is now, in one hop, though several names in its address have changed."""
    match = request.resolver_match
    kwargs = match.kwargs | renamed
    if match.kwargs.keys() - renamed:
        try:
            onward = match.func(request, **kwargs)
        except Moved as further:
            kwargs |= further.renamed
        except (Gone, Http404):
            pass  # Its page says so.
        else:
            if isinstance(onward, HttpResponseRedirectBase):
                return onward
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    response = HttpResponsePermanentRedirect(reverse(match.view_name, kwargs=kwargs) + query)
    # Without an age browsers keep it for years, and a new page may take the old address.
    patch_cache_control(response, public=True, max_age=MINUTE)
    return response
