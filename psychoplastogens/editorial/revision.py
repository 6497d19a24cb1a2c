"""Every text that staff typed, what became of it, and who did what: Revision, Act, ReviewLink."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, TextField, When
from django.db.models.functions import Cast, Coalesce, TruncDate
from django.utils import timezone
from django.utils.formats import date_format

from psychoplastogens.editorial.models import Reviewer, both_or_neither, signed_by_name

USER = {"on_delete": models.PROTECT, "related_name": "+"}
MAYBE = {"null": True, "blank": True}
DAYS_A_LINK_LIVES = 14
APPROVING = "editorial.approve_revision"


class RevisionQuerySet(models.QuerySet):
    def about(self, record):
        """The revisions of `record`, the newest first."""
        kind = ContentType.objects.get_for_model(record)
        return self.filter(content_type=kind, object_id=record.pk).order_by("-number")

    def with_key(self, key):
        """The one with this key, as typed in an address; None where it is none of these."""
        try:
            return self.filter(pk=key).first()
        except ValidationError:  # no UUID
            return None

    def about_kind(self, model):
        return self.filter(content_type=ContentType.objects.get_for_model(model))

    def open(self):
        """Those that may still reach readers: drafts, in review, approved."""
        return self.filter(state__in=Revision.OPEN)

    def naming(self, words):
        """Those whose snapshot holds one of `words` anywhere: the database looks, not Python."""
        holds = Q()
        for word in words:
            holds |= Q(text__contains=word)
        return self.annotate(text=Cast("snapshot", TextField())).filter(holds)

    def in_state(self, state):
        """Those in one open state, the longest waiting first."""
        return self.filter(state=state).order_by("created_at")

    def older_than(self, moment):
        return self.filter(created_at__lt=moment)

    def published(self):
        """Those that readers read once, or read now. Not a public door: for staff's history."""
        return self.filter(state=Revision.State.PUBLISHED)

    def as_found(self):
        """What stood there before staff edited it for the first time."""
        return self.filter(origin=Revision.Origin.FOUND)

    def first_days(self, model):
        """The published ones of the record that is asked about, the first first, with `.day`.

        That is when it was published; none where it stood there before the first edit.
        """
        came = self.about_kind(model).published().filter(object_id=OuterRef("pk"))
        found = When(origin=Revision.Origin.FOUND, then=None)
        return came.annotate(day=Case(found, default=TruncDate("published_at"))).order_by("number")

    def published_before(self, revision):
        """What readers read until `revision` was published; None where it was the first."""
        return self.published().filter(number__lt=revision.number).order_by("-number").first()

    def last_reasons(self, revision):
        """{rule: why its warnings may stand}, as last written for this text or an earlier one."""
        texts = self.about(revision.record).filter(number__lte=revision.number)
        return texts.exclude(reasons={}).values_list("reasons", flat=True).first() or {}

    def newest(self):
        return self.order_by("-number").first()

    def open_for(self, record):
        """The draft of `record` on which work goes on, in whatever state; None without one."""
        return self.about(record).open().select_related("author").first()

    def base_of(self, record):
        """What a form of `record` opens on: its open draft, or the revision that readers read.

        None where staff never touched what readers read.
        """
        return self.open_for(record) or self.about(record).published().first()


class Revision(models.Model):
    """A record with its parts as somebody saved it. Never changed, never deleted.

    `snapshot` is as in psychoplastogens.editorial.snapshots. Only the newest revision of a record
    can be open; saving another sets it aside, and with it an approval.
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
    based_on = models.ForeignKey("self", **USER, **MAYBE)
    title = models.CharField(max_length=400)
    snapshot = models.JSONField(encoder=DjangoJSONEncoder)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.EDITED)
    change = models.CharField(max_length=10, choices=Change, default=Change.MEANING)
    note = models.CharField(max_length=300, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, **USER)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    approved_at = models.DateTimeField(**MAYBE)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, **USER, **MAYBE)
    approved_through = models.ForeignKey("ReviewLink", **USER, **MAYBE)
    # Who handed a clinician the link by which they approved. Empty where the site mailed it.
    vouched_by = models.ForeignKey(settings.AUTH_USER_MODEL, **USER, **MAYBE)
    reasons = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    # The warnings that stood there at the approval, which those that come later are known from.
    warnings_seen = models.JSONField(**MAYBE, encoder=DjangoJSONEncoder)
    # Set by an approval of the whole page, and laid on the record when this is published.
    reviewer = models.ForeignKey(Reviewer, **USER, **MAYBE)
    reviewer_name = models.CharField(max_length=120, blank=True, editable=False)
    reviewer_credentials = models.CharField(max_length=120, blank=True, editable=False)
    next_review = models.DateField(**MAYBE)
    published_at = models.DateTimeField(**MAYBE)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, **USER, **MAYBE)

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
            both_or_neither("published_at", "published_by"),
            signed_by_name("reviewer"),
        ]

    def __str__(self):
        return f"{self.title}, revision {self.number}"

    @property
    def is_open(self):
        return self.state in self.OPEN

    @property
    def approver(self):
        """Who approved it, as colleagues are told: a user, or a clinician without an account."""
        return self.approved_through.reviewer if self.approved_through_id else self.approved_by


class ReviewLink(models.Model):
    """A link by which a clinician without an account approves, or comments on, one revision.

    The address holds the signed key of this row. It ends after DAYS_A_LINK_LIVES days, when it is
    revoked, when it was answered, and when the revision is no longer in review.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="links")
    reviewer = models.ForeignKey(Reviewer, **USER)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, **USER)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    was_mailed = models.BooleanField(default=False)
    revoked_at = models.DateTimeField(**MAYBE)
    answered_at = models.DateTimeField(**MAYBE)

    SALT = "editorial.ReviewLink"

    class Meta:
        ordering = ["-made_at"]

    def __str__(self):
        return f"{self.reviewer}, until {self.expires_at:%Y-%m-%d}"

    def save(self, *args, **kwargs):
        self.expires_at = self.expires_at or self.made_at + timedelta(days=DAYS_A_LINK_LIVES)
        super().save(*args, **kwargs)

    @property
    def state(self):
        """One line for colleagues: until when it can be answered, or why it cannot."""
        return self.ended_because or f"Open until {date_format(self.expires_at.date())}."

    @property
    def asker(self):
        """Who made it, by the name that a clinician knows."""
        return self.made_by.get_full_name() or self.made_by.get_username()

    @property
    def token(self):
        """The last part of its address: this row's key, signed."""
        return signing.Signer(salt=self.SALT).sign(self.pk.hex)

    @classmethod
    def of(cls, token):
        """The link with this token, whatever its state. None where the token was not made by us."""
        try:
            key = uuid.UUID(signing.Signer(salt=cls.SALT).unsign(token))
        except (signing.BadSignature, ValueError):
            return None
        links = cls.objects.select_related("revision", "reviewer", "made_by")
        return links.filter(pk=key).first()

    @property
    def ended_because(self):
        """Why it can no longer be answered, in words for the clinician; '' while it can."""
        if self.answered_at:
            return "It was answered already."
        if self.revoked_at:
            return "It was taken back by the team."
        if self.expires_at <= timezone.now():
            return "Its time is over."
        if self.revision.state != Revision.State.IN_REVIEW:
            return "The text has changed since, or was decided already."
        return ""


class ActQuerySet(models.QuerySet):
    def about(self, record):
        kind = ContentType.objects.get_for_model(record)
        return self.filter(content_type=kind, object_id=record.pk).order_by("-at", "-pk")

    def leading_to(self, revision):
        """What was done on the way from what readers read to `revision`, the latest first."""
        return (
            self.about(revision.record)
            .filter(
                revision__number__lte=revision.number,
                revision__number__gt=Coalesce(
                    Subquery(
                        Revision.objects.about(revision.record)
                        .published()
                        .filter(number__lt=revision.number)
                        .values("number")[:1]
                    ),
                    0,
                ),
            )
            .select_related("by", "revision")
            .defer("revision__snapshot")
        )

    def record_that(self, verb, record, *, by=None, outsider=None, note="", revision=None):
        """Write down that somebody did something to `record`."""
        return self.create(
            verb=verb,
            content_type=ContentType.objects.get_for_model(record),
            object_id=record.pk,
            title=str(record)[:400],
            by=by,
            outsider=str(outsider or ""),
            note=note[:2000],
            revision=revision,
        )


class Act(models.Model):
    """Who did what to a record, when and why. Only added to: the history that staff read."""

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
        LINK_MADE = "link_made", "Made a link for a clinician"
        LINK_REVOKED = "link_revoked", "Took back a link for a clinician"

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.UUIDField()
    record = GenericForeignKey("content_type", "object_id")
    title = models.CharField(max_length=400)
    revision = models.ForeignKey(Revision, null=True, on_delete=models.PROTECT, related_name="acts")
    verb = models.CharField(max_length=14, choices=Verb)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, **USER)
    outsider = models.CharField(max_length=250, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ActQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(
                fields=["content_type", "object_id", "-at"], name="editorial_act_of_record"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(by__isnull=False) | ~Q(outsider=""), name="editorial_act_by_somebody"
            )
        ]

    def __str__(self):
        return f"{self.get_verb_display()}: {self.title}"

    @property
    def who(self):
        return self.outsider or self.by


class NotNow(ValidationError):
    """What was asked cannot be done to a revision in its state, or not by this person."""


class Overtaken(NotNow):
    """Somebody saved a newer text since this one was begun."""


class SentBack(NotNow):
    """What was approved cannot be published any more, and is in review again."""
