"""Review of a text through a link, without an account, session or cookie."""

from functools import wraps

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from psychoplastogens.delivery.decorators import public_form
from psychoplastogens.editorial.drafts.preview_rendering import (
    DraftMark,
    add_private_headers,
    render_snapshot,
)
from psychoplastogens.editorial.models import ReviewLink
from psychoplastogens.editorial.review import forms
from psychoplastogens.editorial.review.decisions import (
    approve,
    ask_for_changes,
    comment,
    run_decision,
)
from psychoplastogens.editorial.review.report import build_review_report

UNAPPROVED_DRAFT = DraftMark("Draft, not approved")
DECISIONS = {
    "approve": approve,
    "ask": ask_for_changes,
    "comment": comment,
}


def review_link_required(view):
    """Decorator for `view(request, link)`. A closed link shows a page that says why.

    Responses are neither cached nor indexed, and send no referrer to other sites. The token alone
    grants access, and no cookie is involved.
    """

    @wraps(view)
    def wrapped(request, token, **arguments):
        link = ReviewLink.from_token(token)
        if link is None:
            raise Http404("No such link was made here.")
        answer = _render_ended if link.closed_reason else view
        response = answer(request, link, **arguments)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Cache-Control"] = "no-store"
        return response

    return wrapped


@review_link_required
@public_form()
def outside_review(request, link):
    """Show the text with its differences and checks, and run the decision."""
    sent = request.POST if request.method == "POST" else None
    report = build_review_report(link.revision, reviewer=link.reviewer)
    form = forms.ReviewLinkForm(sent, link, report)
    if sent is not None and run_decision(form, DECISIONS, link=link):
        context = {"link": link, "decision": sent["decision"]}
        return render(request, "editorial/review_thanks.html", context)
    context = {"link": link, "form": form, "report": report}
    return render(request, "editorial/outside_review.html", context)


@review_link_required
@require_safe
def outside_page(request, link, number):
    """Render one page of the draft as readers will see it, for a frame."""
    return render_snapshot(request, link.revision.snapshot, number, UNAPPROVED_DRAFT)


def _render_ended(request, link, **arguments):
    """Say why the link has ended, also in the frames of a page that was opened before."""
    response = render(request, "editorial/review_ended.html", {"link": link}, status=410)
    return add_private_headers(response)
