"""Panels of open tasks on the admin index, also used by `manage.py review_due`.

Apps add panels with `dashboard_panel` and notices with `dashboard_notice`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from operator import attrgetter

from django.apps import apps
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format

from psychoplastogens.editorial.admin.record_pages import get_admin_url, get_record_admin_url
from psychoplastogens.editorial.models import (
    ContentVersion,
    HistoryEntry,
    Publishable,
    Revision,
    RevisionQuerySet,
)
from psychoplastogens.editorial.workflow.references import format_names

MAX_PANEL_ITEMS = 8
REVIEW_SOON = timedelta(days=30)
STALE_DRAFT_AGE = timedelta(days=14)
CACHE_SECONDS = 24 * 3600


@dataclass(frozen=True)
class TodoItem:
    """One task: its name, a detail, and its address.

    A task that a press of a button ends has the key of the `revision` to publish, and the address
    that does it; one of a bundle has that of the page that publishes it together.
    """

    name: str
    detail: str
    address: str = ""
    revision: str = ""
    do_address: str = ""
    together_address: str = ""


@dataclass(frozen=True)
class DashboardPanel:
    """Tasks of one sort: how many there are, the first few, and the text for an empty panel.

    Tasks of an urgent panel wait for everybody. `key` is its name in the address of all its tasks.
    News can be marked as read, those until `read_until`; those beyond the first few are `folded`.
    """

    title: str
    count: int
    items: list[TodoItem]
    empty_text: str = ""
    is_urgent: bool = False
    key: str = ""
    read_until: str = ""
    folded: list[TodoItem] = field(default_factory=list)

    @property
    def more(self):
        return self.count - len(self.items) - len(self.folded)


PanelBuilder = Callable[..., DashboardPanel]
_panel_builders: dict[str, PanelBuilder] = {}


def dashboard_panel(build: PanelBuilder) -> PanelBuilder:
    """Decorator: show the DashboardPanel that `build(most)` returns on the admin index.

    `most` limits the number of its items. The key of the panel is the name of the function.
    """
    _panel_builders[build.__name__] = build
    return build


def get_panels() -> list[DashboardPanel]:
    """Return every panel, in order of registration."""
    return [replace(build(), key=key) for key, build in _panel_builders.items()]


def get_panel_or_none(key: str, most: int) -> DashboardPanel | None:
    """Return the panel with this key, with at most so many items."""
    build = _panel_builders.get(key)
    return replace(build(most), key=key) if build else None


_notice_builders: list[Callable[[HttpRequest], str]] = []


def dashboard_notice(panel: Callable[[HttpRequest], str]) -> Callable[[HttpRequest], str]:
    """Decorator: show the HTML that this function returns above the panels; '' for nothing."""
    _notice_builders.append(panel)
    return panel


def get_notices(request: HttpRequest) -> list[str]:
    return [shown for panel in _notice_builders if (shown := panel(request))]


def get_cached_panel(name: str, build: PanelBuilder, most: int) -> DashboardPanel:
    """Return `build(most)`, cached in this process until a text or its state changes."""
    act = HistoryEntry.objects.order_by("-pk").values_list("pk", flat=True).first()
    key = f"{name}-{most}-{ContentVersion.objects.get_current()}-{act}"
    panel = cache.get_or_set(key, partial(build, most), CACHE_SECONDS)
    assert panel is not None  # `build` returns one.
    return panel


def get_publishable_models() -> list[type[Publishable]]:
    return [model for model in apps.get_models() if issubclass(model, Publishable)]


def get_records_due_for_review(day: date, most: int | None = None) -> list[Publishable]:
    """Return published records whose review is due on or before `day`, most overdue first.

    `most` limits their number.
    """
    rows = (
        kind.objects.due_for_review(day).order_by("review_due")[:most]
        for kind in get_publishable_models()
    )
    due = [record for records in rows for record in records]
    return sorted(due, key=lambda record: (record.review_due or day, str(record)))[:most]


def _build_review_item(record: Publishable) -> TodoItem:
    assert record.review_due is not None  # `due_for_review` asks for one.
    said = "overdue since" if record.is_overdue else "due by"
    address = get_record_admin_url(record, "review")
    return TodoItem(str(record), f"{said} {date_format(record.review_due)}", address)


@dashboard_panel
def review_due_panel(most: int = MAX_PANEL_ITEMS) -> DashboardPanel:
    day = timezone.localdate() + REVIEW_SOON
    count = sum(kind.objects.due_for_review(day).count() for kind in get_publishable_models())
    title = "To be reviewed in the next 30 days, or overdue"
    return DashboardPanel(
        title,
        count,
        [_build_review_item(r) for r in get_records_due_for_review(day, most)],
        "No review is due.",
    )


def describe_origin(revision: Revision) -> str:
    """Who saved a revision, and on which day."""
    return f"{revision.author}, {date_format(timezone.localtime(revision.created_at).date())}"


def build_revisions_panel(
    title: str,
    revisions: RevisionQuerySet,
    page: str,
    *,
    empty_text: str = "",
    describe: Callable[[Revision], str] = describe_origin,
    most: int = MAX_PANEL_ITEMS,
    is_ready: Callable[[Revision], bool] | None = None,
) -> DashboardPanel:
    """Return a panel of revisions that lead to an admin page of their record.

    A bundle is one item, named as its newest text, which most often needs the others. What
    `is_ready` has a button that publishes it; a bundle is published on its own page.
    """
    related = ("author", "content_type", "approved_by", "approved_through__reviewer")
    shown = revisions.with_bundle_key().select_related(*related).defer("snapshot")[:most]
    together: dict[str, list[Revision]] = {}
    for revision in shown:
        together.setdefault(revision.bundle_key, []).append(revision)
    items = []
    for bundled in together.values():
        first, *others = sorted(bundled, key=attrgetter("created_at"), reverse=True)
        model = first.content_type.model_class()
        assert model is not None
        get_url = partial(get_admin_url, model._meta, first.object_id)
        detail = "; ".join(dict.fromkeys(describe(revision) for revision in (first, *others)))
        if is_sent := first.bundle_id and first.state != Revision.State.DRAFT:
            names = format_names([other.title for other in others]) if others else "others"
            detail += f"; sent together with {names}"
        item = TodoItem(first.title, detail, get_url(page))
        if is_ready and is_sent:
            item = replace(item, together_address=f"{get_url('review')}#bundle")
        elif is_ready and is_ready(first):
            item = replace(item, revision=str(first.pk), do_address=get_url("do"))
        items.append(item)
    return DashboardPanel(title, revisions.count_bundled_as_one(), items, empty_text)


@dashboard_panel
def in_review_panel(most: int = MAX_PANEL_ITEMS) -> DashboardPanel:
    waiting = Revision.objects.in_state(Revision.State.IN_REVIEW)
    empty_text = "Nothing waits for a review."
    return build_revisions_panel("In review", waiting, "review", empty_text=empty_text, most=most)


@dashboard_panel
def approved_panel(most: int = MAX_PANEL_ITEMS) -> DashboardPanel:
    waiting = Revision.objects.in_state(Revision.State.APPROVED)
    title, empty_text = "Approved, not yet published", "Nothing waits to be published."
    return build_revisions_panel(title, waiting, "review", empty_text=empty_text, most=most)


@dashboard_panel
def stale_drafts_panel(most: int = MAX_PANEL_ITEMS) -> DashboardPanel:
    old = Revision.objects.in_state(Revision.State.DRAFT).older_than(
        timezone.now() - STALE_DRAFT_AGE
    )
    title = "Drafts that nobody has touched for two weeks"
    return build_revisions_panel(
        title, old, "change", empty_text="No draft is lying about.", most=most
    )
