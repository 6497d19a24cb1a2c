"""One way to point at a page of any kind: its content type and its key."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import Q

from psychoplastogens.editorial.models.page import Page, get_page_models


class PagePointerQuerySet(models.QuerySet):
    def pointing_at(self, pages: Iterable[models.Model]):
        """The rows that point at one of `pages`, which may be of several models."""
        return self.filter(build_pointing_condition(pages))

    def with_published_page(self):
        """Those whose page readers may open, in the language of this request."""
        return self.filter(self._build_owner_condition("published"))

    def with_withdrawn_page(self):
        """Those whose page was taken from readers, in the language of this request."""
        return self.filter(self._build_owner_condition("withdrawn"))

    def with_page(self):
        """With the page of each row, and its record: one query for each kind of page."""
        return self.prefetch_related(prefetch_pages(self.model.get_target_models()))

    def _build_owner_condition(self, word: str) -> Q:
        targets = self.model.get_target_models()
        types = ContentType.objects.get_for_models(*targets)
        condition = Q(pk__in=[])
        for model in targets:
            owners = getattr(model.get_owner_model().objects, word)()
            pages = model.pages_of(owners).order_by().values("pk")
            condition |= Q(page_type=types[model], page_id__in=pages)
        return condition


def prefetch_pages(targets: list[type[Page]], *, timed: bool = False) -> GenericPrefetch:
    """Fetch ahead the pages of pointers, and their records; `timed` adds what `minutes` needs."""
    ContentType.objects.get_for_models(*targets)  # One query instead of one for each.
    querysets: list[models.QuerySet] = []
    for model in targets:
        pages = model._default_manager.select_related(*filter(None, [model.url_parent]))
        querysets.append(pages.prefetch_related(*model.timed_parts) if timed else pages)
    return GenericPrefetch("page", querysets)


def build_pointing_condition(pages: Iterable[models.Model]) -> Q:
    """A condition on pointers: that they point at one of `pages`."""
    keys: dict[type[models.Model], list[UUID]] = {}
    for page in pages:
        keys.setdefault(type(page), []).append(page.pk)
    types = ContentType.objects.get_for_models(*keys)
    conditions = (Q(page_type=types[model], page_id__in=found) for model, found in keys.items())
    return reduce(or_, conditions, Q(pk__in=[]))


class PagePointer(models.Model):
    """Something that points at one page of any kind.

    `on_page_delete` is what happens when the page is deleted: CASCADE, PROTECT or DO_NOTHING. A
    pointer that outlives its page does not count as a use of it.
    """

    on_page_delete = models.PROTECT

    page_type: models.ForeignKey[Any, ContentType | None] = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    page_id: models.UUIDField[Any, UUID | None] = models.UUIDField(db_index=True)
    page = GenericForeignKey("page_type", "page_id")

    objects = PagePointerQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def get_target_models(cls) -> list[type[Page]]:
        """The kinds of pages that it may point at."""
        return [model for model in get_page_models() if model.is_shareable]

    @property
    def page_model(self) -> type[Page] | None:
        """The model of the page, without a query; None where none is chosen."""
        if self.page_type_id is None:
            return None
        model = ContentType.objects.get_for_id(self.page_type_id).model_class()
        assert model is not None and issubclass(model, Page)
        return model

    @property
    def page_key(self) -> tuple[str, UUID]:
        """The kind of the chosen page and its key, without a query."""
        model, key = self.page_model, self.page_id
        assert model is not None and key is not None
        return model.get_kind(), key

    def clean(self):
        super().clean()
        if self.page_id and self.page is None:
            raise ValidationError("The page was deleted. Choose another.")


class PointerRelation(GenericRelation):
    """The far end of a pointer, on a model of pages: acts when a page is deleted.

    A generic foreign key has no `on_delete`, and Django lets the rows of a generic relation go.
    """

    @property
    def on_delete(self):
        """As the far end of a foreign key has it."""
        return self.related_model.on_page_delete

    def bulk_related_objects(self, objs, using=DEFAULT_DB_ALIAS):
        """The rows that go with these pages. Raises ProtectedError where they must not dangle."""
        rows = super().bulk_related_objects(objs, using)
        if self.on_delete is models.PROTECT and rows:
            kind = self.related_model._meta.verbose_name
            raise models.ProtectedError(f"A {kind} points at “{rows[0].page}”.", set(rows))
        return rows


def get_pointer_models() -> list[type[PagePointer]]:
    """Every model of pointers that go with a page or protect it."""
    found = (model for model in apps.get_models() if issubclass(model, PagePointer))
    return [model for model in found if model.on_page_delete is not models.DO_NOTHING]


def connect_pointers() -> None:
    """Let every model of pages know what points at it. Called when Django starts."""
    for pointer_model in get_pointer_models():
        name = f"{pointer_model._meta.app_label}_{pointer_model._meta.model_name}_pointers"
        for page_model in get_page_models():
            if all(field.name != name for field in page_model._meta.private_fields):
                relation = PointerRelation(pointer_model, "page_id", "page_type")
                page_model.add_to_class(name, relation)
