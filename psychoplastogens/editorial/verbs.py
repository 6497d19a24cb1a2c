"""The verbs of the workflow as the admin's pages post them: name, permission, and what is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import HttpResponseRedirect

from psychoplastogens.editorial import workflow
from psychoplastogens.editorial.admin_pages import form_address
from psychoplastogens.editorial.models import Reviewer
from psychoplastogens.editorial.review_links import make_link, revoke_link
from psychoplastogens.editorial.revision import NotNow, Revision


class Verb(NamedTuple):
    """`act(record, revision, request)` does it and says what it did; `then` is the next page.

    `permission` is that of the workflow; '' asks for the right to change the record. Who has the
    permission in `or_with` may do it too.
    """

    act: Callable
    permission: str = ""
    then: str = "change"
    or_with: str = ""


def revision_of(record, key) -> Revision:
    """The revision of `record` with this key. Raises NotNow for any other."""
    revision = Revision.objects.about(record).with_key(key)
    if revision is None:
        raise NotNow("There is no such revision of this record.")
    return revision


def _one_of(rows, key, otherwise):
    """The row with the key that a form sent. Raises NotNow, with the words `otherwise`."""
    try:
        return rows.get(pk=key)
    except (ObjectDoesNotExist, ValueError, ValidationError) as error:
        raise NotNow(otherwise) from error


def _submit(record, key, request):
    workflow.submit(revision_of(record, key), by=request.user, note=request.POST.get("note", ""))
    return f"“{record}” is in review now."


def _publish(record, key, request):
    published = workflow.publish(revision_of(record, key), by=request.user)
    return f"Published: readers see this text of “{published}” now."


def _discard(record, key, request):
    workflow.discard(revision_of(record, key), by=request.user, note=request.POST.get("note", ""))
    return "The draft is set aside. Its text stays in the history."


def _restore(record, key, request):
    revision = revision_of(record, key)
    workflow.restore(revision, by=request.user)
    return f"Revision {revision.number} is the newest draft now. Readers do not see it yet."


def _make_link(record, key, request):
    chosen = request.POST.get("reviewer")
    reviewer = _one_of(Reviewer.objects, chosen, "Choose the clinician whom you want to ask.")
    link = make_link(revision_of(record, key), by=request.user, reviewer=reviewer)
    if link.was_mailed:
        return f"The link was mailed to {reviewer}, at the address on file."
    return f"The link for {reviewer} is below: copy it, and give it to nobody else."


def _revoke_link(record, key, request):
    links = revision_of(record, key).links
    link = _one_of(links, request.POST.get("link"), "There is no such link to this revision.")
    revoke_link(link, by=request.user)
    return f"The link for {link.reviewer} no longer works."


VERBS = {
    "submit": Verb(_submit, then="review"),
    "publish": Verb(_publish, "editorial.publish_revision"),
    "discard": Verb(_discard),
    "restore": Verb(_restore),
    "link": Verb(_make_link, then="review", or_with="editorial.approve_revision"),
    "revoke": Verb(_revoke_link, then="review", or_with="editorial.approve_revision"),
}


def do(model_admin, request, record):
    """POST verb=... and revision=...: one verb of the workflow, by who may, on this record."""
    verb = VERBS.get(request.POST.get("verb"))
    if request.method != "POST" or verb is None:
        raise PermissionDenied
    changing = f"{record._meta.app_label}.change_{record._meta.model_name}"
    enough = (verb.permission or changing, verb.or_with)
    if not any(request.user.has_perm(permission) for permission in enough if permission):
        raise PermissionDenied
    try:
        said = verb.act(record, request.POST.get("revision"), request)
    except NotNow as error:
        model_admin.message_user(request, " ".join(error.messages), messages.ERROR)
    else:
        model_admin.message_user(request, said, messages.SUCCESS)
    return HttpResponseRedirect(form_address(record, verb.then))
