"""Runs the decision that a reviewer made in a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.forms import Form

from psychoplastogens.editorial.exceptions import BundleNotApproved, WorkflowError
from psychoplastogens.editorial.models import Reviewer, ReviewLink
from psychoplastogens.editorial.review.comments import CommentBoard
from psychoplastogens.editorial.review.forms import ConfirmReviewForm, ReviewForm
from psychoplastogens.editorial.workflow import bundles, comments, transitions

Decision = Callable[..., None]
SEE_COMMENTS = "See the comments beside the text."


def run_decision(form: ReviewForm, decisions: Mapping[str, Decision], **who) -> bool:
    """Run the decision of the reviewer (by= or link=). Return False and add errors if it fails.

    The comments that were written beside the text are kept with it, or not at all.
    """
    decision = decisions.get(form.data.get("decision", ""))
    if decision is None:
        form.add_error(None, "Nothing was decided: press one of the buttons.")
    if not form.is_valid() or decision is None:
        return False
    try:
        with transaction.atomic():
            if form.board:
                save_comments(form.board, **who)
            decision(form, **who)
    except WorkflowError as error:
        if isinstance(form, ReviewForm):
            note_failure(form, error)
        form.add_error(None, error)
        return False
    return True


def note_failure(form: ReviewForm, error: WorkflowError) -> None:
    """Show the revision as the database has it again, and the text that stopped a bundle."""
    form.report.revision.refresh_from_db()
    if isinstance(error, BundleNotApproved) and error.revision != form.report.revision:
        form.stopped_by = error.revision


def approve(form: ReviewForm, *, by=None, link: ReviewLink | None = None) -> None:
    reviewer = link.reviewer if link else getattr(by, "reviewer", None)
    transitions.approve(form.report.revision, by=by, link=link, **_get_typed(form, reviewer))


def approve_bundle(form: ReviewForm, *, by) -> None:
    """Approve the text with what was typed, and the others of its bundle, or none of them."""
    typed = _get_typed(form, getattr(by, "reviewer", None))
    bundles.approve_together(form.report.revision, by=by, **typed)


def _get_typed(form: ReviewForm, reviewer: Reviewer | None) -> dict[str, Any]:
    """What transitions.approve() takes; the name of `reviewer` where they read the whole page."""
    typed = form.cleaned_data
    given = {"reasons": form.reasons, "note": typed["comment"]}
    if not typed["whole_page"]:
        return given
    return {**given, "reviewer": reviewer, "next_review": typed["next_review"]}


def ask_for_changes(form: ReviewForm, **who) -> None:
    transitions.ask_for_changes(form.report.revision, comment=_get_reason(form), **who)


def take_back_approval(form: ReviewForm, *, by) -> None:
    transitions.return_to_review(form.report.revision, by=by, why=[_get_reason(form)])


def _get_reason(form: ReviewForm) -> str:
    return form.cleaned_data["comment"] or (SEE_COMMENTS if form.says_why else "")


def comment(form: ReviewForm, **who) -> None:
    if form.cleaned_data["comment"] or not form.has_comments:
        transitions.comment(form.report.revision, text=form.cleaned_data["comment"], **who)


def save_comments(board: CommentBoard, *, besides: Form | None = None, **who) -> None:
    """Keep what was typed beside the text, but in the form `besides`: comments and answers."""
    revision = board.report.revision
    typed = {
        form: form.cleaned_data["body"]
        for form in board.forms
        if form is not besides and form.cleaned_data["body"]
    }
    for change in board.changes.values():
        if change.form in typed:
            place, body = change.form.get_place(), typed[change.form]
            comments.begin_thread(revision, place, body=body, **who)
    for thread in board.threads:
        if thread.form in typed:
            comments.answer(thread.comment, revision, body=typed[thread.form], **who)


def give_reasons(form: ReviewForm, *, by) -> None:
    transitions.give_reasons(form.report.revision, by=by, reasons=form.reasons)


def confirm_whole_page(form: ConfirmReviewForm, *, by) -> None:
    typed = form.cleaned_data
    transitions.confirm_review(
        form.record, by=by, next_review=typed["next_review"], read=typed["read"]
    )
