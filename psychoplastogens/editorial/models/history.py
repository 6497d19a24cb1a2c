"""The history of every record: who did what, when and why."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Case, Q, When
from django.utils import timezone

from psychoplastogens.editorial.models.revision import Revision


class HistoryEntryQuerySet(models.QuerySet):
    def about(self, record):
        kind = ContentType.objects.get_for_model(record)
        return self.filter(content_type=kind, object_id=record.pk).order_by("-at", "-pk")

    def without_revision(self, since=None, until=None):
        """Those about the record as a whole; not before or after a moment if one is given."""
        times = {"at__gt": since, "at__lte": until}
        between = {name: moment for name, moment in times.items() if moment}
        return self.filter(revision=None, **between).select_related("by")

    def leading_to(self, revision):
        """The steps from the last published revision to `revision`, newest first."""
        return (
            self.about(revision.record)
            .filter(revision__in=Revision.objects.leading_to(revision).values("pk"))
            .select_related("by", "revision")
            .defer("revision__snapshot")
        )

    def remarks(self):
        """What reviewers said about a text, and why an approval ended."""
        return self.filter(verb__in=HistoryEntry.REMARKS).exclude(note="")

    def get_approval(self, revision):
        """Return how `revision` was approved the last time, or None."""
        approvals = self.filter(revision=revision, verb=HistoryEntry.Verb.APPROVED)
        return approvals.order_by("-pk").first()

    def get_request_for_changes(self, revision):
        """Return how changes to exactly this text were asked for the last time, or None."""
        requests = self.filter(revision=revision, verb=HistoryEntry.Verb.CHANGES_ASKED)
        return requests.select_related("by").order_by("-pk").first()

    def get_last_reading(self, revision, *, by=None, reviewer=None):
        """Return what a user, or a clinician with a link, said last of an earlier text, or None.

        The earlier text is a revision of the same draft; what they decided about it comes before
        what else they said.
        """
        earlier = self.leading_to(revision).filter(revision__number__lt=revision.number)
        said = earlier.filter(verb__in=HistoryEntry.READINGS)
        theirs = said.filter(outsider=str(reviewer)) if reviewer else said.filter(by=by)
        decided = When(verb__in=HistoryEntry.DECISIONS, then=0)
        return theirs.order_by("-revision__number", Case(decided, default=1), "-pk").first()

    def log(self, verb, record, *, by=None, outsider=None, note="", revision=None, thread=None):
        """Add an entry to the history of `record`."""
        return self.create(
            verb=verb,
            content_type=ContentType.objects.get_for_model(record),
            object_id=record.pk,
            title=str(record)[:400],
            by=by,
            outsider=str(outsider or ""),
            note=note[:2000],
            revision=revision,
            thread=thread,
        )


class HistoryEntry(models.Model):
    """One entry in the history of a record: who did what, when and why. Append-only."""

    class Verb(models.TextChoices):
        SAVED = "saved", "Saved a draft"
        KEPT = "kept", "Typed a text that met a newer one"
        SUBMITTED = "submitted", "Sent it for review"
        COMMENTED = "commented", "Commented"
        CHANGES_ASKED = "changes_asked", "Asked for changes"
        APPROVED = "approved", "Approved"
        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Withdrew it from readers"
        DISCARDED = "discarded", "Set the draft aside"
        RESTORED = "restored", "Restored an earlier text as a draft"
        IMPORTED = "imported", "Imported a draft from a file"
        DELETED = "deleted", "Deleted it"
        BROUGHT_BACK = "brought_back", "Brought it back as a draft"
        REVIEWED = "reviewed", "Reviewed the page as readers see it"
        SENT_BACK = "sent_back", "Ended its approval: it is in review again"
        REMARKED = "remarked", "Commented on a paragraph"
        ANSWERED = "answered", "Answered a comment"
        RESOLVED = "resolved", "Resolved a comment"
        REOPENED = "reopened", "Opened a comment again"
        SCHEDULED = "scheduled", "Set a time for it"
        UNSCHEDULED = "unscheduled", "Ended its set time"
        NOT_RUN = "not_run", "Could not do it at its set time"
        LINK_MADE = "link_made", "Made a link for a clinician"
        LINK_REVOKED = "link_revoked", "Took back a link for a clinician"

    REMARKS = (Verb.COMMENTED, Verb.CHANGES_ASKED, Verb.SENT_BACK)
    DECISIONS = (Verb.CHANGES_ASKED, Verb.APPROVED)
    READINGS = (*DECISIONS, Verb.COMMENTED, Verb.REMARKED, Verb.ANSWERED)
    """What somebody does who has the text before them."""

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.UUIDField()
    record = GenericForeignKey("content_type", "object_id")
    title = models.CharField(max_length=400)
    revision = models.ForeignKey(
        Revision, null=True, on_delete=models.PROTECT, related_name="history_entries"
    )
    thread = models.ForeignKey("Comment", null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=14, choices=Verb)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    outsider = models.CharField(max_length=250, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = HistoryEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "history entries"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(
                fields=["content_type", "object_id", "-at"], name="editorial_entry_of_record"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(by__isnull=False) | ~Q(outsider=""), name="editorial_entry_by_somebody"
            )
        ]

    def __str__(self):
        return f"{self.get_verb_display()}: {self.title}"

    @property
    def who(self):
        return self.outsider or self.by
