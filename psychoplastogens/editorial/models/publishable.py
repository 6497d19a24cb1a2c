"""The abstract base models of what readers see: slugs, status, dates and parts."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import date, datetime

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import get_language

from psychoplastogens.delivery.page_store.policies import CONTENT
from psychoplastogens.editorial.drafts.text_validation import ValidatedTextModel
from psychoplastogens.editorial.models.constraints import (
    both_or_neither_constraint,
    signature_constraint,
)
from psychoplastogens.editorial.models.content_version import ContentVersion
from psychoplastogens.editorial.models.old_address import (
    OldAddress,
    validate_address_is_free,
)
from psychoplastogens.editorial.models.reviewer import Reviewer
from psychoplastogens.editorial.models.revision import Revision
from psychoplastogens.editorial.models.scheduled_change import ScheduledChange

SLUG_RULE = "Use small letters, digits and hyphens, without spaces."


class Status(models.TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    APPROVED = "approved", "Approved"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class PublishableQuerySet(models.QuerySet):
    def published(self):
        """What the public may read, in the language of this request."""
        return self.filter(status=Status.PUBLISHED, language=current_language())

    def withdrawn(self):
        """What was withdrawn in the language of this request."""
        return self.filter(status=Status.WITHDRAWN, language=current_language())

    def choosable(self):
        """What texts may name, published or not yet, in the language of this request."""
        return self.exclude(status=Status.WITHDRAWN).filter(language=current_language())

    def due_for_review(self, by):
        """Published records of every language whose review is due on or before this day."""
        return self.filter(status=Status.PUBLISHED, review_due__lte=by)

    def with_slugs(self, slugs):
        return self.filter(slug__in=slugs)

    def with_current_or_old_slugs(self, slugs):
        """Like `with_slugs`, including records that once had one of the slugs."""
        return self.filter(
            Q(slug__in=slugs)
            | Q(pk__in=OldAddress.objects.record_ids_with_old_slug(self.model, slugs))
        )

    def recent_changes(self, most):
        """The latest changes for readers, newest first, each with its day as `.change_date`.

        That is the day of the withdrawal, of the last change of meaning, or of the first
        publication; for starter content it is the day of writing. `.changed_at` is the moment of
        that publication or withdrawal, or None where only the day is known. Includes withdrawn
        records, so use it only for the list of changes.
        """
        seen = self.filter(
            status__in=(Status.PUBLISHED, Status.WITHDRAWN),
            published_at__isnull=False,
            language=current_language(),
        )
        first_published = Subquery(
            Revision.objects.first_publications(self.model).values("day")[:1]
        )
        change_date = Case(
            When(status=Status.WITHDRAWN, then=TruncDate("published_at")),
            default=Coalesce("updated_on", first_published, "written_on"),
        )
        published_then = Subquery(
            Revision.objects.changes_on(self.model, OuterRef("change_date")).values("published_at")[
                :1
            ]
        )
        changed_at = Case(
            When(status=Status.WITHDRAWN, then="published_at"), default=published_then
        )
        changes = seen.annotate(change_date=change_date).annotate(changed_at=changed_at)
        return changes.order_by("-change_date", "slug")[:most]

    def for_links(self):
        """With no more than what links to the pages show; their model is a Page."""
        return self.only("slug", self.model.title_field)

    def with_page_data(self):
        """With all that the page of a record shows."""
        return self

    def with_draft_state(self):
        """Annotate each record with `.draft_state`: the state of its open draft, or None.

        `.publish_time` and `.withdraw_time` are the times that are set, or None.
        """
        kind = ContentType.objects.get_for_model(self.model)
        drafts = Revision.objects.open().filter(content_type=kind, object_id=OuterRef("pk"))
        times, actions = ScheduledChange.objects, ScheduledChange.Action
        return self.annotate(
            draft_state=Subquery(drafts.values("state")[:1]),
            publish_time=times.waiting_times(self.model, actions.PUBLISH),
            withdraw_time=times.waiting_times(self.model, actions.WITHDRAW),
        )


def current_language():
    """Return the two-letter language of this request: 'en' for en-us."""
    return (get_language() or settings.LANGUAGE_CODE).split("-")[0]


def get_title_field(model: type[models.Model]) -> str:
    """The name of the field that names a record; that of its address where there is none."""
    title = getattr(model, "title_field", "name")
    return title if hasattr(model, title) else "slug"


class SluggedModel(ValidatedTextModel):
    """A record with a slug. Its earlier slugs keep redirecting to it.

    `version_name` says which version a change moves.
    """

    version_name = CONTENT

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(
        max_length=80,
        help_text="The last part of the address. Old addresses keep working when you change it.",
    )

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        before = getattr(self, "_loaded_slug", self.slug)
        if before != self.slug and self.was_published:
            OldAddress.objects.add(self, before)
        self._loaded_slug = self.slug

    @property
    def was_published(self):
        """Whether readers may hold links to it. Old slugs of a draft redirect nowhere."""
        return True

    def clean(self):
        super().clean()
        if self.slug and not re.fullmatch(r"[a-z0-9-]+", str(self.slug)):
            raise ValidationError({"slug": SLUG_RULE})
        validate_address_is_free(self)

    @property
    def address_scope(self):
        """The scope in which its slug is unique, as text; '' if it is unique everywhere."""
        return ""

    @classmethod
    def from_db(cls, db, field_names, values):
        record = super().from_db(db, field_names, values)
        if "slug" in field_names:
            record._loaded_slug = record.slug
        return record


class Publishable(SluggedModel):
    """A record that readers see once it has been approved.

    `parts` names the reverse relations (sections, statuses ...) that belong to the record.
    `fixture` names the file or folder in fixtures/ that holds its starter content.
    """

    parts: tuple[str, ...] = ()
    fixture = ""

    language = models.CharField(max_length=5, choices=settings.LANGUAGES, default="en")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    written_on = models.DateField(
        default=timezone.localdate, help_text="When the text was first written."
    )
    updated_on = models.DateField(
        null=True,
        blank=True,
        help_text="When the meaning last changed. A spelling fix does not move it.",
    )
    update_note = models.CharField(
        max_length=200,
        blank=True,
        help_text="One sentence for readers: what changed. Shown on the public list of changes.",
    )
    evidence_checked_on = models.DateField(
        null=True, blank=True, help_text="When the sources were last searched and compared."
    )
    reviewed_at = models.DateField(
        null=True, blank=True, help_text="When a clinician last approved the whole page."
    )
    reviewed_by = models.ForeignKey(
        Reviewer, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Copied from the reviewer at signing: editing the Reviewer changes no signed page.
    reviewer_name = models.CharField(max_length=120, blank=True, editable=False)
    reviewer_credentials = models.CharField(max_length=120, blank=True, editable=False)
    review_due = models.DateField(
        null=True,
        blank=True,
        help_text="The next check: 12 months ahead or sooner. Readers are told when it has passed.",
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    withdrawn_because = models.CharField(
        max_length=200, blank=True, editable=False, help_text="Shown to readers of old links."
    )

    change_date: date
    """Set by `recent_changes()`, as the next one is."""
    changed_at: datetime | None

    objects = PublishableQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["language", "slug"], name="%(app_label)s_%(class)s_one_per_language"
            ),
            both_or_neither_constraint("published_at", "published_by"),
            both_or_neither_constraint("reviewed_at", "reviewed_by"),
            signature_constraint("reviewed_by"),
            models.CheckConstraint(
                condition=~Q(status=Status.PUBLISHED) | Q(published_at__isnull=False),
                name="%(app_label)s_%(class)s_published_by_somebody",
            ),
        ]

    @classmethod
    def read_language(cls, data):
        """The language of a record that plain data describes."""
        return data.get("language", cls._meta.get_field("language").get_default())

    def publish(self, *, by):
        """Show the record to readers. `by` is the user who answers for it."""
        self.status = Status.PUBLISHED
        self.published_at = timezone.now()
        self.published_by = by
        self.withdrawn_because = ""
        self.save()

    def withdraw(self, *, by, reason):
        """Hide the record from readers. Its address then shows `reason` and the replacement."""
        if not reason.strip():
            raise ValidationError("Say why it is withdrawn: readers of old links will see it.")
        self.status = Status.WITHDRAWN
        self.published_at = timezone.now()
        self.published_by = by
        self.withdrawn_because = reason
        self.save()

    @property
    def was_published(self):
        return self.published_at is not None

    @property
    def address_scope(self):
        return self.language

    @property
    def signature(self):
        """The name and credentials with which the reviewer signed, or ''."""
        return f"{self.reviewer_name}, {self.reviewer_credentials}" if self.reviewer_name else ""

    @property
    def is_published(self):
        return self.status == Status.PUBLISHED

    @property
    def is_withdrawn(self):
        return self.status == Status.WITHDRAWN

    @property
    def is_overdue(self):
        return bool(self.review_due) and self.review_due < timezone.localdate()

    @property
    def rests_on_sources(self) -> bool:
        """Whether there are sources, or numbers with sources, for somebody to compare."""
        return True

    @property
    def changed_on(self):
        """The date that readers see as 'updated'."""
        return self.updated_on or self.written_on


class Part(ValidatedTextModel):
    """An ordered part of a publishable record. UUIDs keep parts of drafts from colliding."""

    version_name = CONTENT

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.PositiveSmallIntegerField(default=0, help_text="Lower comes first.")

    class Meta:
        abstract = True
        ordering = ["order"]


def get_related_model(
    relation: models.Field | models.ForeignObjectRel | GenericForeignKey,
) -> type[models.Model]:
    """Return the model at the other end of a relation."""
    model = relation.related_model
    assert isinstance(model, type)  # It is a name only until Django has loaded all models.
    return model


def get_owner_field_name(model: type[models.Model]) -> str | None:
    """Return the name of the foreign key from a part to its owner; None for a page."""
    keys = (f for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey))
    return next((f.name for f in keys if f.remote_field.on_delete is models.CASCADE), None)


def get_page(row: models.Model) -> models.Model:
    """Return the page that a part belongs to, at any depth; a page itself."""
    while owner := get_owner_field_name(type(row)):
        row = getattr(row, owner)
    return row


def get_publishable(row: models.Model) -> Publishable:
    """Return the publishable record that `row` is or belongs to, at any depth."""
    page = get_page(row)
    assert isinstance(page, Publishable), f"{row!r} is no part of a publishable record"
    return page


def select_pages(rows: models.QuerySet) -> models.QuerySet:
    """Select with `rows` what `get_page` needs."""
    way = [name for name, _owner in _iter_owners(rows.model)]
    return rows.select_related("__".join(way)) if way else rows


def get_page_model(model: type[models.Model]) -> type[models.Model]:
    """Return the model of the pages that parts of this model belong to, at any depth."""
    for _name, owner in _iter_owners(model):
        model = owner
    return model


def _iter_owners(model: type[models.Model]) -> Iterator[tuple[str, type[models.Model]]]:
    """Yield (name of the field, model) of what a part belongs to, up to the page."""
    while name := get_owner_field_name(model):
        model = get_related_model(model._meta.get_field(name))
        yield name, model


def bump_content_version(sender, **kwargs) -> None:
    """Receiver of signals: increase the version that a changed record or part belongs to."""
    owner = sender._meta.auto_created or sender
    if issubclass(owner, (SluggedModel, Part)):
        ContentVersion.objects.bump(owner.version_name)
