"""Workflow actions posted by admin pages: permission, function and message of each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.utils.html import format_html, format_html_join

from psychoplastogens.editorial.admin.record_pages import get_record_admin_url
from psychoplastogens.editorial.admin.sending import get_unsent_url, send_alone
from psychoplastogens.editorial.admin.views.bundle import may_view_all
from psychoplastogens.editorial.admin.views.review_comments import keep_typed_comments
from psychoplastogens.editorial.exceptions import UnfinishedDraft, WorkflowError
from psychoplastogens.editorial.models import (
    APPROVE_PERMISSION,
    PUBLISH_PERMISSION,
    Publishable,
    Reviewer,
    Revision,
)
from psychoplastogens.editorial.review.links import create_review_link, revoke_review_link
from psychoplastogens.editorial.workflow import bundles, transitions


class WorkflowAction(NamedTuple):
    """`run(record, revision, request)` acts and returns a message; `next_page` follows.

    An empty `permission` means the permission to change the record. Users with
    `alternative_permission` may act too.
    """

    run: Callable
    permission: str = ""
    next_page: str = "change"
    alternative_permission: str = ""


def get_revision_or_error(record, key) -> Revision:
    """Return the revision of `record` with this key, or raise WorkflowError."""
    revision = Revision.objects.about(record).get_by_key_or_none(key)
    if revision is None:
        raise WorkflowError("There is no such revision of this record.")
    return revision


def _get_or_error(rows, key, otherwise):
    """Return the row with this key, or raise WorkflowError with the text `otherwise`."""
    try:
        return rows.get(pk=key)
    except (ObjectDoesNotExist, ValueError, ValidationError) as error:
        raise WorkflowError(otherwise) from error


def _submit(record, key, request, *, is_same_text=False):
    options = {"note": request.POST.get("note", ""), "is_same_text": is_same_text}
    send_alone(get_revision_or_error(record, key), by=request.user, **options)
    return f"“{record}” is in review now."


def _publish(record, key, request):
    published = transitions.publish(get_revision_or_error(record, key), by=request.user)
    _log_publications(request, [published])
    return format_html(
        'Published: readers see this text of “{}” now. <a href="{}">Open the page</a>',
        published,
        published.get_absolute_url(),
    )


def _publish_bundle(record, key, request):
    revision = get_revision_or_error(record, key)
    if not may_view_all(request.user, Revision.objects.in_bundle_with(revision)):
        raise PermissionDenied
    published = bundles.publish_together(revision, by=request.user)
    pages = [one.record for one in published if one.record]
    _log_publications(request, pages)
    links = ((page, page.get_absolute_url()) for page in pages)
    return format_html(
        "Published together: {}.",
        format_html_join("; ", '“{}” (<a href="{}">Open the page</a>)', links),
    )


def _log_publications(request, pages: list[Publishable]) -> None:
    """For the audit list, as the admin's own actions do."""
    LogEntry.objects.log_actions(request.user.pk, pages, CHANGE, "Published.")


def _discard(record, key, request):
    transitions.discard(
        get_revision_or_error(record, key), by=request.user, note=request.POST.get("note", "")
    )
    return "The draft is set aside. Its text stays in the history."


def _restore(record, key, request):
    revision = get_revision_or_error(record, key)
    transitions.restore(revision, by=request.user)
    return f"Revision {revision.number} is the newest draft now. Readers do not see it yet."


def _create_review_link(record, key, request):
    chosen = request.POST.get("reviewer")
    reviewer = _get_or_error(Reviewer.objects, chosen, "Choose the clinician whom you want to ask.")
    link = create_review_link(
        get_revision_or_error(record, key), by=request.user, reviewer=reviewer
    )
    if link.was_mailed:
        return f"The link was mailed to {reviewer}, at the address on file."
    return f"The link for {reviewer} is here to copy: give it to nobody else."


def _revoke_review_link(record, key, request):
    links = get_revision_or_error(record, key).links
    link = _get_or_error(links, request.POST.get("link"), "There is no such link to this revision.")
    revoke_review_link(link, by=request.user)
    return f"The link for {link.reviewer} no longer works."


WORKFLOW_ACTIONS = {
    "submit": WorkflowAction(_submit, next_page="review"),
    "submit_same": WorkflowAction(partial(_submit, is_same_text=True), next_page="review"),
    "publish": WorkflowAction(_publish, PUBLISH_PERMISSION),
    "publish_bundle": WorkflowAction(_publish_bundle, PUBLISH_PERMISSION, next_page="review"),
    "discard": WorkflowAction(_discard),
    "restore": WorkflowAction(_restore),
    "link": WorkflowAction(
        _create_review_link, next_page="review", alternative_permission=APPROVE_PERMISSION
    ),
    "revoke": WorkflowAction(
        _revoke_review_link, next_page="review", alternative_permission=APPROVE_PERMISSION
    ),
}


def run_workflow_action(model_admin, request, record):
    """POST verb=... and revision=...: run one action on this record if the user may."""
    verb = WORKFLOW_ACTIONS.get(request.POST.get("verb"))
    if request.method != "POST" or verb is None:
        raise PermissionDenied
    changing = f"{record._meta.app_label}.change_{record._meta.model_name}"
    enough = (verb.permission or changing, verb.alternative_permission)
    if not any(request.user.has_perm(permission) for permission in enough if permission):
        raise PermissionDenied
    try:
        keep_typed_comments(model_admin, request, record)
        said = verb.run(record, request.POST.get("revision"), request)
    except UnfinishedDraft as error:
        model_admin.message_user(request, error.messages[0], messages.ERROR)
        return HttpResponseRedirect(get_unsent_url(record, error))
    except WorkflowError as error:
        model_admin.message_user(request, " ".join(error.messages), messages.ERROR)
    else:
        model_admin.message_user(request, said, messages.SUCCESS)
    return HttpResponseRedirect(get_record_admin_url(record, verb.next_page))
