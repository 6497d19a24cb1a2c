"""What a clinician without an account sees through a link: no session, no cookie, no log."""

from functools import wraps

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from psychoplastogens.editorial import reviewing
from psychoplastogens.editorial.previews import DraftMark, as_reader
from psychoplastogens.editorial.revision import ReviewLink

NOT_FOR_READERS = DraftMark("Draft, not approved")
DECISIONS = {
    "approve": reviewing.approve,
    "ask": reviewing.ask_for_changes,
    "comment": reviewing.comment,
}


def through_a_link(view):
    """`view(request, link)`, while the link can be answered; afterwards a page that says why not.

    Nothing of it is listed, kept, or told to another site. The token is what lets in, and no
    cookie does, so another site cannot make a browser send what only the token allows.
    """

    @csrf_exempt
    @wraps(view)
    def wrapped(request, token, **arguments):
        link = ReviewLink.of(token)
        if link is None:
            raise Http404("No such link was made here.")
        answer = _ended if link.ended_because else view
        response = answer(request, link, **arguments)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return wrapped


@through_a_link
@require_http_methods(["GET", "POST"])
def outside_review(request, link):
    """The text with its differences and its checks. A pressed button, with a name, decides."""
    sent = request.POST if request.method == "POST" else None
    form = reviewing.OutsideForm(sent, link, reviewing.read(link.revision))
    if sent is not None and reviewing.decide(form, DECISIONS, link=link):
        context = {"link": link, "decision": sent["decision"]}
        return render(request, "editorial/review_thanks.html", context)
    context = {"link": link, "form": form, "reading": form.reading}
    return render(request, "editorial/outside_review.html", context)


@through_a_link
@require_safe
def outside_page(request, link, number):
    """One page of the draft as a reader will see it, for a frame."""
    return as_reader(request, link.revision.snapshot, number, NOT_FOR_READERS)


def _ended(request, link, **arguments):
    return render(request, "editorial/review_ended.html", {"link": link}, status=410)
