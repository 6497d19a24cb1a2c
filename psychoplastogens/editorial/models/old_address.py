"""Earlier slugs of records, which redirect to the record."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone


class OldAddressQuerySet(models.QuerySet):
    def add(self, record, slug):
        """Redirect `slug` to `record`, unless it already leads to another record."""
        kind = ContentType.objects.get_for_model(record)
        key = {"content_type": kind, "scope": record.address_scope, "slug": slug}
        before = self.filter(**key).first()
        if before and before.object_id != record.pk and before.record is not None:
            return
        now = {"object_id": record.pk, "created_at": timezone.now()}
        self.update_or_create(**key, defaults=now)

    def record_ids_with_old_slug(self, model, slugs):
        """Return the ids of the records of `model` that once had one of these slugs."""
        kind = ContentType.objects.get_for_model(model)
        return self.filter(content_type=kind, slug__in=slugs).values("object_id")

    def get_slugs_of(self, record):
        """Return the slugs that `record` once had."""
        kind = ContentType.objects.get_for_model(record)
        led = self.filter(content_type=kind, object_id=record.pk)
        return list(led.values_list("slug", flat=True))

    def leading_to(self, records):
        """The old addresses of `records`, which may be of several models."""
        kinds = {ContentType.objects.get_for_model(record) for record in records}
        keys = [record.pk for record in records]
        return self.filter(content_type__in=kinds, object_id__in=keys)

    def with_slug(self, model, slug):
        """The old addresses of `model` with this slug, newest first."""
        kind = ContentType.objects.get_for_model(model)
        return self.filter(content_type=kind, slug=slug).order_by("-created_at")

    def find_other_record_at(self, record):
        """Return another record that once had the address of `record`, or None."""
        led = self.with_slug(type(record), record.slug).exclude(object_id=record.pk)
        others = (old.record for old in led if old.record is not None)
        return next((o for o in others if o.address_scope == record.address_scope), None)


class OldAddress(models.Model):
    """An earlier slug of a record. It points at the record itself, so redirects never chain.

    `scope` is where the slug is unique: a language, or the page of a part.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    scope = models.CharField(max_length=36, blank=True)
    slug = models.SlugField(max_length=80)
    object_id = models.UUIDField()
    record = GenericForeignKey("content_type", "object_id")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OldAddressQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "old addresses"
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "scope", "slug"], name="editorial_oldaddress_once"
            )
        ]

    def __str__(self):
        return self.slug


def validate_address_is_free(record) -> None:
    """Raise ValidationError if old links to this address lead to another record."""
    if record.slug and (other := OldAddress.objects.find_other_record_at(record)):
        raise ValidationError(
            {
                "slug": f"“{other}” had the address “{record.slug}”, and links to it are in old "
                "emails and on paper. Choose another address."
            }
        )
