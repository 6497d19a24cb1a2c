"""Comments of staff and outside clinicians on a place of a text, with their answers."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from psychoplastogens.editorial.models.constraints import both_or_neither_constraint
from psychoplastogens.editorial.models.history import HistoryEntry
from psychoplastogens.editorial.models.reviewer import Reviewer
from psychoplastogens.editorial.models.revision import Revision

MAX_QUOTE_LENGTH = 2000
"""Characters of a paragraph that are kept to find it again."""


class CommentQuerySet(models.QuerySet):
    def about(self, record):
        """The comments on all revisions of `record`, oldest first."""
        kind = ContentType.objects.get_for_model(record)
        return self.filter(revision__content_type=kind, revision__object_id=record.pk).order_by(
            "at", "pk"
        )

    def threads(self):
        """Comments that are no answers."""
        return self.filter(parent=None)

    def open(self):
        """Threads that nobody has resolved."""
        return self.threads().filter(resolved_at=None)

    def begun_by(self, reviewer):
        """Threads that a clinician without an account began."""
        return self.threads().filter(reviewer=reviewer)

    def shown_with(self, revision):
        """Threads for readers of `revision`: open ones, and those begun since the publication."""
        recent = Revision.objects.leading_to(revision).values("pk")
        begun = self.threads().about(revision.record).filter(revision__number__lte=revision.number)
        return begun.filter(Q(resolved_at=None) | Q(revision__in=recent)).with_answers()

    def with_answers(self):
        answers = Comment.objects.select_related("by", "reviewer").order_by("at", "pk")
        threads = self.select_related("by", "reviewer", "resolved_by", "revision")
        return threads.defer("revision__snapshot").prefetch_related(
            models.Prefetch("answers", queryset=answers)
        )

    def in_thread(self, thread):
        """A thread with its answers."""
        return self.filter(Q(pk=thread.pk) | Q(parent=thread.pk))

    def waiting_for(self, user):
        """Open threads on texts of `user`, or in which they wrote, where others wrote last.

        `.last_body` is what was written last. What `user` has decided about the text since then,
        they have read.
        """
        same = Revision.objects.filter(
            content_type=OuterRef("revision__content_type"),
            object_id=OuterRef("revision__object_id"),
        )
        in_thread = Comment.objects.filter(Q(pk=OuterRef("pk")) | Q(parent=OuterRef("pk")))
        last = in_thread.order_by("-at", "-pk")
        mine = (
            Q(revision__author=user)
            | Q(Exists(same.open().filter(author=user)))
            | Q(Exists(in_thread.filter(by=user)))
        )
        written = {name: Subquery(last.values(name)[:1]) for name in ("by", "body", "at")}
        threads = self.open().annotate(**{f"last_{name}": said for name, said in written.items()})
        decided = same.filter(
            history_entries__by=user,
            history_entries__verb__in=HistoryEntry.DECISIONS,
            history_entries__at__gt=OuterRef("last_at"),
        )
        theirs = threads.filter(mine).filter(Q(last_by=None) | ~Q(last_by=user))
        return theirs.exclude(Exists(decided))


class Comment(models.Model):
    """What somebody says about a place of a revision, or an answer to it (`parent`).

    The place is a field of the record or of one of its parts (`row_id`), and a paragraph of it
    (`quote`, '' for the whole field). Later revisions show an open comment beside the same
    paragraph while it is there. `label` names the field for people.
    """

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="comments")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="answers", null=True, blank=True
    )
    row_id = models.UUIDField(null=True, blank=True)
    field = models.CharField(max_length=100, blank=True)
    label = models.CharField(max_length=500, blank=True)
    quote = models.TextField(max_length=MAX_QUOTE_LENGTH, blank=True)
    body = models.TextField(max_length=2000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    reviewer = models.ForeignKey(
        Reviewer, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    at = models.DateTimeField(default=timezone.now, editable=False)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(by__isnull=False, reviewer__isnull=True)
                | Q(by__isnull=True, reviewer__isnull=False),
                name="editorial_comment_by_one_person",
            ),
            models.CheckConstraint(condition=~Q(body=""), name="editorial_comment_says_something"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, row_id__isnull=False) & ~Q(field="")
                | Q(parent__isnull=False, row_id__isnull=True, field="", label="", quote="")
                & Q(resolved_at__isnull=True),
                name="editorial_comment_place_or_parent",
            ),
            both_or_neither_constraint("resolved_at", "resolved_by"),
        ]

    def __str__(self):
        return f"{self.who}: {self.body[:60]}"

    @property
    def who(self):
        return self.reviewer or self.by
