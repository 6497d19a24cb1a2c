"""Comments that staff post from the review screen."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect

from psychoplastogens.editorial.admin.record_pages import get_record_admin_url
from psychoplastogens.editorial.admin.views.review_revision import (
    get_permissions,
    get_requested_revision,
    render_review,
)
from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.models import Comment
from psychoplastogens.editorial.review import forms
from psychoplastogens.editorial.review.comments import CommentBoard, Thread, build_comment_board
from psychoplastogens.editorial.review.report import build_review_report
from psychoplastogens.editorial.workflow import comments

ANSWERS: dict[str, Callable[..., object]] = {
    "answer": comments.answer,
    "resolve": comments.resolve,
    "reopen": comments.reopen,
}


def comment_on_revision(model_admin, request, record):
    """POST `change` and its form, or `thread`, its form and act=answer|resolve|reopen.

    Redirects to the thread on the review screen, or shows that screen with what was typed and why
    it was not kept. The differences are there, so a text can be commented on by who may read it.
    """
    if request.method != "POST":
        return HttpResponseRedirect(get_record_admin_url(record, "review"))
    revision = get_requested_revision(request, record)
    if revision is None:
        raise Http404("There is no text to comment on.")
    report = build_review_report(revision)
    board = build_comment_board(report, request.POST)
    thread = board.get_thread(request.POST.get("thread"))
    may = get_permissions(model_admin, request, record)
    kept = _answer(thread, board, request, may) if thread else _begin_thread(board, request)
    if kept is None:
        form = forms.ReviewForm(None, report)
        return render_review(model_admin, request, record, form, board)
    shown = f"?revision={revision.pk}&said={kept.pk}#comment-{kept.pk}"
    return HttpResponseRedirect(get_record_admin_url(record, "review") + shown)


def _begin_thread(board: CommentBoard, request) -> Comment | None:
    """Keep a new comment. None, and an error in its form, if it is not allowed."""
    change = board.changes.get(request.POST.get("change", ""))
    if change is None or change.form is None:
        raise Http404("There is no such change any more. Open the review again.")
    if not (change.form.is_bound and change.form.is_valid()):
        return None
    body, place = change.form.cleaned_data["body"], change.form.get_place()
    try:
        return comments.begin_thread(board.report.revision, place, body=body, by=request.user)
    except WorkflowError as error:
        change.form.add_error("body", error)
        return None


def _answer(thread: Thread, board: CommentBoard, request, may: dict) -> Comment | None:
    """Run an act on a thread. None, and an error in its form, if it is not allowed."""
    act = request.POST.get("act")
    may_resolve = may["resolve"] or thread.comment.by_id == request.user.pk
    if act not in ANSWERS or (act != "answer" and not may_resolve):
        raise PermissionDenied
    if not (thread.form.is_bound and thread.form.is_valid()):
        return None
    body = thread.form.cleaned_data["body"]
    try:
        ANSWERS[act](thread.comment, board.report.revision, body=body, by=request.user)
    except WorkflowError as error:
        thread.form.add_error("body", error)
        return None
    return thread.comment
