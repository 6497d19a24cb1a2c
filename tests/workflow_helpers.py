"""From a draft to readers, each step by somebody else: for tests about what comes after."""

from unittest.mock import patch

from django.contrib.auth.models import Permission

from psychoplastogens.editorial.drafts.snapshots import take_snapshot
from psychoplastogens.editorial.models import Revision
from psychoplastogens.editorial.workflow import checks, transitions
from tests.factories import make_faq, make_user


def make_approver(name="colleague"):
    """A colleague who may approve what others wrote."""
    user = make_user(name)
    user.user_permissions.add(Permission.objects.get(codename="approve_revision"))
    return user


def without_checks():
    """Without the checks of content: a small record of a test is no page for readers."""
    return patch.object(checks, "_checks", [])


def get_draft(record):
    return Revision.objects.get_open_draft(record)


def approve_draft(record, **options):
    draft = get_draft(record)
    transitions.submit(draft, by=make_user("author"))
    with without_checks():
        transitions.approve(draft, by=make_user("clinician"), **options)
    return draft


def publish_draft(record, **options):
    """Send the open draft of `record` for review, approve and publish it."""
    draft = approve_draft(record, **options)
    with without_checks():
        return transitions.publish(draft, by=make_user("publisher"))


def save_draft(record, by="author", **fields):
    """A draft of `record` that differs in `fields`, by a user of this name."""
    base = Revision.objects.get_editing_base(record)
    snapshot = base.snapshot if base else take_snapshot(record)
    snapshot = [{**snapshot[0], "fields": snapshot[0]["fields"] | fields}, *snapshot[1:]]
    return transitions.save_draft(record, snapshot, by=make_user(by))


def send_for_review(record=None, by="author", **fields):
    """As `save_draft`, and sent for review by its author."""
    draft = save_draft(record or make_faq(), by=by, **fields or {"answer": "New words."})
    transitions.submit(draft, by=make_user(by))
    return draft
