"""Middleware: malformed requests, security headers, language, compression, 304, clean URLs."""

from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.http.response import HttpResponseNotModified, HttpResponseRedirectBase
from django.middleware.http import ConditionalGetMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers

from psychoplastogens.delivery.content_coding import (
    COMPRESSED_CONTENT_TYPES,
    FAST_COMPRESSORS,
    MIN_BYTES_TO_COMPRESS,
    parse_accept_encoding,
)
from psychoplastogens.delivery.csp import build_csp
from psychoplastogens.delivery.decorators import PAGE_MAX_AGE_SECONDS
from psychoplastogens.delivery.exceptions import PageGone, PageMoved
from psychoplastogens.delivery.languages import get_path_language
from psychoplastogens.delivery.meant_addresses import encode_known_parameters
from psychoplastogens.delivery.rate_limits import TooManyRequests, render_too_many_requests
from psychoplastogens.delivery.views import bad_request

MAX_URL_LENGTH = 4_096


def reject_malformed_requests(get_response):
    """Answer 400 to URLs that no browser sends: too long, too many fields, with NULs, not UTF-8."""

    def middleware(request):
        query = request.META.get("QUERY_STRING", "")
        address = request.path_info + query
        unreadable = "\x00" in address or "%00" in query or "\ufffd" in request.path_info
        too_many = query.count("&") >= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        if unreadable or too_many or len(address) > MAX_URL_LENGTH:
            return bad_request(request)
        if any("\ufffd" in text for pair in request.GET.items() for text in pair):
            return bad_request(request)
        return get_response(request)

    return middleware


def answer_head_as_get(get_response):
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


def security_headers(get_response):
    """Set Content-Security-Policy, Permissions-Policy and CORP on every response."""
    usual = build_csp()

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", usual)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def use_language_of_address(get_response):
    """Answer what begins with /es/ in Spanish, errors too.

    The address alone decides, never the reader's `Accept-Language`: what is stored is for all.
    """

    def middleware(request):
        language = get_path_language(request.path_info)
        if language == settings.LANGUAGE_CODE:
            return get_response(request)
        with translation.override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


class ConditionalGet(ConditionalGetMiddleware):
    """Answer 304 if the client's copy is fresh, with every header of the full response.

    Caches replace stored headers with those of a 304 (RFC 9111, 4.3.4). If a 304 left one out, a
    later middleware would add its default, and a page made for frames could not be framed.
    """

    def process_response(self, request, response):
        answer = super().process_response(request, response)
        if answer is not response and isinstance(answer, HttpResponseNotModified):
            for name, value in response.items():
                if name != "Content-Length":
                    answer.headers.setdefault(name, value)
            answer.full_length = len(response.content)
            # Keep Django's clickjacking middleware from adding its header to the 304.
            answer.xframe_options_exempt = getattr(response, "xframe_options_exempt", False)
        return answer


def compress_responses(get_response):
    """Compress with brotli if the client accepts it, else gzip.

    Fast, since the page store compresses what it keeps as small as possible.
    """

    def middleware(request):
        response = get_response(request)
        if response.streaming or response.has_header("Content-Encoding"):
            return response
        if response.get("Content-Type") in COMPRESSED_CONTENT_TYPES:
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        length = getattr(response, "full_length", len(response.content))
        if length < MIN_BYTES_TO_COMPRESS:
            return response
        accepted = parse_accept_encoding(request.headers.get("Accept-Encoding", ""))
        coding = next((coding for coding in FAST_COMPRESSORS if coding in accepted), None)
        if not coding:
            return response
        etag = response.get("ETag", "")
        if etag.startswith('"'):
            response["ETag"] = f"W/{etag}"
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            return response
        response.content = FAST_COMPRESSORS[coding](response.content)
        response["Content-Encoding"] = coding
        response["Content-Length"] = str(len(response.content))
        return response

    return middleware


class CleanUrls:
    """Drop unknown query parameters; answer PageMoved, PageGone and TooManyRequests."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        known = getattr(view, "parameters", None)
        if known is None or known >= request.GET.keys() or request.method not in ("GET", "HEAD"):
            return None
        return HttpResponseRedirect(request.path + encode_known_parameters(request.GET, known))

    def process_exception(self, request, exception):
        if isinstance(exception, PageMoved):
            return redirect_moved_page(request, exception.new_url_kwargs)
        if isinstance(exception, PageGone):
            context = {"reason": exception.reason, "instead": exception.instead}
            return render(request, "410.html", context, status=410)
        if isinstance(exception, TooManyRequests):
            return render_too_many_requests(request, exception.seconds)
        return None


def redirect_moved_page(request, new_url_kwargs):
    """Redirect to the new URL in one hop, even if several of its arguments changed."""
    match = request.resolver_match
    kwargs = match.kwargs | new_url_kwargs
    if match.kwargs.keys() - new_url_kwargs:
        try:
            onward = match.func(request, **kwargs)
        except PageMoved as further:
            kwargs |= further.new_url_kwargs
        except (PageGone, Http404):
            pass  # The target answers that itself.
        else:
            if isinstance(onward, HttpResponseRedirectBase):
                return onward
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    response = HttpResponsePermanentRedirect(reverse(match.view_name, kwargs=kwargs) + query)
    # Without max-age browsers keep it for years, and a new page may take the old address.
    patch_cache_control(response, public=True, max_age=PAGE_MAX_AGE_SECONDS)
    return response
