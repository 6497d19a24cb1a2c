"""Addresses that records once had: offered by psychoplastogens.editorial.models."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone


class OldAddressQuerySet(models.QuerySet):
    def remember(self, record, slug):
        """`slug` leads to `record` from now on, unless it leads to another record already."""
        kind = ContentType.objects.get_for_model(record)
        key = {"content_type": kind, "scope": record.address_scope, "slug": slug}
        before = self.filter(**key).first()
        if before and before.object_id != record.pk and before.record is not None:
            return
        now = {"object_id": record.pk, "created_at": timezone.now()}
        self.update_or_create(**key, defaults=now)

    def renamed(self, model, slugs):
        """The keys of the records of `model` that once had one of these slugs."""
        kind = ContentType.objects.get_for_model(model)
        return self.filter(content_type=kind, slug__in=slugs).values("object_id")

    def led_to(self, model, slug):
        """The records of `model` that once had this slug, the latest first."""
        kind = ContentType.objects.get_for_model(model)
        return self.filter(content_type=kind, slug=slug).order_by("-created_at")

    def other_at(self, record):
        """The record, not `record`, that once had the address which `record` has now; or None."""
        led = self.led_to(type(record), record.slug).exclude(object_id=record.pk)
        others = (old.record for old in led if old.record is not None)
        return next((o for o in others if o.address_scope == record.address_scope), None)


class OldAddress(models.Model):
    """A slug that a record once had. It points at the record, so it never needs a second hop.

    `scope` is where the slug names one record alone: a language, or the page of a part.
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


def refuse_address_of_another(record) -> None:
    """Raises ValidationError where links to the address of `record` lead to another record."""
    if record.slug and (other := OldAddress.objects.other_at(record)):
        raise ValidationError(
            {
                "slug": f"“{other}” had the address “{record.slug}”, and links to it are in old "
                "emails and on paper. Choose another address."
            }
        )
