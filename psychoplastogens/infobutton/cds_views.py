"""CDS Hooks: discovery, and a card of links for the chart or order that is open.

Discovery is open to everybody; it tells what the documentation tells.
"""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse

from psychoplastogens.delivery.decorators import PAGE_MAX_AGE_SECONDS
from psychoplastogens.infobutton import cds_hooks
from psychoplastogens.infobutton.request_parsing import JSON, InfobuttonError
from psychoplastogens.infobutton.views import (
    CORS_HEADERS,
    NO_STORE,
    infobutton_endpoint,
    render_service_error,
)

MAX_BODY_BYTES = 1_000_000
"""A long problem list as FHIR has some hundred kilobytes."""
HEADERS = CORS_HEADERS | {"Access-Control-Allow-Headers": "Accept, Authorization, Content-Type"}


def render_cds_error(request: HttpRequest, refused: InfobuttonError) -> HttpResponse:
    refused.kind = JSON
    return render_service_error(request, refused)


@infobutton_endpoint(render_cds_error, HEADERS)
def cds_services(request):
    """Discovery: which services there are (CDS Hooks 2.0, Discovery)."""
    if request.method != "GET":
        raise InfobuttonError(405, "method_not_allowed", "use GET")
    response = JsonResponse(cds_hooks.describe_services())
    response["Cache-Control"] = f"public, max-age={PAGE_MAX_AGE_SECONDS}"
    return response


def build_service_view(service: cds_hooks.CdsService):
    """The view of one service (CDS Hooks 2.0, Calling a CDS Service)."""

    @infobutton_endpoint(render_cds_error, HEADERS, needs_token=True)
    def cds_service(request):
        if request.method != "POST":
            raise InfobuttonError(405, "method_not_allowed", "use POST")
        response = JsonResponse(cds_hooks.answer_hook(service, read_json_body(request)))
        response["Cache-Control"] = NO_STORE
        return response

    return cds_service


def read_json_body(request: HttpRequest) -> bytes:
    if request.content_type != JSON:
        raise InfobuttonError(415, "unsupported_media_type", f"send {JSON}")
    try:
        if len(request.body) > MAX_BODY_BYTES:
            raise RequestDataTooBig
    except RequestDataTooBig:
        raise InfobuttonError(413, "too_long", f"send at most {MAX_BODY_BYTES} bytes") from None
    return request.body


SERVICE_VIEWS = {service.id: build_service_view(service) for service in cds_hooks.CDS_SERVICES}
