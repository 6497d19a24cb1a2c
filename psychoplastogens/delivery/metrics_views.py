"""/metrics, for the operator's Prometheus alone."""

from __future__ import annotations

import secrets
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from psychoplastogens.delivery.metrics import render_metrics
from psychoplastogens.delivery.views import not_found

FORWARDING_HEADERS = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")


@csrf_exempt  # A stranger's POST gets 404 like everything else of a stranger.
def metrics(request):
    """The numbers of this server, in the text format of Prometheus; 404 without permission."""
    if is_from_this_machine(request) or has_metrics_token(request):
        response = HttpResponse(render_metrics(), content_type=CONTENT_TYPE_PLAIN_0_0_4)
    else:
        response = not_found(request)
    response["Cache-Control"] = "no-store"  # Who is allowed must not get the 404 of a stranger.
    return response


def is_from_this_machine(request: HttpRequest) -> bool:
    """Whether the client is a program on this machine. A proxy on it speaks for strangers."""
    if any(name in request.headers for name in FORWARDING_HEADERS):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def has_metrics_token(request: HttpRequest) -> bool:
    """Whether the request has METRICS_TOKEN as its bearer token (RFC 6750, 2.1)."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if not settings.METRICS_TOKEN or scheme.lower() != "bearer":
        return False
    return secrets.compare_digest(token.strip().encode(), settings.METRICS_TOKEN.encode())
