"""Handouts as HTTP responses, for the views of this app and of those above it."""

from django.http import HttpResponse
from django.shortcuts import render

from psychoplastogens.delivery.decorators import noindex
from psychoplastogens.handouts import document, pdf_rendering

LAYOUT_PARAMETERS = ("paper", "size", "length")


def read_layout(request):
    """The paper, text size and length that the address or the form asks for."""
    asked = request.POST if request.method == "POST" else request.GET
    return document.HandoutLayout(*(asked.get(name, "") for name in LAYOUT_PARAMETERS))


def render_handout(request, handout, slug, *, private=False):
    """The PDF of a document; a page with status 503 where it cannot be made just now.

    A `private` one is for whoever asked alone: no copy of it is kept, and it has no name in caches.
    """
    try:
        pdf = pdf_rendering.render_pdf(handout, request, private=private)
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
        # A browser that saves what it shows asks for the address again, which a POST cannot answer.
        way = "attachment" if private else "inline"
        response["Content-Disposition"] = f'{way}; filename="{slug}.pdf"'
        if not private:
            response["ETag"] = f'"{pdf_rendering.compute_document_digest(handout)[:32]}"'
    return noindex(response)
