"""The verbs of the workflow as the admin's pages post them: name, permission, and what is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect

from psychoplastogens.editorial import workflow
from psychoplastogens.editorial.drafting_admin import form_address
from psychoplastogens.editorial.revision import NotNow, Revision


class Verb(NamedTuple):
    """`act(record, revision, request)` does it and says what it did; `then` is the next page.

    `permission` is that of the workflow; '' asks for the right to change the record.
    """

    act: Callable
    permission: str = ""
    then: str = "change"


def revision_of(record, key) -> Revision:
    """The revision of `record` with this key. Raises NotNow for any other."""
    revision = Revision.objects.about(record).with_key(key)
    if revision is None:
        raise NotNow("There is no such revision of this record.")
    return revision


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


VERBS = {
    "submit": Verb(_submit, then="review"),
    "publish": Verb(_publish, "editorial.publish_revision"),
    "discard": Verb(_discard),
    "restore": Verb(_restore),
}


def do(model_admin, request, record):
    """POST verb=... and revision=...: one verb of the workflow, by who may, on this record."""
    verb = VERBS.get(request.POST.get("verb"))
    if request.method != "POST" or verb is None:
        raise PermissionDenied
    changing = f"{record._meta.app_label}.change_{record._meta.model_name}"
    if not request.user.has_perm(verb.permission or changing):
        raise PermissionDenied
    try:
        said = verb.act(record, request.POST.get("revision"), request)
    except NotNow as error:
        model_admin.message_user(request, " ".join(error.messages), messages.ERROR)
    else:
        model_admin.message_user(request, said, messages.SUCCESS)
    return HttpResponseRedirect(form_address(record, verb.then))
