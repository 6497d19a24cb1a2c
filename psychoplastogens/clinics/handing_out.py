"""The pages that hand a list out: the same for one that anybody made and for a clinic's own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from psychoplastogens.clinics import paper, qr
from psychoplastogens.clinics.copies import LONGEST_SMS, HandOut
from psychoplastogens.delivery.addresses import unlisted

PREVIEW_POLICY = (
    "default-src 'none'; style-src-attr 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
"""For the email alone, which needs style attributes. Only we may frame it; it runs nothing."""
SHORT_TITLE = 34
"""Letters that fit on a poster in its largest size, with room for what is below."""


def page(request: HttpRequest, handout: HandOut, where: dict) -> HttpResponse:
    """Everything to copy. `where` has addresses: `base` of the page, `change` of the list's
    form, `list_address` of the list as patients open it.
    """
    context = {"handout": handout, "longest_sms": LONGEST_SMS, "words": words_of(handout)}
    return unlisted(render(request, "clinics/hand_out.html", where | context))


def words_of(handout: HandOut) -> str:
    """What the address says of the wording: `?words=neutral`."""
    return "neutral" if handout.discreet else "named"


def email_preview(request: HttpRequest, handout: HandOut) -> HttpResponse:
    """The email by itself, as a mail program shows it."""
    response = unlisted(render(request, "clinics/email_preview.html", {"handout": handout}))
    response["Content-Security-Policy"] = PREVIEW_POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def qr_picture(handout: HandOut, kind: str) -> HttpResponse:
    """`kind` is "svg" or "png"."""
    if kind == "svg":
        return unlisted(HttpResponse(qr.svg(handout.scanned), content_type="image/svg+xml"))
    return unlisted(HttpResponse(qr.png(handout.scanned), content_type="image/png"))


def poster(request: HttpRequest, handout: HandOut) -> HttpResponse:
    """One sheet for the wall of a waiting room, on the paper that the address asks for."""
    is_wordy = not handout.discreet and len(handout.title) > SHORT_TITLE
    context = {
        "handout": handout,
        "words": words_of(handout),
        "paper": paper.chosen(request.GET.get("paper", "")),
        "qr": qr.svg(handout.scanned, printed=False),
        "is_wordy": is_wordy,
        "named": () if handout.discreet else handout.titles[: 3 if is_wordy else 5],
        "printed_address": qr.caption(handout.address),
    }
    return unlisted(render(request, "clinics/poster.html", context))
