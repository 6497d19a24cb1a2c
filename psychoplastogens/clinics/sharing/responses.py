"""The pages that hand a list out: the same for one that anybody made and for a clinic's own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from psychoplastogens.clinics.printed_contact import PrintedContactForm
from psychoplastogens.clinics.sharing.kit import MAX_SMS_LENGTH, ShareKit
from psychoplastogens.clinics.sharing.visit_form import VisitForm
from psychoplastogens.delivery.decorators import noindex
from psychoplastogens.handouts import paper_sizes
from psychoplastogens.handouts.label_sheet import build_label_document, fits_on_label
from psychoplastogens.handouts.responses import render_handout
from psychoplastogens.short_links import qr_codes

EMAIL_PREVIEW_CSP = (
    "default-src 'none'; style-src-attr 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
"""For the email alone, which needs style attributes. Only we may frame it; it runs nothing."""
MAX_LARGE_TITLE_LENGTH = 34
"""Letters that fit on a poster in its largest size, with room for what is below."""


def render_share_page(request: HttpRequest, kit: ShareKit, where: dict) -> HttpResponse:
    """Everything to copy. `where` has addresses: `base` of the page, `change` of the list's
    form, `list_address` of the list as patients open it, and for staff `first_page` of the admin
    and `said`, the messages for them.
    """
    words = get_wording(kit)
    context = {
        "kit": kit,
        "longest_sms": MAX_SMS_LENGTH,
        "words": words,
        "visit_form": VisitForm(),
        "has_labels": fits_on_label(kit.address),
        "visit_address": f"{where['list_address']}visit/?words={words}",
    }
    return noindex(render(request, "clinics/hand_out.html", where | context))


def get_wording(kit: ShareKit) -> str:
    """What the address says of the wording: `?words=neutral`."""
    return "neutral" if kit.discreet else "named"


def render_email_preview(request: HttpRequest, kit: ShareKit) -> HttpResponse:
    """The email by itself, as a mail program shows it."""
    response = noindex(render(request, "clinics/email_preview.html", {"kit": kit}))
    response["Content-Security-Policy"] = EMAIL_PREVIEW_CSP
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def render_qr_image(kit: ShareKit, kind: str) -> HttpResponse:
    """`kind` is "svg" or "png"."""
    if kind == "svg":
        return noindex(HttpResponse(qr_codes.render_svg(kit.qr_url), content_type="image/svg+xml"))
    return noindex(HttpResponse(qr_codes.render_png(kit.qr_url), content_type="image/png"))


def render_labels(request: HttpRequest, kit: ShareKit, back: str) -> HttpResponse:
    """A PDF of sticky labels; `back` to the copies where the address is too long for one."""
    if not fits_on_label(kit.address):
        return HttpResponseRedirect(back)
    title = kit.subject if kit.discreet else kit.label_title
    document = build_label_document(title, kit.address, kit.qr_url, request.GET.get("paper", ""))
    return render_handout(request, document, "labels")


def render_poster(
    request: HttpRequest, kit: ShareKit, form: PrintedContactForm | None = None
) -> HttpResponse:
    """One sheet for the wall of a waiting room, on the paper that was asked for.

    `form` asks for the name and phone of a clinic where the list has none.
    """
    asked = request.POST if request.method == "POST" else request.GET
    is_long = not kit.discreet and len(kit.title) > MAX_LARGE_TITLE_LENGTH
    is_wordy = is_long or kit.is_typed
    context = {
        "kit": kit,
        "words": get_wording(kit),
        "form": form,
        "paper": paper_sizes.get_paper_size(asked.get("paper", "")),
        "qr": qr_codes.render_svg(kit.qr_url, printed=False),
        "is_wordy": is_wordy,
        "named": () if kit.discreet else kit.titles[: 3 if is_wordy else 5],
        "printed_address": qr_codes.wrap_caption(kit.address),
    }
    status = 422 if form and form.errors else 200
    return noindex(render(request, "clinics/poster.html", context, status=status))
