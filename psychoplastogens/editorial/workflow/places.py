"""Where in a record something is wrong: a row and a field, and their names for people."""

from __future__ import annotations

import re

from django.db import models
from django.utils.text import capfirst

from psychoplastogens.editorial.models import Publishable

_PART = re.compile(r"(?<!\w)(\w+)\[([\w-]+)\]\.")


def find_place(record: models.Model, path: str) -> tuple[models.Model, str]:
    """The row and the field of a path as in Problem.field."""
    row = record
    for name, key in _PART.findall(path):
        parts = sorted(getattr(row, name).all(), key=lambda part: (part.order, str(part.pk)))
        named = [part for part in parts if getattr(part, "slug", "") == key]
        numbered = parts[int(key) - 1 : int(key)] if key.isdecimal() else []
        row = [*named, *numbered, row][0]
    return row, path.rpartition(".")[2]


def get_place_label(row: models.Model, field: str) -> str:
    """The name of a field ('' for the row as a whole), after that of the part it belongs to."""
    fields = {field.name: field for field in row._meta.fields}
    label = capfirst(str(fields[field].verbose_name)) if field in fields else ""
    is_page = isinstance(row, Publishable)
    kind = "" if is_page else f"{capfirst(str(row._meta.verbose_name))} “{row}”"
    return ": ".join(filter(None, (kind, label)))
