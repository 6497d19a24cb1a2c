"""Errors of the editorial workflow."""

from __future__ import annotations

from django.core.exceptions import ValidationError


class WorkflowError(ValidationError):
    """The step is not allowed now, or not for this user. The message says what to do."""


class StaleRevision(WorkflowError):
    """A newer text was saved after this one was begun."""


class UnfinishedDraft(WorkflowError):
    """A draft cannot be sent for review: the messages say what must be mended first."""


class UnfinishedDrafts(UnfinishedDraft):
    """Drafts cannot be sent together: `stops` are (revision, stop) pairs of what must be mended."""

    def __init__(self, stops):
        lines = [f"{revision.title}: {stop}" for revision, stop in stops]
        super().__init__(["Nothing was sent for review.", *lines])
        self.stops = stops


class NeedsOtherDrafts(UnfinishedDraft):
    """A draft names new texts that readers cannot see yet and that can be sent along with it."""


class BundleNotApproved(WorkflowError):
    """The texts of a bundle cannot be approved together: `revision` stops it."""

    def __init__(self, revision, error: WorkflowError):
        super().__init__([f"{revision.title}: {line}" for line in error.messages])
        self.revision = revision


class ReturnedToReview(WorkflowError):
    """An approved text can no longer be published and is in review again."""
