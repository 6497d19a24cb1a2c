"""What the verbs of the workflow read anew, and hold until their transaction ends."""

from __future__ import annotations

from django.utils import timezone

from psychoplastogens.editorial.models import ContentVersion, Publishable, Reviewer
from psychoplastogens.editorial.revision import NotNow, ReviewLink, Revision


def lock_record(record: Publishable) -> Publishable:
    """`record` read anew. Until the transaction ends nobody else saves, publishes or withdraws
    anything: what a text rests on cannot be lost between a look at it and its publication."""
    ContentVersion.objects.hold()
    return type(record)._base_manager.select_for_update().get(pk=record.pk)


def lock_revision(revision: Revision, *states: str) -> Revision:
    """`revision` as it is now. Raises NotNow where it is in none of `states`."""
    record = Revision.objects.get(pk=revision.pk).record
    if record is None:
        raise NotNow("The record was deleted. Bring it back from the history first.")
    lock_record(record)  # Before its revision, as when a draft is saved.
    fresh = Revision.objects.select_for_update().get(pk=revision.pk)
    if fresh.state not in states:
        newest = Revision.objects.base_of(fresh.record) or fresh
        later = f" {newest.author} saved a newer one." if newest.number > fresh.number else ""
        raise NotNow(f"This revision is “{fresh.get_state_display()}” now.{later}")
    revision.__dict__.update(fresh.__dict__)
    return revision


def answer_link(link: ReviewLink | None, revision: Revision) -> Reviewer | None:
    """Use `link` up for an answer about `revision`; who answered, None without a link."""
    if link is None:
        return None
    link = lock_link(link, revision)
    link.answered_at = timezone.now()
    link.save(update_fields=["answered_at"])
    return link.reviewer


def lock_link(link: ReviewLink, revision: Revision) -> ReviewLink:
    """Raises NotNow where the link cannot be answered, or is for another text."""
    link = ReviewLink.objects.select_for_update().get(pk=link.pk)
    if link.revision_id != revision.pk:
        raise NotNow("This link is for another text.")
    if link.ended_because:
        raise NotNow(link.ended_because)
    return link
