"""Slugs that nobody typed: made of the title of what they name."""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain, count

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.text import slugify

from psychoplastogens.editorial.models import OldAddress, Part, get_owner_field_name

ROOM_FOR_NUMBER = 10
"""Characters at the end of a slug."""


def find_free_slug(row: models.Model, words: str, also_taken: Collection[str] = ()) -> str:
    """A slug made of `words`, or of the kind of `row` where they have no letter for one.

    No other row of its model has it, or had it; that of a part, none of the same page. A number
    follows where one does. `also_taken` are slugs that are not saved yet.
    """
    kind = type(row)
    field = kind._meta.get_field("slug")
    assert isinstance(field, models.SlugField)
    longest = (field.max_length or 0) - ROOM_FOR_NUMBER
    stem = (slugify(words) or slugify(str(kind._meta.verbose_name)))[:longest].strip("-")
    rows = kind._base_manager.filter(slug__startswith=stem).exclude(pk=row.pk)
    if issubclass(kind, Part):
        owner = f"{get_owner_field_name(kind)}_id"
        rows = rows.filter(**{owner: getattr(row, owner)})
    old = OldAddress.objects.filter(
        content_type=ContentType.objects.get_for_model(kind), slug__startswith=stem
    )
    taken = {*also_taken, *chain(*(found.values_list("slug", flat=True) for found in (rows, old)))}
    numbered = (f"{stem}-{number}" for number in count(2))
    return next(slug for slug in chain([stem], numbered) if slug not in taken)
