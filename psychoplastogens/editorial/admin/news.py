"""What happened to texts that somebody wrote, asked about or set a time for, until it is read.

It asks for nothing: what waits for somebody, or is on its way, is in the panels of tasks.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import Truncator

from psychoplastogens.accounts.models import MailPreference
from psychoplastogens.editorial.admin.dashboard import (
    MAX_PANEL_ITEMS,
    DashboardPanel,
    TodoItem,
)
from psychoplastogens.editorial.admin.record_pages import get_admin_url
from psychoplastogens.editorial.admin.set_times import show_set_time
from psychoplastogens.editorial.models import (
    HistoryEntry,
    ReviewLink,
    Revision,
    ScheduledChange,
    ScheduledChangeQuerySet,
)

Verb, Action = HistoryEntry.Verb, ScheduledChange.Action
NEWS = (
    *(Verb.COMMENTED, Verb.RESOLVED, Verb.SENT_BACK),
    *(Verb.SCHEDULED, Verb.PUBLISHED, Verb.WITHDRAWN),
)
AT_A_SET_TIME = (Verb.PUBLISHED, Verb.WITHDRAWN)
WILL_BE = {Action.PUBLISH: "Will be published", Action.WITHDRAW: "Will be withdrawn"}
DONE_WITHIN = timedelta(minutes=1)
"""A change at a set time is marked as done, and then done, within this time."""
SHOW_FOR = timedelta(days=14)
WROTE_WITHIN = timedelta(days=60)
MAX_NOTE_LENGTH = 140  # characters of a note that the panel shows
MAX_NEWS = 200


def get_news(user) -> QuerySet[HistoryEntry]:
    """What happened lately to texts that concern `user`, unless it was read.

    That is what others did about texts that they wrote on, what clinicians answered behind a link
    that they made, and what was done at a time that they set.
    """
    read_until = MailPreference.objects.get_or_default(user).news_read_until
    since = max(filter(None, [timezone.now() - SHOW_FOR, read_until]))
    concerns = _is_of_own_text(user) | _answers_link_of(user) | _was_set_by(user)
    return HistoryEntry.objects.filter(concerns, at__gt=since)


def _is_of_own_text(user) -> Q:
    """What others did about a text of `user`. Of set times those that still wait."""
    written = Revision.objects.filter(
        content_type=OuterRef("content_type"),
        object_id=OuterRef("object_id"),
        author=user,
        created_at__range=(timezone.now() - WROTE_WITHIN, OuterRef("at")),
    )
    is_current = ~Q(verb=Verb.SCHEDULED) | Q(Exists(_get_set_times()))
    return Q(Exists(written), is_current, verb__in=NEWS) & ~Q(by=user)


def _answers_link_of(user) -> Q:
    """What a clinician said behind a link that `user` made to the text of somebody else."""
    made = ReviewLink.objects.filter(
        revision=OuterRef("revision"), made_by=user, made_at__lte=OuterRef("at")
    )
    said = Q(Exists(made), by=None, verb__in=HistoryEntry.READINGS)
    return said & ~Q(revision__author=user)


def _was_set_by(user) -> Q:
    """What was done at a time that `user` set."""
    at = OuterRef("at")
    done = ScheduledChange.objects.filter(
        *(Q(content_type=OuterRef("content_type")), Q(object_id=OuterRef("object_id"))),
        made_by=user,
        outcome=ScheduledChange.Outcome.DONE,
        ended_at__range=(at - DONE_WITHIN, at),
    )
    return Q(Exists(done), by=user, verb__in=AT_A_SET_TIME)


def _get_set_times() -> ScheduledChangeQuerySet:
    """The waiting change that the outer entry tells of. For use in a subquery."""
    made = {"revision": OuterRef("revision"), "made_at__lte": OuterRef("at")}
    return ScheduledChange.objects.filter(ended_at=None, **made).order_by("-made_at")


def build_news_panel(user) -> DashboardPanel:
    """The panel of the news, newest first; what it has no room for is folded.

    `read_until` is the time of the newest entry.
    """
    news = get_news(user).order_by("-at", "-pk")
    shown = list(
        news.annotate(
            set_at=Subquery(_get_set_times().values("at")[:1]),
            set_action=Subquery(_get_set_times().values("action")[:1]),
        ).select_related("by", "content_type")[:MAX_NEWS]
    )
    items = [TodoItem(entry.title, _describe(entry, user), _get_address(entry)) for entry in shown]
    return DashboardPanel(
        "News",
        news.count() if len(shown) == MAX_NEWS else len(shown),
        items[:MAX_PANEL_ITEMS],
        folded=items[MAX_PANEL_ITEMS:],
        read_until=shown[0].at.isoformat() if shown else "",
    )


def mark_as_read(user, until: datetime) -> None:
    """Keep what came after `until`."""
    read = {"news_read_until": min(until, timezone.now())}
    MailPreference.objects.update_or_create(user=user, defaults=read)


def _describe(entry, user) -> str:
    day = date_format(timezone.localtime(entry.at).date())
    if entry.verb == Verb.SCHEDULED:
        return format_html(
            "{}: {}, set by {}", WILL_BE[entry.set_action], show_set_time(entry.set_at), entry.who
        )
    if entry.by_id == user.pk:
        return f"{entry.get_verb_display()}, at the time you set: {day}"
    said = f"{entry.get_verb_display()}: {entry.who}, {day}"
    note = Truncator(entry.note).chars(MAX_NOTE_LENGTH)
    is_said = entry.verb in (*HistoryEntry.READINGS, Verb.SENT_BACK)
    return f"{said}. “{note}”" if note and is_said else said


def _get_address(entry: HistoryEntry) -> str:
    """The review screen, at the thread if there is one."""
    model = entry.content_type.model_class()
    assert model is not None  # A kind of record that is there.
    anchor = f"#comment-{entry.thread_id}" if entry.thread_id else ""
    return get_admin_url(model._meta, entry.object_id, "review") + anchor
