"""May the public read this, who said so, until when."""

import re
import uuid

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import get_language

from psychoplastogens.editorial.texts import WithTexts


class Status(models.TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    APPROVED = "approved", "Approved"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Reviewer(models.Model):
    """A clinician who checked pages, named to readers with credentials."""

    name = models.CharField(
        max_length=120,
        unique=True,
        help_text="As readers will see it. A change leaves what was signed before as it is.",
    )
    credentials = models.CharField(max_length=120, help_text="For example: MD, psychiatrist.")
    email = models.EmailField(
        blank=True, help_text="Links for review are mailed here. Readers never see it."
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reviewer",
        help_text="Their account, if they have one: approving a whole page then shows their name.",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return f"{self.name}, {self.credentials}"


class PublishableQuerySet(models.QuerySet):
    def published(self):
        """What the public may read, in the language of this request. The only public door."""
        return self.filter(status=Status.PUBLISHED, language=current_language())

    def withdrawn(self):
        """What readers of this language once read and no longer may: for saying so and why."""
        return self.filter(status=Status.WITHDRAWN, language=current_language())

    def due_for_review(self, by):
        """What readers read, in every language, that should be reviewed by this day."""
        return self.filter(status=Status.PUBLISHED, review_due__lte=by)

    def named(self, slugs):
        return self.filter(slug__in=slugs)

    def ever_named(self, slugs):
        """As `named`, and those that had one of the slugs once: bookmarks hold lists of them."""
        return self.filter(
            Q(slug__in=slugs) | Q(pk__in=OldAddress.objects.renamed(self.model, slugs))
        )

    def latest_told(self, most):
        """What readers are to be told of, the latest first, each with the day as `.told_on`.

        That is the day on which a record was withdrawn, its meaning changed, or it was first
        published; for one that came with the site, when it was written. For the list of changes
        only: what was withdrawn is among them.
        """
        seen = self.filter(
            status__in=(Status.PUBLISHED, Status.WITHDRAWN),
            published_at__isnull=False,
            language=current_language(),
        )
        first_published = Subquery(Revision.objects.first_days(self.model).values("day")[:1])
        told_on = Case(
            When(status=Status.WITHDRAWN, then=TruncDate("published_at")),
            default=Coalesce("updated_on", first_published, "written_on"),
        )
        return seen.annotate(told_on=told_on).order_by("-told_on", "slug")[:most]

    def slugs_and_dates(self):
        return self.values_list("slug", Coalesce("updated_on", "written_on")).order_by("slug")

    def with_draft_state(self):
        """With `.draft_state`: the state of the open draft of each record, or None."""
        kind = ContentType.objects.get_for_model(self.model)
        drafts = Revision.objects.open().filter(content_type=kind, object_id=OuterRef("pk"))
        return self.annotate(draft_state=Subquery(drafts.values("state")[:1]))

    def get_by_natural_key(self, language, slug):
        return self.get(language=language, slug=slug)


def current_language():
    """The two-letter language of this request: 'en' for en-us."""
    return (get_language() or settings.LANGUAGE_CODE).split("-")[0]


def both_or_neither(first, second):
    """A constraint for two fields that say one thing together, such as when and by whom."""
    return models.CheckConstraint(
        condition=Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
        | Q(**{f"{first}__isnull": False, f"{second}__isnull": False}),
        name=f"%(app_label)s_%(class)s_{first}_and_by",
        violation_error_message=f"Fill in both {first} and {second}, or neither.",
    )


def signed_by_name(reviewer):
    """A constraint: where there is a `reviewer`, the name is kept with which they signed."""
    return models.CheckConstraint(
        condition=Q(**{f"{reviewer}__isnull": True}, reviewer_name="")
        | Q(Q(**{f"{reviewer}__isnull": False}) & ~Q(reviewer_name="")),
        name="%(app_label)s_%(class)s_signed_by_name",
        violation_error_message="A review needs the name with which its clinician signed.",
    )


class Addressed(WithTexts):
    """A thing with an address of its own; the addresses that it once had keep leading to it."""

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
        if before != self.slug and self.had_readers:
            OldAddress.objects.remember(self, before)
        self._loaded_slug = self.slug

    @property
    def had_readers(self):
        """Whether anybody outside may hold its address. A draft's old addresses lead nowhere."""
        return True

    def clean(self):
        super().clean()
        if self.slug and not re.fullmatch(r"[a-z0-9-]+", str(self.slug)):
            raise ValidationError({"slug": "Use small letters, digits and hyphens."})
        refuse_address_of_another(self)

    @property
    def address_scope(self):
        """Where no two of its kind may share a slug, as text; '' where that is everywhere."""
        return ""

    @classmethod
    def from_db(cls, db, field_names, values):
        record = super().from_db(db, field_names, values)
        if "slug" in field_names:
            record._loaded_slug = record.slug
        return record


class Publishable(Addressed):
    """Anything that readers see and that somebody must approve first.

    `parts` names the reverse relations (sections, statuses ...) that belong to the record and
    travel with it. `fixture` names the folder or file in fixtures/ that holds its starter content.
    """

    parts = ()
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
    # As they stood when the clinician signed: an edit of the Reviewer changes no signed page.
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

    objects = PublishableQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["language", "slug"], name="%(app_label)s_%(class)s_one_per_language"
            ),
            both_or_neither("published_at", "published_by"),
            both_or_neither("reviewed_at", "reviewed_by"),
            signed_by_name("reviewed_by"),
            models.CheckConstraint(
                condition=~Q(status=Status.PUBLISHED) | Q(published_at__isnull=False),
                name="%(app_label)s_%(class)s_published_by_somebody",
            ),
        ]

    def natural_key(self):
        return (self.language, self.slug)

    def publish(self, *, by):
        """Put the record before readers. `by` is the user who answers for it."""
        self.status = Status.PUBLISHED
        self.published_at = timezone.now()
        self.published_by = by
        self.withdrawn_because = ""
        self.save()

    def withdraw(self, *, by, reason):
        """Take the record from readers; its address then says `reason` and where to go."""
        if not reason.strip():
            raise ValidationError("Say why it is withdrawn: readers of old links will see it.")
        self.status = Status.WITHDRAWN
        self.published_at = timezone.now()
        self.published_by = by
        self.withdrawn_because = reason
        self.save()

    @property
    def had_readers(self):
        return self.published_at is not None

    @property
    def address_scope(self):
        return self.language

    @property
    def signature(self):
        """Who reviewed the page, by the name and credentials with which they signed; else ''."""
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
    def changed_on(self):
        """The date readers see as 'updated': the last change of meaning, or the writing."""
        return self.updated_on or self.written_on


class ContentVersionQuerySet(models.QuerySet):
    def number_now(self):
        """An integer that differs whenever anything that readers can see has changed."""
        return self.values_list("number", flat=True).first() or 0

    def hold(self):
        """Until this transaction ends, no other saves a text or lays a draft.

        Each of them changes this number. Who holds it first never waits for what another has.
        """
        self.select_for_update().first()

    def move_on(self):
        if not self.update(number=F("number") + 1):
            self.create(number=1)


class ContentVersion(models.Model):
    """One row, one integer: every copy of the content (search index, page store) is of a number."""

    number = models.PositiveBigIntegerField(default=0)
    fixtures_digest = models.CharField(max_length=64, blank=True)

    objects = ContentVersionQuerySet.as_manager()

    def __str__(self):
        return str(self.number)


class LoadedRecord(models.Model):
    """What a record of the starter content looked like when it was loaded.

    With it the loader tells a record that nobody touched from one that staff have edited.
    """

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=90)
    fixture_digest = models.CharField(max_length=64)
    record_digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="editorial_loadedrecord_once")
        ]

    def __str__(self):
        return f"{self.kind} {self.key}"


class Part(WithTexts):
    """A piece of a publishable record, in an order. UUID keys: a draft's parts must not collide."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.PositiveSmallIntegerField(default=0, help_text="Lower comes first.")

    class Meta:
        abstract = True
        ordering = ["order"]


# Files of their own, which need the models above.
from psychoplastogens.editorial.old_address import (  # noqa: E402
    OldAddress,
    refuse_address_of_another,
)
from psychoplastogens.editorial.open_forms import OpenForm  # noqa: E402, F401
from psychoplastogens.editorial.replacement import Replacement  # noqa: E402, F401
from psychoplastogens.editorial.revision import Act, ReviewLink, Revision  # noqa: E402, F401
