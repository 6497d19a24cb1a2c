"""From a draft to readers, each step by somebody else: for tests about what comes after."""

from unittest.mock import patch

from psychoplastogens.editorial import workflow
from psychoplastogens.editorial.revision import Revision
from tests.make import make_user


def unchecked():
    """Without the checks of content: a small record of a test is no page for readers."""
    return patch.object(workflow, "problems_of", return_value=[])


def draft_of(record):
    return Revision.objects.open_for(record)


def approve_draft(record, **options):
    draft = draft_of(record)
    workflow.submit(draft, by=make_user("author"))
    with unchecked():
        workflow.approve(draft, by=make_user("clinician"), **options)
    return draft


def publish_draft(record, **options):
    """Send the open draft of `record` for review, approve and publish it."""
    return workflow.publish(approve_draft(record, **options), by=make_user("publisher"))
