"""The review screen of the admin: what changed, the page, the checks, and the decision."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect

from psychoplastogens.editorial import reviewing
from psychoplastogens.editorial.admin_pages import form_address, page_about
from psychoplastogens.editorial.authorship import authors_since_publication
from psychoplastogens.editorial.models import Reviewer
from psychoplastogens.editorial.review_links import address_of, is_shown, mailing_trouble
from psychoplastogens.editorial.revision import APPROVING, Act, Revision

PUBLISHING = "editorial.publish_revision"
LATEST_ACTS = 50
DECISIONS = {
    "approve": reviewing.approve,
    "ask": reviewing.ask_for_changes,
    "comment": reviewing.comment,
    "explain": reviewing.explain,
}
SAID = {
    "approve": "Approved. Readers see it when somebody who may publish has published it.",
    "ask": "Sent back with your comment: it is a draft again.",
    "comment": "Your comment is kept.",
    "explain": "The reasons are kept for whoever approves.",
}


def review(model_admin, request, record):
    """`?revision=<key>`, else the newest draft, else what readers read now.

    A decision is posted here, so that what was typed is still there when it cannot be done now.
    """
    revision = _asked_for(request, record)
    if revision is None:
        model_admin.message_user(request, f"Nobody has changed “{record}” yet.", messages.WARNING)
        reads_it = record.is_published and request.user.has_perm(APPROVING)
        return HttpResponseRedirect(form_address(record, "confirm" if reads_it else "change"))
    may = _may(model_admin, request, record)
    sent = request.POST if request.method == "POST" else None
    form = reviewing.AnswerForm(sent, reviewing.read(revision))
    if sent is not None:
        decision = sent.get("decision")
        if decision in DECISIONS and not may.get(decision, True):
            raise PermissionDenied
        if reviewing.decide(form, DECISIONS, by=request.user):
            model_admin.note_saved(request)
            model_admin.message_user(request, SAID[decision], messages.SUCCESS)
            return HttpResponseRedirect(form_address(record, "review"))
    context = {
        **_about(revision, request.user),
        **model_admin.opening_context(request),
        "title": f"Review: {revision.title}",
        "form": form,
        "reading": form.reading,
        "frames": f"../previewed/?revision={revision.pk}&number=",
        "may": may,
        "is_nav_sidebar_enabled": False,
    }
    return page_about(model_admin, request, record, "Review", "admin/review.html", **context)


def _asked_for(request, record) -> Revision | None:
    key = request.POST.get("revision") or request.GET.get("revision")
    if not key:
        return Revision.objects.base_of(record)
    revision = Revision.objects.about(record).with_key(key)
    if revision is None:
        raise Http404("There is no such revision of this record.")
    return revision


def _may(model_admin, request, record) -> dict[str, bool]:
    """Which decisions the user's permissions allow, whoever wrote the text."""
    may_approve = request.user.has_perm(APPROVING)
    may_change = model_admin.has_change_permission(request, record)
    return {
        "approve": may_approve,
        "ask": may_approve,
        "explain": may_change,
        "submit": may_change,
        "link": may_change or may_approve,
        "publish": request.user.has_perm(PUBLISHING),
    }


def _about(revision: Revision, user) -> dict:
    """The revision, who did what on the way to it, and its links, as `user` may see them."""
    may_see = is_shown(revision, user)
    links = list(revision.links.select_related("reviewer", "made_by"))
    for link in links:
        is_theirs = link.made_by_id == user.pk and not link.was_mailed and may_see
        link.address = address_of(link) if is_theirs and not link.ended_because else ""
    return {
        "revision": revision,
        "newest": Revision.objects.base_of(revision.record),
        "is_author": user.pk in authors_since_publication(revision),
        "profile": getattr(user, "reviewer", None),
        "links": links,
        "is_mailed": not may_see,
        "trouble": "" if may_see else mailing_trouble(revision, user),
        "reviewers": Reviewer.objects.all(),
        "acts": Act.objects.leading_to(revision)[:LATEST_ACTS],
    }
