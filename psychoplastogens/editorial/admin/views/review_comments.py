"""Comments that staff post from the review screen."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db import transaction
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
from psychoplastogens.editorial.review.comments import (
    Change,
    CommentBoard,
    Thread,
    build_comment_board,
)
from psychoplastogens.editorial.review.decisions import save_comments
from psychoplastogens.editorial.review.report import build_review_report
from psychoplastogens.editorial.workflow import comments

ANSWERS: dict[str, Callable[..., object]] = {
    "answer": comments.answer,
    "resolve": comments.resolve,
    "reopen": comments.reopen,
}


def comment_on_revision(model_admin, request, record):
    """POST a button and all comments of the page: change=<key>, or an act of ANSWERS=<thread>.

    Redirects to the thread on the review screen, or shows that screen with what was typed and why
    it was not kept. The differences are there, so a text can be commented on by who may read it.
    """
    if request.method != "POST":
        return HttpResponseRedirect(get_record_admin_url(record, "review"))
    revision = get_requested_revision(request, record)
    if revision is None:
        raise Http404("There is no text to comment on.")
    report = build_review_report(revision, by=request.user)
    board = build_comment_board(report, request.POST)
    may = get_permissions(model_admin, request, record)
    kept = _keep(board, request, may)
    if kept is None:
        return render_review(model_admin, request, record, forms.ReviewForm(None, report, board))
    shown = f"?revision={revision.pk}&said={kept.pk}#comment-{kept.pk}"
    return HttpResponseRedirect(get_record_admin_url(record, "review") + shown)


def keep_typed_comments(model_admin, request, record) -> None:
    """Keep what was typed beside the text when another button of the review screen is pressed.

    Raises WorkflowError if it cannot be kept.
    """
    typed = (value for name, value in request.POST.items() if name.endswith("-body"))
    revision = get_requested_revision(request, record) if any(map(str.strip, typed)) else None
    if revision is None:
        return
    board = build_comment_board(build_review_report(revision), request.POST)
    if not all(form.is_valid() for form in board.forms):
        raise WorkflowError("A comment beside the text cannot be kept: shorten it.")
    save_comments(board, by=request.user)
    model_admin.mark_as_saved(request)


def _keep(board: CommentBoard, request, may: dict) -> Comment | None:
    """Keep all that was typed, or nothing: then None, and an error in the form that is to blame.

    Returns the thread of the pressed button.
    """
    act = next((name for name in ANSWERS if name in request.POST), "")
    pressed: Thread | Change | None = board.get_thread(request.POST[act]) if act else None
    pressed = pressed or board.changes.get(request.POST.get("change", ""))
    if pressed is None or pressed.form is None:
        raise Http404("There is no such place any more. Open the review again.")
    if not (pressed.form.is_bound and all(form.is_valid() for form in board.forms)):
        return None
    body = pressed.form.cleaned_data["body"]
    try:
        with transaction.atomic():
            save_comments(board, besides=pressed.form, by=request.user)
            if isinstance(pressed, Thread):
                return _answer(pressed, board, act, body, request.user, may)
            place = pressed.form.get_place()
            return comments.begin_thread(board.report.revision, place, body=body, by=request.user)
    except WorkflowError as error:
        pressed.form.add_error("body", error)
        return None


def _answer(thread: Thread, board: CommentBoard, act: str, body: str, by, may: dict) -> Comment:
    """Run an act on a thread. Raises WorkflowError or PermissionDenied."""
    may_resolve = may["resolve"] or thread.comment.by_id == by.pk
    if act != "answer" and not may_resolve:
        raise PermissionDenied
    ANSWERS[act](thread.comment, board.report.revision, body=body, by=by)
    return thread.comment
