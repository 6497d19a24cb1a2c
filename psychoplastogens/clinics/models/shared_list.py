import re
from functools import reduce
from operator import or_
from typing import ClassVar
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse

from psychoplastogens.short_links.models import ShortLink

PAGE_CODE_LENGTH = 6
MAX_PAGES = 20
"""Pages of a list. Nobody reads more before a visit, and the address stays below 200 characters."""
NEVER_DELETED = "A list with a short link is for ever: it may be on posters."


def split_codes(codes: str) -> list[str]:
    """The codes of pages in `codes`, in small letters; what is left over at the end is one."""
    return re.findall(f".{{1,{PAGE_CODE_LENGTH}}}", codes.lower())


class SharedListQuerySet(models.QuerySet):
    def find_link(self, codes: str) -> ShortLink | None:
        """The short link of the list of these codes, or None where nobody has made one."""
        shared = self.filter(codes=codes).first()
        return ShortLink.objects.find_for(shared) if shared else None

    def count_with_any(self, codes) -> int:
        """How many lists hold the page of one of these codes."""
        holds = reduce(or_, (Q(codes__contains=code) for code in codes), Q(pk__in=[]))
        found = self.filter(holds).values_list("codes", flat=True)
        return sum(not set(codes).isdisjoint(split_codes(joined)) for joined in found)

    @transaction.atomic
    def get_or_create_link(self, codes: str) -> ShortLink:
        """The short link of the list of these codes: one for everybody who asks for the same.

        Raises NoFreeCodeError.
        """
        shared, _ = self.get_or_create(codes=codes)
        return ShortLink.objects.get_or_create_for(shared)

    def delete(self):
        raise ValidationError(NEVER_DELETED)


class SharedList(models.Model):
    """A list that anybody made and wanted a short link for: its pages in their order, no more.

    `codes` are those in the address of the list. Nothing of who made it stands here.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    codes = models.CharField(max_length=PAGE_CODE_LENGTH * MAX_PAGES, unique=True)

    objects: ClassVar = SharedListQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(codes=""), name="clinics_sharedlist_has_pages")
        ]

    def __str__(self):
        return f"List of {len(self.codes) // PAGE_CODE_LENGTH} pages, made by anybody"

    def get_absolute_url(self):
        return reverse("clinics:list_detail", args=[self.codes])

    def delete(self, *args, **kwargs):
        raise ValidationError(NEVER_DELETED)
