"""The doors of /connect/: one for machines, one for people, and a page to try them on.

What is asked stays in the request: it is written into no log (not even by what breaks), no
cookie, no database, and onto no page. The one exception is a count: a sound code that no page
answers, with its system and the day.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from psychoplastogens.content.crisis import Concern, ConcernGroup, CrisisPanel, get_crisis_panel
from psychoplastogens.delivery import fallback_error_page, rate_limits, sqlite_file
from psychoplastogens.delivery.decorators import noindex, public_page
from psychoplastogens.delivery.responses import OneOffResponse
from psychoplastogens.infobutton import answers, client_keys, feed, sandbox
from psychoplastogens.infobutton.models import Code, Unanswered
from psychoplastogens.infobutton.request_parsing import (
    JSON,
    JSONP,
    XML,
    InfobuttonError,
    Parameters,
    get_jsonp_callback,
    get_response_type,
    parse_query,
)

logger = logging.getLogger(__name__)
ALLOWED_METHODS = "GET, POST, HEAD, OPTIONS"
FORM_CONTENT_TYPE = "application/x-www-form-urlencoded"
MAX_BODY_BYTES = 64_000
PUBLIC_CACHE_CONTROL = "public, max-age=43200, stale-while-revalidate=86400"
NO_STORE = "private, no-store"
MAX_PAGES_SHOWN = 3
COUNT_TIMEOUT_MS = 50
# What is sent is public and comes without cookies: scripts of other sites may read it.
CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
View = Callable[[HttpRequest], HttpResponse]


def hide_request_from_errors(view: View) -> View:
    """Where something breaks, write down its kind and its place in the code, and nothing more.

    The message of an error may repeat what was asked, and so may a page of Django's about it.
    """

    @wraps(view)
    def wrapped(request):
        try:
            return view(request)
        except Exception as error:  # Whatever it is, its message stays here.
            at = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{at.filename.rpartition('psychoplastogens')[2]}:{at.lineno} ({at.name})"
            logger.error("%s in %s", type(error).__name__, place, extra={"error": error})
            return fallback_error_page.build_error_response(error, request)

    return wrapped


def infobutton_endpoint(
    refuse: Callable[[HttpRequest, InfobuttonError], HttpResponse],
    headers: dict[str, str],
    needs_token: bool = False,
):
    """An address that record systems ask; `refuse` makes the answer to what cannot be answered.

    With `needs_token` only those with a key may, where keys are given.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @hide_request_from_errors
        @wraps(view)
        def wrapped(request):
            try:
                response = dispatch_request(view, request, needs_token)
            except InfobuttonError as refused:
                response = refuse(request, refused)
                response.headers.setdefault("Cache-Control", "no-store")
            for name, value in headers.items():
                response[name] = value
            response["Referrer-Policy"] = "no-referrer"
            return noindex(response)

        return wrapped

    return decorate


def dispatch_request(view: View, request: HttpRequest, needs_token: bool) -> HttpResponse:
    if request.method == "OPTIONS":
        headers = {
            "Allow": ALLOWED_METHODS,
            "Access-Control-Allow-Methods": ALLOWED_METHODS,
            "Access-Control-Allow-Headers": "Accept, Content-Type",
            "Access-Control-Max-Age": "86400",
        }
        return HttpResponse(status=204, headers=headers)
    if request.method not in ("GET", "POST"):  # HEAD comes as GET.
        raise InfobuttonError(405, "method_not_allowed", f"use one of {ALLOWED_METHODS}")
    check_may_ask(request, needs_token)
    return view(request)


def check_may_ask(request: HttpRequest, needs_token: bool) -> None:
    """Count the request, as one of the record system with a key or of its network address.

    Raises InfobuttonError over the limit, and for a token that is not valid.
    """
    try:
        system = client_keys.identify_record_system(request, is_required=needs_token)
        refused = None
    except InfobuttonError as error:
        system, refused = None, error
    if system and system.per_minute:
        wait = rate_limits.seconds_until_named_may_ask(system.issuer, system.per_minute)
    else:
        wait = rate_limits.seconds_until_record_system_may_ask(request)
    if wait:
        raise InfobuttonError(429, "too_many_requests", f"try again in {wait} seconds", wait)
    if refused:
        raise refused


def get_parameters(request: HttpRequest) -> Parameters:
    """Those of the address and of the form. Raises Refused where they cannot be read."""
    sent: list[QueryDict] = [request.GET]
    if request.method == "POST":
        sent.append(parse_posted_form(request))
    pairs = [(name, value) for query in sent for name, values in query.lists() for value in values]
    if any(letter in text for pair in pairs for text in pair for letter in "\x00\ufffd"):
        raise InfobuttonError(400, "unreadable", "the parameters must be text in UTF-8")
    return Parameters.from_pairs(pairs)


def parse_posted_form(request: HttpRequest) -> QueryDict:
    # Read here and not by Django, which would put a file that somebody sends into a folder.
    if request.content_type not in (FORM_CONTENT_TYPE, ""):
        raise InfobuttonError(
            415, "unsupported_media_type", f"send the parameters as {FORM_CONTENT_TYPE}"
        )
    try:
        if len(request.body) > MAX_BODY_BYTES:
            raise RequestDataTooBig
        return QueryDict(request.body.decode(), encoding="utf-8")
    except RequestDataTooBig:
        raise InfobuttonError(413, "too_long", f"send at most {MAX_BODY_BYTES} bytes") from None
    except UnicodeDecodeError:
        raise InfobuttonError(400, "unreadable", "the parameters must be text in UTF-8") from None
    except TooManyFieldsSent:
        raise InfobuttonError(400, "too_many", "there are too many parameters") from None


def count_unanswered_codes(request: HttpRequest, answered: answers.InfobuttonAnswer) -> None:
    """Count the codes that nothing answered: system, code and day. Never at an answer's cost."""
    if request.META["REQUEST_METHOD"] == "HEAD":
        return
    counted = [(system, code) for system, code in answered.unanswered if system.is_counted]
    if not counted:
        return
    try:
        with sqlite_file.limited_lock_wait(COUNT_TIMEOUT_MS):
            for system, code in counted:
                Unanswered.objects.increment(system.key, code)
    except DatabaseError as error:
        name = type(error).__name__
        logger.warning("A code without a page was not counted: %s", name, extra={"error": error})


def render_service_error(request: HttpRequest, refused: InfobuttonError) -> HttpResponse:
    if refused.kind == JSON:
        error = {"code": refused.code, "detail": refused.detail}
        response: HttpResponse = JsonResponse({"error": error}, status=refused.status)
    else:
        text = f"{refused.detail}\n"
        response = HttpResponse(text, status=refused.status, content_type="text/plain")
    return add_error_headers(refused, response)


def render_application_error(request: HttpRequest, refused: InfobuttonError) -> HttpResponse:
    context = {"busy": refused.status == 429}
    response = render(
        request, "infobutton/connect_application.html", context, status=refused.status
    )
    return add_error_headers(refused, response)


def add_error_headers(refused: InfobuttonError, response: HttpResponse) -> HttpResponse:
    if refused.status == 405:
        response["Allow"] = ALLOWED_METHODS
    if refused.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if refused.status == 429:
        response["Retry-After"] = str(refused.wait)
    return response


@infobutton_endpoint(render_service_error, CORS_HEADERS)
def connect_service(request):
    """HL7 Infobutton: the pages that answer a code or a name, as Atom, JSON or JSONP."""
    parameters = get_parameters(request)
    kind = get_response_type(parameters, request.get_preferred_type([XML, JSON]))
    try:
        calls = get_jsonp_callback(parameters) if kind == JSONP else ""
        answered = answers.answer_query(parse_query(parameters))
    except InfobuttonError as refused:
        refused.kind = kind
        raise
    count_unanswered_codes(request, answered)
    data = feed.build_feed(answered)
    response = OneOffResponse(
        serialize_feed(feed.with_timestamp(data, timezone.now()), calls, kind),
        content_type=f"{kind}; charset=utf-8",
    )
    patch_vary_headers(response, ["Accept"])
    if request.method == "GET" and answered.query.is_impersonal:
        tag = feed.compute_feed_digest(data, kind, calls)
        set_cache_headers(request, response, tag, feed.get_last_modified(answered))
    else:
        response["Cache-Control"] = NO_STORE
    return response


def serialize_feed(data: feed.FeedData, calls: str, kind: str) -> str | bytes:
    if kind == XML:
        return feed.to_xml(data)
    # The comment keeps the name from being the first bytes of the file.
    return f"/**/{calls}({feed.to_json(data)});" if calls else feed.to_json(data)


def set_cache_headers(request, response, tag, newest) -> None:
    response["Cache-Control"] = PUBLIC_CACHE_CONTROL
    response["ETag"] = f'"{tag}"'
    if newest:
        response["Last-Modified"] = http_date(newest.timestamp())
    # Dates are whole days here: two texts of one day have the same. Only the tag tells them apart.
    request.META.pop("HTTP_IF_MODIFIED_SINCE", None)


@infobutton_endpoint(render_application_error, {})
def connect_application(request):
    """HL7 Infobutton for a person: the page itself, or what there is to choose from."""
    answered = answers.answer_query(parse_query(get_parameters(request)))
    count_unanswered_codes(request, answered)
    if only := answered.only_page:
        response = HttpResponseRedirect(only.address)
        response.status_code = 303
    else:
        context = {
            "pages": answered.pages[:MAX_PAGES_SHOWN],
            "panel": build_crisis_panel(answered),
            "other_language": answered.other_language,
        }
        response = render(request, "infobutton/connect_application.html", context)
    response["Cache-Control"] = NO_STORE
    return response


def build_crisis_panel(answered: answers.InfobuttonAnswer) -> CrisisPanel | None:
    if not answered.has_help_entry:
        return None
    concern = answered.concern or Concern(ConcernGroup.SELF, is_danger=False)
    return get_crisis_panel(concern, answered.query.country)


@hide_request_from_errors
@public_page(*sandbox.SANDBOX_FIELDS, stored_with=[])
def connect(request):
    """A form to try the service with, and the codes that it answers."""
    codes = Code.objects.published().with_published_page().with_page()
    context = {
        "trial": sandbox.run_sandbox(request.GET),
        "codes": codes,
        "origin": settings.SITE_ORIGIN,
    }
    return render(request, "infobutton/connect.html", context)


@hide_request_from_errors
@public_page(*sandbox.SANDBOX_FIELDS, stored_with=[])
def connect_results(request):
    context = {"trial": sandbox.run_sandbox(request.GET)}
    return noindex(render(request, "infobutton/_connect_results.html", context))
