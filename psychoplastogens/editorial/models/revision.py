"""Every saved text of a record."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, TextField, When
from django.db.models.functions import Cast, Coalesce, TruncDate
from django.utils import timezone

from psychoplastogens.editorial.models.bundle import Bundle
from psychoplastogens.editorial.models.constraints import (
    both_or_neither_constraint,
    signature_constraint,
)
from psychoplastogens.editorial.models.reviewer import Reviewer

APPROVE_PERMISSION = "editorial.approve_revision"
PUBLISH_PERMISSION = "editorial.publish_revision"
# Titles and comments of drafts are confidential: to read the history is to read them.
VIEW_DRAFTS_PERMISSION = "editorial.view_historyentry"


class RevisionQuerySet(models.QuerySet):
    def about(self, record):
        """The revisions of `record`, the newest first."""
        kind = ContentType.objects.get_for_model(record)
        return self.filter(content_type=kind, object_id=record.pk).order_by("-number")

    def get_by_key_or_none(self, key):
        """Return the revision with this key, or None. `key` may be any text."""
        try:
            return self.filter(pk=key).first()
        except ValidationError:  # no UUID
            return None

    def get_by_number_or_none(self, number):
        return self.filter(number=number).first()

    def with_history(self):
        """With author and history entries, and without the text."""
        with_author = self.defer("snapshot").select_related("author")
        return with_author.prefetch_related("history_entries__by")

    def for_model(self, model):
        return self.filter(content_type=ContentType.objects.get_for_model(model))

    def open(self):
        """Revisions that may still be published: drafts, in review, approved."""
        return self.filter(state__in=Revision.OPEN)

    def in_bundle_with(self, revision):
        """The other open revisions of its bundle, oldest first."""
        if revision.bundle_id is None:
            return self.none()
        same = self.open().filter(bundle=revision.bundle_id).exclude(pk=revision.pk)
        return same.order_by("created_at")

    def with_approved_bundle(self):
        """Those that go along with no text that waits for an approval."""
        unapproved = Revision.objects.open().exclude(state=Revision.State.APPROVED)
        return self.exclude(Exists(unapproved.filter(bundle=OuterRef("bundle"))))

    def with_bundle_key(self):
        """With `.bundle_key`, the key of what is decided as one: of its bundle, or its own."""
        alone = When(Q(bundle=None) | Q(state=Revision.State.DRAFT), then=Cast("pk", TextField()))
        return self.annotate(bundle_key=Case(alone, default=Cast("bundle", TextField())))

    def count_bundled_as_one(self):
        """How many there are, where what was sent together is one."""
        number = Count("bundle_key", distinct=True)
        return self.order_by().with_bundle_key().aggregate(number=number)["number"]

    def containing_any(self, words):
        """Revisions whose snapshot contains one of `words`. The database searches."""
        holds = Q()
        for word in words:
            holds |= Q(text__contains=word)
        return self.annotate(text=Cast("snapshot", TextField())).filter(holds)

    def in_state(self, state):
        """Revisions in one open state, oldest first."""
        return self.filter(state=state).order_by("created_at")

    def older_than(self, moment):
        return self.filter(created_at__lt=moment)

    def not_written_by(self, user):
        """Revisions of records on which `user` has written nothing since the last publication."""
        same = Revision.objects.filter(
            content_type=OuterRef("content_type"), object_id=OuterRef("object_id")
        )
        published = same.published().order_by("-number").values("number")[:1]
        written = same.filter(author=user, number__gt=OuterRef("published_number"))
        return self.annotate(published_number=Coalesce(Subquery(published), 0)).exclude(
            Exists(written)
        )

    def published(self):
        """Revisions that were or are published. For staff only, not for public views."""
        return self.filter(state=Revision.State.PUBLISHED)

    def baselines(self):
        """The text of a record before staff edited it for the first time."""
        return self.filter(origin=Revision.Origin.FOUND)

    def first_publications(self, model):
        """Published revisions of the outer record, oldest first, with the day as `.day`.

        For use in a subquery. The day of a baseline is None.
        """
        came = self.for_model(model).published().filter(object_id=OuterRef("pk"))
        found = When(origin=Revision.Origin.FOUND, then=None)
        return came.annotate(day=Case(found, default=TruncDate("published_at"))).order_by("number")

    def changes_on(self, model, day):
        """Publications of the outer record that changed its meaning on a local day.

        For use in a subquery; newest first.
        """
        came = self.for_model(model).published().filter(object_id=OuterRef("pk"))
        seen = came.filter(change=Revision.Change.MEANING).exclude(origin=Revision.Origin.FOUND)
        return seen.annotate(day=TruncDate("published_at")).filter(day=day).order_by("-number")

    def leading_to(self, revision):
        """`revision` and those before it, down to the one after the last publication."""
        published = self.about(revision.record).published().filter(number__lt=revision.number)
        last = Subquery(published.values("number")[:1])
        earlier = self.about(revision.record).filter(number__lte=revision.number)
        return earlier.filter(number__gt=Coalesce(last, 0))

    def published_before(self, revision):
        """Return the revision that was published before `revision`, or None."""
        return self.published().filter(number__lt=revision.number).order_by("-number").first()

    def get_latest_reasons(self, revision):
        """Return the last reasons for warnings, by rule, of this or an earlier revision."""
        texts = self.about(revision.record).filter(number__lte=revision.number)
        return texts.exclude(reasons={}).values_list("reasons", flat=True).first() or {}

    def newest(self):
        return self.order_by("-number").first()

    def get_open_draft(self, record):
        """Return the open revision of `record`, whatever its state, or None."""
        return self.about(record).open().select_related("author").first()

    def get_live(self, record):
        """Return the revision that readers read now, or None, as for starter content."""
        return self.about(record).published().first() if record.is_published else None

    def get_editing_base(self, record):
        """Return the revision that a form of `record` opens on, or None.

        That is the open draft, or else the published revision. Starter content has none until
        staff edit it.
        """
        return self.get_open_draft(record) or self.about(record).published().first()


class Revision(models.Model):
    """A record with its parts as saved by one user. Never deleted.

    The format of `snapshot` is described in psychoplastogens.editorial.drafts.snapshots. Only the
    newest revision of a record can be open. Saving another one sets it and its approval aside.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_REVIEW = "in_review", "In review"
        APPROVED = "approved", "Approved"
        PUBLISHED = "published", "Published"
        SET_ASIDE = "set_aside", "Set aside"

    class Origin(models.TextChoices):
        EDITED = "edited", "Edited"
        RESTORED = "restored", "Restored from an earlier one"
        IMPORTED = "imported", "Imported from a file"
        FOUND = "found", "As it stood before the first edit"

    class Change(models.TextChoices):
        WORDING = "wording", "Only wording: the facts and the advice are the same"
        MEANING = "meaning", "What the page says has changed"

    OPEN = (State.DRAFT, State.IN_REVIEW, State.APPROVED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.UUIDField()
    record = GenericForeignKey("content_type", "object_id")
    number = models.PositiveIntegerField()
    based_on = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    bundle = models.ForeignKey(
        Bundle, on_delete=models.PROTECT, related_name="revisions", null=True, blank=True
    )
    title = models.CharField(max_length=400)
    snapshot = models.JSONField(encoder=DjangoJSONEncoder)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.EDITED)
    change = models.CharField(max_length=10, choices=Change, default=Change.MEANING)
    note = models.CharField(max_length=300, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    approved_through = models.ForeignKey(
        "ReviewLink", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    # Who handed out the link of the approving clinician. Empty if the site mailed it.
    vouched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    reasons = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    # The warnings at the approval, to recognise new ones.
    warnings_seen = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    # Set by an approval of the whole page, and copied to the record on publication.
    reviewer = models.ForeignKey(
        Reviewer, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    reviewer_name = models.CharField(max_length=120, blank=True, editable=False)
    reviewer_credentials = models.CharField(max_length=120, blank=True, editable=False)
    next_review = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        permissions = [
            ("approve_revision", "Can approve what others wrote"),
            ("publish_revision", "Can publish what was approved, and withdraw"),
        ]
        indexes = [models.Index(fields=["state"], name="editorial_revision_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "number"], name="editorial_revision_number"
            ),
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                condition=Q(state__in=["draft", "in_review", "approved"]),
                name="editorial_revision_one_open",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("author")),
                name="editorial_revision_four_eyes",
                violation_error_message="Who wrote it cannot approve it.",
            ),
            models.CheckConstraint(
                condition=Q(vouched_by=None) | ~Q(vouched_by=F("author")),
                name="editorial_revision_four_eyes_outside",
                violation_error_message="Who wrote it cannot hand out the link to approve it.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "published"])
                | Q(origin="found")
                | Q(approved_at__isnull=False, approved_by__isnull=False)
                | Q(approved_at__isnull=False, approved_through__isnull=False),
                name="editorial_revision_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="editorial_revision_published_by_somebody",
            ),
            both_or_neither_constraint("published_at", "published_by"),
            signature_constraint("reviewer"),
        ]

    def __str__(self):
        return f"{self.title}, revision {self.number}"

    @property
    def is_open(self):
        return self.state in self.OPEN

    @property
    def written_at(self):
        """When it was saved; what was found before the first edit, when it was published."""
        return self.published_at if self.origin == self.Origin.FOUND else self.created_at

    @property
    def approver(self):
        """Who approved it: a user, or a clinician without an account."""
        return self.approved_through.reviewer if self.approved_through_id else self.approved_by
