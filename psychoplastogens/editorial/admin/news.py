"""What others did about texts that somebody wrote, until it is marked as read.

It asks for nothing: what waits for somebody, or is on its way, is in the panels of tasks.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator

from psychoplastogens.accounts.models import MailPreference
from psychoplastogens.editorial.admin.dashboard import (
    MAX_PANEL_ITEMS,
    DashboardPanel,
    TodoItem,
)
from psychoplastogens.editorial.admin.record_pages import get_admin_url
from psychoplastogens.editorial.models import HistoryEntry, Revision

Verb = HistoryEntry.Verb
NEWS = (Verb.COMMENTED, Verb.RESOLVED, Verb.SCHEDULED, Verb.PUBLISHED)
SHOW_FOR = timedelta(days=14)
WROTE_WITHIN = timedelta(days=60)
MAX_NOTE_LENGTH = 140  # characters of a note that the panel shows


def get_news(user) -> QuerySet[HistoryEntry]:
    """What others did lately about texts that `user` wrote on, unless it was read."""
    now = timezone.now()
    read_until = MailPreference.objects.get_or_default(user).news_read_until
    since = max(filter(None, [now - SHOW_FOR, read_until]))
    written = Revision.objects.filter(
        content_type=OuterRef("content_type"),
        object_id=OuterRef("object_id"),
        author=user,
        created_at__range=(now - WROTE_WITHIN, OuterRef("at")),
    )
    news = HistoryEntry.objects.filter(Exists(written), verb__in=NEWS, at__gt=since)
    return news.exclude(by=user)


def build_news_panel(user) -> DashboardPanel:
    """The panel of the news, oldest first: those that it has no room for follow when it is read.

    `read_until` is the time of the newest entry that it shows.
    """
    news = get_news(user).order_by("at", "pk")
    shown = list(news.select_related("by", "content_type")[:MAX_PANEL_ITEMS])
    items = [TodoItem(entry.title, _describe(entry), _get_address(entry)) for entry in shown]
    read_until = shown[-1].at.isoformat() if shown else ""
    return DashboardPanel("News of your texts", news.count(), items, read_until=read_until)


def mark_as_read(user, until: datetime) -> None:
    """Keep what came after `until`."""
    read = {"news_read_until": min(until, timezone.now())}
    MailPreference.objects.update_or_create(user=user, defaults=read)


def _describe(entry: HistoryEntry) -> str:
    day = date_format(timezone.localtime(entry.at).date())
    said = f"{entry.get_verb_display()}: {entry.who}, {day}"
    note = Truncator(entry.note).chars(MAX_NOTE_LENGTH)
    return f"{said}. “{note}”" if note and entry.verb == Verb.COMMENTED else said


def _get_address(entry: HistoryEntry) -> str:
    """The review screen, at the thread if there is one."""
    model = entry.content_type.model_class()
    assert model is not None  # A kind of record that is there.
    anchor = f"#comment-{entry.thread_id}" if entry.thread_id else ""
    return get_admin_url(model._meta, entry.object_id, "review") + anchor
