"""Mail to staff about texts: at once when something happens, or once a day."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from psychoplastogens.accounts.models import MailPreference
from psychoplastogens.accounts.roles import get_accounts_with
from psychoplastogens.delivery.mail import is_mail_set_up, mail_each
from psychoplastogens.editorial.admin.personal_tasks import get_personal_panels
from psychoplastogens.editorial.admin.record_pages import get_admin_url
from psychoplastogens.editorial.models import (
    APPROVE_PERMISSION,
    PUBLISH_PERMISSION,
    VIEW_DRAFTS_PERMISSION,
    Comment,
    HistoryEntry,
    ReviewLink,
    ScheduledChange,
)
from psychoplastogens.editorial.workflow.authorship import get_author_ids

Verb, Action = HistoryEntry.Verb, ScheduledChange.Action
Frequency = MailPreference.Frequency
# Who hears of what: those who wrote the text, and those with a permission who did not. Of a thread
# also those who wrote in it, of a set time that has ended also who set it, and of what a clinician
# says behind a link also who made it.
ABOUT_THREADS = (Verb.REMARKED, Verb.ANSWERED, Verb.RESOLVED, Verb.REOPENED)
TO_AUTHORS = (
    *(Verb.COMMENTED, Verb.CHANGES_ASKED, Verb.SENT_BACK, Verb.APPROVED, Verb.PUBLISHED),
    *(Verb.SCHEDULED, *ABOUT_THREADS),
)
TO_SCHEDULER = (Verb.UNSCHEDULED, Verb.NOT_RUN)
BY_PERMISSION = {
    Verb.SUBMITTED: APPROVE_PERMISSION,
    Verb.SENT_BACK: APPROVE_PERMISSION,
    Verb.APPROVED: PUBLISH_PERMISSION,
    Verb.NOT_RUN: PUBLISH_PERMISSION,
}
EVENTS = {*TO_AUTHORS, *TO_SCHEDULER, *BY_PERMISSION}
MAX_EVENTS = 200  # in one mail of a day


def notify_on_commit(sender, instance: HistoryEntry, created: bool, **kwargs) -> None:
    """Receiver of post_save: mail a new entry of the history once it is committed."""
    if created and instance.verb in EVENTS and instance.revision and is_mail_set_up():
        transaction.on_commit(partial(mail_entry, instance), robust=True)


def mail_entry(entry: HistoryEntry) -> None:
    """Mail one entry to those whom it concerns and who want mail at once."""
    later = Q(mail_preference__frequency__in=(Frequency.DAILY, Frequency.NEVER))
    people = get_people_concerned(entry).exclude(later)
    subject = f"{entry.get_verb_display()}: {entry.title}"
    mail_each(subject, _render_mail([entry]), people.values_list("email", flat=True))


def get_people_concerned(entry: HistoryEntry):
    """Return the active staff with an address whom an entry concerns, but not who did it.

    Who set a time did not themselves do what was then done, or could not be.
    """
    assert entry.revision is not None  # Every event is about one.
    authors = get_author_ids(entry.revision)
    concerned = Q(pk__in=authors if entry.verb in TO_AUTHORS else ())
    if permission := BY_PERMISSION.get(Verb(entry.verb)):
        may = get_accounts_with(permission)
        concerned |= Q(pk__in=may.values("pk")) & ~Q(pk__in=authors)
    if entry.thread:
        concerned |= Q(pk__in=Comment.objects.in_thread(entry.thread).values("by"))
    set_by = ScheduledChange.objects.filter(revision=entry.revision).values("made_by")
    if entry.verb in TO_SCHEDULER:
        concerned |= Q(pk__in=set_by)
    is_timed = entry.verb == Verb.NOT_RUN
    if entry.verb == Verb.PUBLISHED:
        done = set_by.filter(action=Action.PUBLISH, outcome=ScheduledChange.Outcome.DONE)
        concerned |= Q(pk__in=done)
        is_timed = done.exists()
    if entry.outsider:
        links = ReviewLink.objects.filter(revision=entry.revision, made_at__lte=entry.at)
        concerned |= Q(pk__in=links.values("made_by"))
    may_read = get_accounts_with(VIEW_DRAFTS_PERMISSION)
    done_by = () if is_timed else {entry.by_id}
    others = may_read.filter(concerned, is_staff=True).exclude(pk__in=done_by)
    return others.exclude(email="")


def mail_digest(preference: MailPreference, until) -> bool:
    """Mail what happened to the texts of a user until a moment, and what waits for them.

    Returns whether there was anything to mail.
    """
    user = preference.user
    came = HistoryEntry.objects.filter(
        verb__in=EVENTS, revision__isnull=False, at__gt=preference.mailed_until, at__lte=until
    ).select_related("by", "revision", "content_type", "thread")
    entries = [e for e in came[:MAX_EVENTS] if get_people_concerned(e).filter(pk=user.pk).exists()]
    panels = get_personal_panels(user)
    if entries or panels:
        mail_each("your texts", _render_mail(entries, panels), [user.email])
    preference.mailed_until = until
    preference.save(update_fields=["mailed_until"])
    return bool(entries or panels)


def _render_mail(entries: Iterable[HistoryEntry], panels=()) -> str:
    lines = [(entry, settings.SITE_ORIGIN + _get_address(entry)) for entry in entries]
    context = {
        "entries": lines,
        "panels": panels,
        "index": settings.SITE_ORIGIN + reverse("admin:index"),
        "preference": settings.SITE_ORIGIN + reverse("accounts:mail_preference"),
        "site_name": settings.SITE_NAME,
    }
    return render_to_string("editorial/notification_mail.txt", context)


def _get_address(entry: HistoryEntry) -> str:
    """The form of a text that was sent back, else its review screen, at the thread if any."""
    model = entry.content_type.model_class()
    assert model is not None  # A kind of record that is there.
    page = "change" if entry.verb == Verb.CHANGES_ASKED else "review"
    anchor = f"#comment-{entry.thread_id}" if entry.thread_id else ""
    return get_admin_url(model._meta, entry.object_id, page) + anchor
