"""What waits for one person: panels above all others on the admin index, and their number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.template.defaultfilters import pluralize
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator

from psychoplastogens.editorial.admin.dashboard import (
    MAX_PANEL_ITEMS,
    DashboardPanel,
    TodoItem,
    build_revisions_panel,
    describe_origin,
)
from psychoplastogens.editorial.admin.record_pages import get_admin_url
from psychoplastogens.editorial.admin.set_times import show_set_time
from psychoplastogens.editorial.models import (
    APPROVE_PERMISSION,
    PUBLISH_PERMISSION,
    Comment,
    HistoryEntry,
    Revision,
    RevisionQuerySet,
    ScheduledChange,
    ScheduledChangeQuerySet,
)

MAX_COMMENT_LENGTH = 140  # characters of a comment that a panel shows
SHOW_STOPPED_FOR = timedelta(days=14)
State, Verb = Revision.State, HistoryEntry.Verb


def get_personal_panels(user, most: int = MAX_PANEL_ITEMS) -> list[DashboardPanel]:
    """Return the panels of what waits for `user`; those without anything are left out."""
    revisions = partial(build_revisions_panel, most=most)
    scheduled = partial(_build_scheduled_panel, most=most)
    returned, commented = get_returned_drafts(user), get_commented_revisions(user)
    on_the_way, stopped = get_own_revisions_on_the_way(user), get_stopped_changes(user)
    panels = {
        "sent-back": revisions("Sent back to you", returned, "change", describe=_quote_request),
        "comments": revisions("Comments for you", commented, "review", describe=_quote_comment),
        "approve": revisions("For you to approve", get_approvable_revisions(user), "review"),
        "publish": revisions(
            "For you to publish",
            get_publishable_revisions(user),
            "review",
            describe=_describe_approval,
            is_ready=_needs_no_reading,
        ),
        "set": scheduled("You set a time", get_scheduled_changes(user), _describe_time),
        "not-done": scheduled("Not done at the time you set", stopped, _describe_stop),
        "drafts": revisions("Your drafts", get_own_drafts(user), "change"),
        "on-the-way": revisions(
            "Yours, on the way to readers", on_the_way, "review", describe=_describe_state
        ),
    }
    return [replace(panel, key=key) for key, panel in panels.items() if panel.count]


def count_tasks(user) -> int:
    """How much waits for `user` to change, answer, approve or publish. One query.

    What was sent together counts as one.
    """
    waiting = (
        *(get_returned_drafts, get_commented_revisions),
        *(get_approvable_revisions, get_publishable_revisions),
    )
    keys = (get(user).order_by().with_bundle_key().values("bundle_key") for get in waiting)
    first, *others = keys
    return first.union(*others).count()


def get_returned_drafts(user) -> RevisionQuerySet:
    """Drafts of `user` of which changes were asked; `.request` is the last comment that did so."""
    return _get_drafts(user).filter(request__isnull=False)


def get_commented_revisions(user) -> RevisionQuerySet:
    """What open threads wait for `user` about; `.comment` is what was said last in the oldest."""
    threads = Comment.objects.waiting_for(user)
    first = threads.filter(revision=OuterRef("pk")).order_by("at")
    commented = Revision.objects.filter(pk__in=threads.values("revision"))
    said = Subquery(first.values("last_body")[:1])
    return commented.annotate(comment=said).order_by("created_at")


def get_own_drafts(user) -> RevisionQuerySet:
    """Drafts of `user` of which nobody has asked for changes."""
    return _get_drafts(user).filter(request__isnull=True)


def _get_drafts(user) -> RevisionQuerySet:
    requests = HistoryEntry.objects.filter(revision=OuterRef("pk"), verb=Verb.CHANGES_ASKED)
    drafts = Revision.objects.in_state(State.DRAFT).filter(author=user)
    return drafts.annotate(request=Subquery(requests.values("note")[:1]))


def get_own_revisions_on_the_way(user) -> RevisionQuerySet:
    """What `user` wrote and others are to approve or to publish, oldest first."""
    states = (State.IN_REVIEW, State.APPROVED)
    mine = Revision.objects.filter(author=user, state__in=states).order_by("created_at")
    return _with_approval_note(mine)


def get_approvable_revisions(user) -> RevisionQuerySet:
    """What is in review and `user` may approve, since they wrote nothing of it."""
    if not user.has_perm(APPROVE_PERMISSION):
        return Revision.objects.none()
    return Revision.objects.in_state(State.IN_REVIEW).not_written_by(user)


def get_publishable_revisions(user) -> RevisionQuerySet:
    """What is approved, with all that goes along, and has no time set, for who may publish it.

    `.open_comments` is how many comments on it nobody has resolved, `.is_discussed` whether
    somebody said something of it since the approval.
    """
    if not user.has_perm(PUBLISH_PERMISSION):
        return Revision.objects.none()
    set_times = ScheduledChange.objects.filter(ended_at=None, revision=OuterRef("pk"))
    approved = Revision.objects.in_state(State.APPROVED).with_approved_bundle()
    approved = approved.exclude(Exists(set_times))
    since = HistoryEntry.objects.filter(
        revision=OuterRef("pk"), verb=Verb.COMMENTED, at__gt=OuterRef("approved_at")
    )
    return _with_approval_note(approved).annotate(
        open_comments=_count_open_comments(), is_discussed=Exists(since)
    )


def _count_open_comments() -> Coalesce:
    same_record = Comment.objects.open().filter(
        revision__content_type=OuterRef("content_type"), revision__object_id=OuterRef("object_id")
    )
    counted = same_record.order_by().values("revision__object_id").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)


def _with_approval_note(revisions: RevisionQuerySet) -> RevisionQuerySet:
    """With what was said at the approval, as `.said`; None where there was none."""
    approvals = HistoryEntry.objects.filter(revision=OuterRef("pk"), verb=Verb.APPROVED)
    return revisions.annotate(said=Subquery(approvals.order_by("-pk").values("note")[:1]))


def get_scheduled_changes(user) -> ScheduledChangeQuerySet:
    """What `user` has set a time for, soonest first."""
    return ScheduledChange.objects.waiting().filter(made_by=user)


def get_stopped_changes(user) -> ScheduledChangeQuerySet:
    """What `user` had set a time for and others or the checks have stopped lately."""
    return ScheduledChange.objects.stopped_for(user, timezone.now() - SHOW_STOPPED_FOR)


def _build_scheduled_panel(
    title: str, changes: ScheduledChangeQuerySet, describe: Callable, most: int
) -> DashboardPanel:
    shown = changes.select_related("revision", "content_type")[:most]
    items = [
        TodoItem(
            change.revision.title,
            describe(change),
            get_admin_url(change.content_type.model_class()._meta, change.object_id, "schedule"),
        )
        for change in shown.defer("revision__snapshot")
    ]
    return DashboardPanel(title, changes.count(), items)


def _describe_time(change: ScheduledChange) -> str:
    return format_html("{}: {}", change.get_action_display(), show_set_time(change.at))


def _describe_stop(change: ScheduledChange) -> str:
    return format_html("{}. {}", _describe_time(change), change.note)


def _quote_request(revision) -> str:
    return f"“{Truncator(revision.request).chars(MAX_COMMENT_LENGTH)}”"


def _quote_comment(revision) -> str:
    return f"“{Truncator(revision.comment).chars(MAX_COMMENT_LENGTH)}”"


def _describe_approval(revision) -> str:
    said = f"{describe_origin(revision)}. {_describe_state(revision)}"
    if number := revision.open_comments:
        said += f"; {number} {pluralize(number, 'comment is,comments are')} not resolved"
    if revision.is_discussed:
        said += "; somebody said something since"
    return said


def _needs_no_reading(revision) -> bool:
    return not (revision.open_comments or revision.is_discussed)


def _describe_state(revision) -> str:
    state = revision.get_state_display()
    if revision.state != State.APPROVED:
        return state
    said = f": “{Truncator(revision.said).chars(MAX_COMMENT_LENGTH)}”" if revision.said else ""
    return f"{state} by {revision.approver}{said}"
