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

from psychoplastogens.content.crisis import Concern, Group, Panel, panel_for
from psychoplastogens.delivery import bare_page, database, limits
from psychoplastogens.delivery.addresses import public, unlisted
from psychoplastogens.delivery.client_address import client_network
from psychoplastogens.lookup.infobutton import answer, feed, trial
from psychoplastogens.lookup.infobutton.question import (
    JSON,
    JSONP,
    XML,
    Parameters,
    Refused,
    callback,
    read,
    response_type,
)
from psychoplastogens.lookup.models import Code, Unanswered

logger = logging.getLogger(__name__)
METHODS = "GET, POST, HEAD, OPTIONS"
FORM = "application/x-www-form-urlencoded"
LONGEST_BODY = 64_000
KEPT = "public, max-age=43200, stale-while-revalidate=86400"
NOT_KEPT = "private, no-store"
MOST_CARDS = 3
MS_TO_COUNT = 50
# What is sent is public and comes without cookies: scripts of other sites may read it.
FROM_OTHER_SITES = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
View = Callable[[HttpRequest], HttpResponse]


def silent(view: View) -> View:
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
            logger.error("%s in %s", type(error).__name__, place)
            return bare_page.for_error(error, request)

    return wrapped


def door(refuse: Callable[[HttpRequest, Refused], HttpResponse], headers: dict[str, str]):
    """An address that record systems ask; `refuse` makes the answer to what cannot be answered."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @silent
        @wraps(view)
        def wrapped(request):
            try:
                response = opened(view, request)
            except Refused as refused:
                response = refuse(request, refused)
                response.headers.setdefault("Cache-Control", "no-store")
            for name, value in headers.items():
                response[name] = value
            response["Referrer-Policy"] = "no-referrer"
            return unlisted(response)

        return wrapped

    return decorate


def opened(view: View, request: HttpRequest) -> HttpResponse:
    if request.method == "OPTIONS":
        headers = {
            "Allow": METHODS,
            "Access-Control-Allow-Methods": METHODS,
            "Access-Control-Allow-Headers": "Accept, Content-Type",
            "Access-Control-Max-Age": "86400",
        }
        return HttpResponse(status=204, headers=headers)
    if request.method not in ("GET", "POST"):  # HEAD comes as GET.
        raise Refused(405, "method_not_allowed", f"use one of {METHODS}")
    if wait := limits.CONNECT.seconds_to_wait(client_network(request)):
        raise Refused(429, "too_many_requests", f"try again in {wait} seconds", wait)
    return view(request)


def parameters_of(request: HttpRequest) -> Parameters:
    """Those of the address and of the form. Raises Refused where they cannot be read."""
    sent = [request.GET]
    if request.method == "POST":
        sent.append(posted(request))
    pairs = [(name, value) for query in sent for name, values in query.lists() for value in values]
    if any(letter in text for pair in pairs for text in pair for letter in "\x00\ufffd"):
        raise Refused(400, "unreadable", "the parameters must be text in UTF-8")
    return Parameters.of(pairs)


def posted(request: HttpRequest) -> QueryDict:
    # Read here and not by Django, which would put a file that somebody sends into a folder.
    if request.content_type not in (FORM, ""):
        raise Refused(415, "unsupported_media_type", f"send the parameters as {FORM}")
    try:
        if len(request.body) > LONGEST_BODY:
            raise RequestDataTooBig
        return QueryDict(request.body.decode(), encoding="utf-8")
    except RequestDataTooBig:
        raise Refused(413, "too_long", f"send at most {LONGEST_BODY} bytes") from None
    except UnicodeDecodeError:
        raise Refused(400, "unreadable", "the parameters must be text in UTF-8") from None
    except TooManyFieldsSent:
        raise Refused(400, "too_many", "there are too many parameters") from None


def count(request: HttpRequest, answered: answer.Answer) -> None:
    """Count the codes that nothing answered: system, code and day. Never at an answer's cost."""
    if request.META["REQUEST_METHOD"] == "HEAD":
        return
    counted = [(system, code) for system, code in answered.unanswered if system.is_counted]
    if not counted:
        return
    try:
        with database.giving_up_after(MS_TO_COUNT):
            for system, code in counted:
                Unanswered.objects.count_one(system.key, code)
    except DatabaseError as error:
        logger.warning("A code without a page was not counted: %s", type(error).__name__)


def machine_is_refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    if refused.kind == JSON:
        error = {"code": refused.code, "detail": refused.detail}
        response = JsonResponse({"error": error}, status=refused.status)
    else:
        text = f"{refused.detail}\n"
        response = HttpResponse(text, status=refused.status, content_type="text/plain")
    return with_headers_of(refused, response)


def person_is_refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    context = {"busy": refused.status == 429}
    response = render(request, "lookup/connect_application.html", context, status=refused.status)
    return with_headers_of(refused, response)


def with_headers_of(refused: Refused, response: HttpResponse) -> HttpResponse:
    if refused.status == 405:
        response["Allow"] = METHODS
    if refused.status == 429:
        response["Retry-After"] = str(refused.wait)
    return response


@door(machine_is_refused, FROM_OTHER_SITES)
def connect_service(request):
    """HL7 Infobutton: the pages that answer a code or a name, as Atom, JSON or JSONP."""
    parameters = parameters_of(request)
    kind = response_type(parameters, request.get_preferred_type([XML, JSON]))
    try:
        calls = callback(parameters) if kind == JSONP else ""
        answered = answer.to(read(parameters))
    except Refused as refused:
        refused.kind = kind
        raise
    count(request, answered)
    data = feed.of(answered)
    response = HttpResponse(
        written(feed.stamped(data, timezone.now()), calls, kind),
        content_type=f"{kind}; charset=utf-8",
    )
    response.is_of_this_moment = True
    patch_vary_headers(response, ["Accept"])
    if request.method == "GET" and answered.question.is_impersonal:
        tag = feed.fingerprint(data, kind, calls)
        remember_for_half_a_day(request, response, tag, feed.newest(answered))
    else:
        response["Cache-Control"] = NOT_KEPT
    return response


def written(data: feed.Data, calls: str, kind: str) -> str | bytes:
    if kind == XML:
        return feed.as_xml(data)
    # The comment keeps the name from being the first bytes of the file.
    return f"/**/{calls}({feed.as_json(data)});" if calls else feed.as_json(data)


def remember_for_half_a_day(request, response, tag, newest) -> None:
    response["Cache-Control"] = KEPT
    response["ETag"] = f'"{tag}"'
    if newest:
        response["Last-Modified"] = http_date(newest.timestamp())
    # Dates are whole days here: two texts of one day have the same. Only the tag tells them apart.
    request.META.pop("HTTP_IF_MODIFIED_SINCE", None)


@door(person_is_refused, {})
def connect_application(request):
    """HL7 Infobutton for a person: the page itself, or what there is to choose from."""
    answered = answer.to(read(parameters_of(request)))
    count(request, answered)
    if only := answered.only_page:
        response = HttpResponseRedirect(only.address)
        response.status_code = 303
    else:
        context = {
            "pages": answered.pages[:MOST_CARDS],
            "panel": panel(answered),
        }
        response = render(request, "lookup/connect_application.html", context)
    response["Cache-Control"] = NOT_KEPT
    return response


def panel(answered: answer.Answer) -> Panel | None:
    if not answered.calls_for_help:
        return None
    concern = answered.concern or Concern(Group.SELF, is_danger=False)
    return panel_for(concern, answered.question.country)


@silent
@public(*trial.FIELDS)
def connect(request):
    """A form to try the service with, and the codes that it answers."""
    codes = Code.objects.published().with_published_page().with_page()
    context = {"trial": trial.of(request.GET), "codes": codes, "origin": settings.SITE_ORIGIN}
    return render(request, "lookup/connect.html", context)


@silent
@public(*trial.FIELDS)
def connect_results(request):
    context = {"trial": trial.of(request.GET)}
    return unlisted(render(request, "lookup/_connect_results.html", context))
