"""Sending one draft for review, and where its author goes on when it was not sent."""

from __future__ import annotations

from psychoplastogens.editorial.admin.record_pages import get_record_admin_url
from psychoplastogens.editorial.admin.shown_stops import get_stops_url
from psychoplastogens.editorial.drafts.snapshots import SnapshotConflict
from psychoplastogens.editorial.exceptions import NeedsOtherDrafts, UnfinishedDraft
from psychoplastogens.editorial.models import Publishable, Revision
from psychoplastogens.editorial.workflow.bundles import find_needed_drafts
from psychoplastogens.editorial.workflow.sending import list_stops, send_for_review


def find_sendable_drafts(draft: Revision, user) -> list[Revision]:
    """The new drafts that `draft` needs and that `user` may change, and so send along with it."""
    return [other for other in find_needed_drafts(draft) if has_perm_on(user, other, "change")]


def has_perm_on(user, revision: Revision, verb: str) -> bool:
    """Whether a user may "view" or "change" the record of an open revision."""
    assert revision.record is not None
    options = revision.record._meta
    return user.has_perm(f"{options.app_label}.{verb}_{options.model_name}")


def send_alone(draft: Revision, *, by, **options) -> None:
    """Send a draft for review, with the options of send_for_review(), and with its errors.

    Raises NeedsOtherDrafts where it can be sent once others go along, else UnfinishedDraft with
    all that must be mended first.
    """
    others = find_sendable_drafts(draft, by)
    if others and _is_finished_with(draft, others):
        message = "It names new texts that readers cannot see yet. Send them along with it."
        raise NeedsOtherDrafts(message)
    send_for_review(draft, by=by, **options)


def get_unsent_url(page: Publishable, error: UnfinishedDraft) -> str:
    """The page that sends others along, or the form of a page with all that stops its draft."""
    if isinstance(error, NeedsOtherDrafts):
        return get_record_admin_url(page, "bundle")
    return get_stops_url(page)


def _is_finished_with(draft: Revision, others: list[Revision]) -> bool:
    """Whether nothing stops a draft from being sent together with others."""
    try:
        return not list_stops(draft, [other.snapshot for other in others])
    except SnapshotConflict:
        return False
