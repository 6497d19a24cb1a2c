"""Words in the texts of pages and of their parts, live and in open drafts, for the admin."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import and_, or_
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db import models
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.text import capfirst

from psychoplastogens.editorial.admin.record_pages import get_admin_url
from psychoplastogens.editorial.admin.record_search import get_visible_admins
from psychoplastogens.editorial.models import (
    Part,
    Publishable,
    Revision,
    get_page,
    get_page_model,
    get_title_field,
    select_pages,
)

MAX_TEXTS = 30
MAX_OF_A_MODEL = 8
MAX_DRAFTS = 30
CONTEXT = 70  # characters before and after the words
# Of every record, and nothing that readers read.
OWN_FIELDS = {field.name for field in Publishable._meta.get_fields()}


@dataclass(frozen=True)
class FoundText:
    """Words in a text: where they stand, what is before and after them, and the address."""

    place: str
    before: str
    words: str
    after: str
    address: str
    is_draft: bool


def find_texts(request, words: list[str]) -> tuple[list[FoundText], bool]:
    """Texts that hold all the words, drafts first, and whether there are more.

    A text that a draft leaves as it is stands for both.
    """
    admins = get_visible_admins(request)
    visible = [one.model for one in admins if issubclass(one.model, Publishable)]
    found: dict[tuple[str, str], FoundText] = {}
    for key, text in (*_search_drafts(visible, words), *_search_rows(visible, words)):
        found.setdefault(key, text)
    return list(islice(found.values(), MAX_TEXTS)), len(found) > MAX_TEXTS


def _search_rows(visible: list[type[Publishable]], words: list[str]) -> Iterator[tuple]:
    """Yield ((key of a row, field), FoundText) of what readers may read, and of new records."""
    parts = [model for model in apps.get_models() if issubclass(model, Part)]
    for model in [*visible, *(part for part in parts if get_page_model(part) in visible)]:
        if not (names := _get_text_fields(model)):
            continue
        in_fields = (_holds_all(f"{name}__icontains", words) for name in names)
        rows = select_pages(model._base_manager.filter(reduce(or_, in_fields)))
        for row in rows.order_by("pk")[:MAX_OF_A_MODEL]:
            page = get_page(row)
            texts = {name: getattr(row, name) for name in names}
            yield from _search_texts(model, str(row.pk), texts, words, page, is_draft=False)


def _search_drafts(visible: list[type[Publishable]], words: list[str]) -> Iterator[tuple]:
    """Yield the same of open drafts."""
    kinds = {model._meta.label_lower for model in visible}
    # Some databases keep letters in JSON as they are, some as escapes.
    held = [Q(text__icontains=word) | Q(text__icontains=json.dumps(word)[1:-1]) for word in words]
    drafts = Revision.objects.open().annotate(text=Cast("snapshot", TextField()))
    for draft in drafts.filter(reduce(and_, held)).order_by("-created_at")[:MAX_DRAFTS]:
        if not draft.snapshot or draft.snapshot[0]["model"] not in kinds:
            continue
        for row in draft.snapshot:
            model = apps.get_model(row["model"])
            texts = {name: row["fields"].get(name) for name in _get_text_fields(model)}
            yield from _search_texts(model, row["pk"], texts, words, draft, is_draft=True)


def _holds_all(lookup: str, words: list[str]) -> Q:
    return reduce(and_, (Q(**{lookup: word}) for word in words))


def _get_text_fields(model: type[models.Model]) -> tuple[str, ...]:
    """The names of the texts of a row, without its title where it is a page."""
    title = get_title_field(model) if issubclass(model, Publishable) else ""
    return tuple(
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.SlugField | models.URLField)
        and not field.choices
        and field.name not in {*OWN_FIELDS, title}
    )


def _search_texts(
    model, key: str, texts: dict[str, Any], words: list[str], about, *, is_draft: bool
) -> Iterator[tuple]:
    """Yield what is found in the texts of one row; `about` is its page, or the draft of it."""
    pattern = re.compile("|".join(map(re.escape, [" ".join(words), *words])), re.IGNORECASE)
    for name, text in texts.items():
        if not isinstance(text, str) or not all(w.lower() in text.lower() for w in words):
            continue
        if hit := pattern.search(text):
            title = about.title if is_draft else str(about)
            field = capfirst(str(model._meta.get_field(name).verbose_name))
            part = "" if issubclass(model, Publishable) else str(model._meta.verbose_name)
            place = " › ".join(filter(None, [title, capfirst(part), field]))
            start, end = hit.span()
            before = text[max(0, start - CONTEXT) : start].lstrip()
            yield (
                (key, name),
                FoundText(
                    place,
                    f"…{before}" if start > CONTEXT else before,
                    hit[0],
                    text[end : end + CONTEXT],
                    _get_address(model, key, name, about, is_draft=is_draft),
                    is_draft,
                ),
            )


def _get_address(model, key: str, name: str, about, *, is_draft: bool) -> str:
    """The field of a form that holds a text, or the part of a form."""
    if issubclass(model, Publishable) or admin.site.is_registered(model):
        return f"{get_admin_url(model._meta, key)}#id_{name}"
    if is_draft:
        page = apps.get_model(about.snapshot[0]["model"])
        return f"{get_admin_url(page._meta, about.object_id)}#part-{key}"
    return f"{get_admin_url(about._meta, about.pk)}#part-{key}"
