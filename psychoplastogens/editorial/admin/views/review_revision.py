"""The review screen: differences, preview, checks, and the decision."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect

from psychoplastogens.editorial.admin.record_pages import get_record_admin_url, render_record_page
from psychoplastogens.editorial.admin.shown_twins import show_twins
from psychoplastogens.editorial.admin.views.bundle import list_bundled, may_view_all
from psychoplastogens.editorial.admin.views.presence import get_presence_notice
from psychoplastogens.editorial.models import (
    APPROVE_PERMISSION,
    PUBLISH_PERMISSION,
    HistoryEntry,
    Reviewer,
    Revision,
)
from psychoplastogens.editorial.review import forms
from psychoplastogens.editorial.review.bundled_changes import find_bundled_changes
from psychoplastogens.editorial.review.comments import build_comment_board
from psychoplastogens.editorial.review.decisions import (
    approve,
    approve_bundle,
    ask_for_changes,
    comment,
    give_reasons,
    run_decision,
    take_back_approval,
)
from psychoplastogens.editorial.review.links import find_mailing_error, get_review_url, may_see_link
from psychoplastogens.editorial.review.report import build_review_report
from psychoplastogens.editorial.workflow.authorship import get_author_ids
from psychoplastogens.editorial.workflow.references import format_names

MAX_HISTORY_ENTRIES = 50
DECISIONS = {
    "approve": approve,
    "approve_bundle": approve_bundle,
    "ask": ask_for_changes,
    "unapprove": take_back_approval,
    "comment": comment,
    "explain": give_reasons,
}
SUCCESS_MESSAGES = {
    "approve": "Approved. Readers see it when somebody who may publish has published it.",
    "approve_bundle": "All of them are approved. Readers see them once somebody publishes them.",
    "ask": "Sent back with your comment: it is a draft again.",
    "unapprove": "The approval is taken back: it is in review again, and nobody can publish it.",
    "comment": "Your comment is kept.",
    "explain": "The reasons are kept for whoever approves.",
}


def review_revision(model_admin, request, record):
    """Review `?revision=<key>`, or the open draft, or the published text.

    Decisions are posted here, so that the form keeps its input if the decision fails.
    """
    revision = get_requested_revision(request, record)
    if revision is None:
        model_admin.message_user(request, f"Nobody has changed “{record}” yet.", messages.WARNING)
        reads_it = record.is_published and request.user.has_perm(APPROVE_PERMISSION)
        return HttpResponseRedirect(
            get_record_admin_url(record, "confirm" if reads_it else "change")
        )
    may = get_permissions(model_admin, request, record)
    sent = request.POST if request.method == "POST" else None
    report = build_review_report(revision, by=request.user)
    form = forms.ReviewForm(sent, report, build_comment_board(report, sent))
    if sent is not None:
        decision = sent.get("decision")
        if decision in DECISIONS and not may.get(decision, True):
            raise PermissionDenied
        others = Revision.objects.in_bundle_with(revision)
        if decision == "approve_bundle" and not may_view_all(request.user, others):
            raise PermissionDenied
        if run_decision(form, DECISIONS, by=request.user):
            model_admin.mark_as_saved(request)
            said = _describe_success(decision, revision, request.user)
            model_admin.message_user(request, said, messages.SUCCESS)
            return HttpResponseRedirect(get_record_admin_url(record, "review"))
    return render_review(model_admin, request, record, form)


def _describe_success(decision: str, revision: Revision, user) -> str:
    """What to tell who decided; after an approval, what still keeps the text from readers."""
    waiting = Revision.objects.in_bundle_with(revision).exclude(state=Revision.State.APPROVED)
    if decision not in ("approve", "approve_bundle") or not waiting:
        return SUCCESS_MESSAGES[decision]
    may_know = may_view_all(user, waiting)
    names = format_names([one.title for one in waiting]) if may_know else "others"
    return f"Approved. It is published together with {names}, once all are approved."


def render_review(model_admin, request, record, form: forms.ReviewForm):
    """Render the review screen with a form, and the comments beside the differences."""
    revision = form.report.revision
    may = get_permissions(model_admin, request, record)
    if not may["ask"]:
        form.fields["comment"].help_text = ""
    context = {
        **_get_revision_context(revision, request.user),
        **model_admin.get_autosave_context(request),
        "title": f"Review: {revision.title}",
        "form": form,
        "board": form.board,
        "presence": get_presence_notice(record, request.user),
        "said": request.GET.get("said", ""),
        "back": get_record_admin_url(record, "review"),
        "asked": request.GET.get("clinician", ""),
        "report": form.report,
        "twins": show_twins(form.report.twins),
        "frames": f"../previewed/?revision={revision.pk}&number=",
        "may": may,
        "is_nav_sidebar_enabled": False,
    }
    return render_record_page(
        model_admin, request, record, "Review", "admin/review.html", **context
    )


def get_requested_revision(request, record) -> Revision | None:
    """The revision that is asked for, or the one that a form of `record` opens on."""
    key = request.POST.get("revision") or request.GET.get("revision")
    if not key:
        return Revision.objects.get_editing_base(record)
    revision = Revision.objects.about(record).get_by_key_or_none(key)
    if revision is None:
        raise Http404("There is no such revision of this record.")
    return revision


def get_permissions(model_admin, request, record) -> dict[str, bool]:
    """Return the decisions that the user's permissions allow, whoever wrote the text."""
    may_approve = request.user.has_perm(APPROVE_PERMISSION)
    may_change = model_admin.has_change_permission(request, record)
    return {
        "approve": may_approve,
        "approve_bundle": may_approve,
        "ask": may_approve,
        "unapprove": may_approve,
        "explain": may_change,
        "submit": may_change,
        "link": may_change or may_approve,
        "resolve": may_change or may_approve,
        "publish": request.user.has_perm(PUBLISH_PERMISSION),
    }


def _get_revision_context(revision: Revision, user) -> dict:
    """Return the revision, its history and its review links, as `user` may see them."""
    may_see = may_see_link(revision, user)
    bundled = list_bundled(revision, user)
    links = []
    for link in revision.links.select_related("reviewer", "made_by"):
        is_theirs = link.made_by_id == user.pk and not link.was_mailed and may_see
        address = get_review_url(link) if is_theirs and not link.closed_reason else ""
        links.append((link, address))
    entries = list(HistoryEntry.objects.leading_to(revision)[:MAX_HISTORY_ENTRIES])
    return {
        "revision": revision,
        "bundled": bundled,
        "bundled_changes": find_bundled_changes(bundled),
        "newest": Revision.objects.get_editing_base(revision.record),
        "is_author": user.pk in get_author_ids(revision),
        "profile": getattr(user, "reviewer", None),
        "links": links,
        "is_mailed": not may_see,
        "trouble": "" if may_see else find_mailing_error(revision, user),
        "reviewers": Reviewer.objects.order_by("name"),
        "asked_back": HistoryEntry.objects.get_request_for_changes(revision),
        "approval": HistoryEntry.objects.get_approval(revision),
        "entries": entries,
        "remarks": list(_iter_remarks(revision, entries)),
    }


def _iter_remarks(revision: Revision, entries: list[HistoryEntry]) -> Iterator[HistoryEntry]:
    """What was said of the whole text, for who decides; once it is approved, of this very text."""
    for entry in entries:
        is_about_it = entry.revision_id == revision.pk or revision.state != Revision.State.APPROVED
        if revision.is_open and is_about_it and entry.note and entry.verb in HistoryEntry.REMARKS:
            yield entry
