"""A text with what it needs: sent for review, approved and published as one.

Each text is still approved by somebody who did not write on it, and each keeps its own history.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from psychoplastogens.editorial.drafts.snapshots import SnapshotConflict
from psychoplastogens.editorial.exceptions import (
    BundleNotApproved,
    ReturnedToReview,
    UnfinishedDrafts,
    WorkflowError,
)
from psychoplastogens.editorial.models import Bundle, Revision, ScheduledChange
from psychoplastogens.editorial.workflow import transitions
from psychoplastogens.editorial.workflow.references import does_revision_use, format_names
from psychoplastogens.editorial.workflow.revision_storage import lock_revision
from psychoplastogens.editorial.workflow.sending import Stop, list_stops

SENT = (Revision.State.IN_REVIEW, Revision.State.APPROVED)
MAX_CANDIDATES = 200
"""New texts, the newest first, among which a text's needs are looked for."""


def find_needed_drafts(revision: Revision) -> list[Revision]:
    """The texts of records that readers cannot see yet and that `revision` needs.

    They are drafts, in review or approved; what has a time of its own to be published is left out.
    What these need in turn is among them. The number of queries is constant for each model.
    """
    timed = ScheduledChange.objects.waiting().values("revision")
    others = Revision.objects.open().exclude(pk=revision.pk).exclude(pk__in=timed)
    others = others.order_by("-created_at").select_related("author")
    found = others.prefetch_related("record")[:MAX_CANDIDATES]
    candidates = [draft for draft in found if draft.record and not draft.record.is_published]
    needed, looked_at = [], [revision]
    for text in looked_at:
        for draft in [draft for draft in candidates if does_revision_use(text, draft.record)]:
            candidates.remove(draft)
            needed.append(draft)
            looked_at.append(draft)
    return needed


def list_stops_together(revisions: Sequence[Revision]) -> list[tuple[Revision, Stop]]:
    """What must be mended before the drafts among `revisions` can be sent with the others."""
    found = []
    for revision in revisions:
        if revision.state != Revision.State.DRAFT:
            continue
        others = [other.snapshot for other in revisions if other != revision]
        try:
            stops = list_stops(revision, others)
        except SnapshotConflict as error:
            assert revision.record is not None
            stops = [Stop(revision.record, "", str(error))]
        found += [(revision, stop) for stop in stops]
    return found


def send_together(revisions: Sequence[Revision], *, by) -> Bundle:
    """Send drafts for review as one bundle with what is in review or approved, or none of them.

    The bundles of the latter become one with it. Raises UnfinishedDrafts with what must be mended
    first, of any of the drafts.
    """
    if stops := list_stops_together(revisions):
        raise UnfinishedDrafts(stops)
    with transaction.atomic():
        bundle = Bundle.objects.create(made_by=by)
        for revision in revisions:
            if revision.state == Revision.State.DRAFT:
                transitions.submit(revision, by=by)
            else:
                lock_revision(revision, *SENT)
                Revision.objects.in_bundle_with(revision).update(bundle=bundle)
            revision.bundle = bundle
            revision.save(update_fields=["bundle"])
    return bundle


@transaction.atomic
def approve_together(revision: Revision, *, by, **decision) -> list[Revision]:
    """Approve all of the bundle that are in review, or none.

    `decision` is what transitions.approve() takes about `revision` itself. The others are approved
    with the reasons that are kept. Raises BundleNotApproved.
    """
    members = _get_members(revision)
    waiting = [member for member in members if member.state == Revision.State.IN_REVIEW]
    for member in waiting:
        try:
            transitions.approve(member, by=by, **(decision if member == revision else {}))
        except WorkflowError as error:
            raise BundleNotApproved(member, error) from error
    return waiting


def publish_together(revision: Revision, *, by) -> list[Revision]:
    """Publish the bundle in one transaction, what is needed before what needs it.

    All must be approved. If one has become invalid since, none is published, and that one returns
    to review: ReturnedToReview says why.
    """
    members = sort_by_need(_get_members(revision))
    reject_unapproved(members)
    failed: Revision | None = None
    try:
        with transaction.atomic():
            for member in members:
                failed = member
                transitions.publish_member(member, by=by)
    except WorkflowError as error:
        assert failed is not None
        lost = [f"{failed.title}: {message}" for message in error.messages]
        transitions.return_to_review(failed, by=by, why=lost)
        raise ReturnedToReview([*lost, "Nothing was published."]) from error
    return members


def reject_unapproved(members: Sequence[Revision]) -> None:
    """Raise WorkflowError with the texts that wait for an approval, if there are any."""
    waiting = [member.title for member in members if member.state != Revision.State.APPROVED]
    if waiting:
        raise WorkflowError(f"Not approved yet: {format_names(waiting)}.")


def sort_by_need(revisions: Sequence[Revision]) -> list[Revision]:
    """In an order in which each comes after those of them that it needs, as far as there is one."""
    left, ordered = list(revisions), []
    while left:
        free = [r for r in left if not any(_needs(r, other) for other in left if other != r)]
        following = free or left[:1]  # Two texts that name each other
        ordered += following
        left = [revision for revision in left if revision not in following]
    return ordered


def _needs(revision: Revision, other: Revision) -> bool:
    return other.record is not None and does_revision_use(revision, other.record)


def _get_members(revision: Revision) -> list[Revision]:
    members = [revision, *Revision.objects.in_bundle_with(revision)]
    if len(members) == 1:
        raise WorkflowError("No other text goes with it any more: decide about it alone.")
    return members
