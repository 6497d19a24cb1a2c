"""What readers of a withdrawn record are offered instead."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q

from psychoplastogens.editorial.exceptions import WorkflowError


class ReplacementQuerySet(models.QuerySet):
    def about(self, record):
        """The replacement of `record`: one row or none."""
        kind = ContentType.objects.get_for_model(record)
        return self.filter(content_type=kind, object_id=record.pk)

    def replaced_by(self, record):
        """The rows of the records that `record` replaces."""
        kind = ContentType.objects.get_for_model(record)
        return self.filter(content_type=kind, instead_id=record.pk)

    def get_published_for(self, record):
        """Return the published record that replaces `record`, or None."""
        row = self.about(record).first()
        return row.instead if row and row.instead and row.instead.is_published else None

    def set_replacement(self, record, instead):
        """Replace `record`, and all records that it replaced, by `instead`.

        So replacements never chain. Raises WorkflowError unless `instead` is a published record of
        the same model and language.
        """
        fits = type(instead) is type(record) and instead.language == record.language
        if not fits or instead.pk == record.pk or not instead.is_published:
            kind = record._meta.verbose_name
            raise WorkflowError(
                f"A {kind} is replaced by another {kind} that readers can read now."
            )
        kind = ContentType.objects.get_for_model(record)
        self.filter(content_type=kind, instead_id=record.pk).update(instead_id=instead.pk)
        keys = {"content_type": kind, "object_id": record.pk}
        self.update_or_create(**keys, defaults={"instead_id": instead.pk})


class Replacement(models.Model):
    """A withdrawn record and the record of the same model that replaces it."""

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.UUIDField()
    instead_id = models.UUIDField()
    instead = GenericForeignKey("content_type", "instead_id")

    objects = ReplacementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"], name="editorial_replacement_one"
            ),
            models.CheckConstraint(
                condition=~Q(instead_id=F("object_id")), name="editorial_replacement_by_another"
            ),
        ]

    def __str__(self):
        return f"{self.object_id}: {self.instead_id}"
