"""Handouts as HTTP responses, for the views of this app and of those above it."""

from django.http import HttpResponse
from django.shortcuts import render

from psychoplastogens.delivery.decorators import noindex
from psychoplastogens.handouts import document, pdf_rendering

LAYOUT_PARAMETERS = ("paper", "size", "length")


def read_layout(request):
    """The paper, text size and length that the address asks for."""
    return document.HandoutLayout(*(request.GET.get(name, "") for name in LAYOUT_PARAMETERS))


def render_handout(request, handout, slug):
    """The PDF of a document; a page with status 503 where it cannot be made just now."""
    try:
        pdf = pdf_rendering.render_pdf(handout, request)
    except pdf_rendering.PdfUnavailableError:
        context = {
            "handout": handout,
            "can_print": pdf_rendering.is_typst_installed(),
            "wait": pdf_rendering.QUEUE_TIMEOUT_SECONDS,
        }
        response = render(request, "handouts/unavailable.html", context, status=503)
        response["Retry-After"] = str(pdf_rendering.QUEUE_TIMEOUT_SECONDS)
        response["Cache-Control"] = "no-store"
    else:
        response = HttpResponse(pdf, content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{slug}.pdf"'
        response["ETag"] = f'"{pdf_rendering.compute_document_digest(handout)[:32]}"'
    return noindex(response)
