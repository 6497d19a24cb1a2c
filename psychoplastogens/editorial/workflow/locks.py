"""Fetches and locks what a transition works on, until its transaction ends."""

from __future__ import annotations

from django.utils import timezone

from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.models import (
    ContentVersion,
    Publishable,
    Reviewer,
    ReviewLink,
    Revision,
)


def lock_record(record: Publishable) -> Publishable:
    """Fetch `record` again, and block all other saves and transitions.

    So nothing that the text relies on can change between the check and the publication.
    """
    ContentVersion.objects.lock()
    return type(record)._base_manager.select_for_update().get(pk=record.pk)


def lock_revision(revision: Revision, *states: str) -> Revision:
    """Refresh and lock `revision`. Raise WorkflowError if it is in none of `states`."""
    record = Revision.objects.get(pk=revision.pk).record
    if record is None:
        raise WorkflowError("The record was deleted. Bring it back from the history first.")
    lock_record(record)  # Before its revision, as when a draft is saved.
    fresh = Revision.objects.select_for_update().get(pk=revision.pk)
    if fresh.state not in states:
        newest = Revision.objects.get_editing_base(fresh.record) or fresh
        later = f" {newest.author} saved a newer one." if newest.number > fresh.number else ""
        raise WorkflowError(f"This revision is “{fresh.get_state_display()}” now.{later}")
    revision.__dict__.update(fresh.__dict__)
    return revision


def mark_link_answered(link: ReviewLink | None, revision: Revision) -> Reviewer | None:
    """Close `link` after its answer about `revision`; return its reviewer. None without a link."""
    if link is None:
        return None
    link = lock_link(link, revision)
    link.answered_at = timezone.now()
    link.save(update_fields=["answered_at"])
    return link.reviewer


def lock_link(link: ReviewLink, revision: Revision) -> ReviewLink:
    """Lock `link`. Raise WorkflowError if it is closed or belongs to another revision."""
    link = ReviewLink.objects.select_for_update().get(pk=link.pk)
    if link.revision_id != revision.pk:
        raise WorkflowError("This link is for another text.")
    if link.closed_reason:
        raise WorkflowError(link.closed_reason)
    return link
