"""A record with its parts as plain data, and plain data as a record.

Plain data is what a fixture holds: fields by name, related records by slug, parts as lists.
"""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from psychoplastogens.editorial.checks import shortened
from psychoplastogens.editorial.models import Publishable

# Who may read a record, and since when, is decided in the admin, never by a file.
OF_THE_WORKFLOW = {
    *("id", "status", "published_at", "published_by", "withdrawn_because"),
    *("reviewed_at", "reviewed_by", "reviewer_name", "reviewer_credentials"),
}


# As YAML and spreadsheets write them.
YES_AND_NO = dict.fromkeys(("yes", "true", "on", "1"), True)
YES_AND_NO |= dict.fromkeys(("no", "false", "off", "0"), False)


class BrokenRecord(ValueError):
    """Plain data that cannot be a record: `problems` is a list of (field, what is wrong)."""

    def __init__(self, problems: list[tuple[str, str]]):
        super().__init__("; ".join(f"{field}: {wrong}" for field, wrong in problems))
        self.problems = problems


def digest(data: Any) -> str:
    """The same 64 letters for the same data, whatever the order of its keys."""
    text = json.dumps(data, sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


def as_plain(record: models.Model) -> dict[str, Any]:
    """`record` as plain data, with its parts, without what the workflow decides."""
    owner = _field_of_owner(type(record))
    data = {}
    for field in record._meta.concrete_fields:
        if field.name in OF_THE_WORKFLOW or field.name == owner:
            continue
        value = getattr(record, field.name)
        data[field.name] = _name_of(value) if field.is_relation and value else value
    for field in record._meta.many_to_many:
        data[field.name] = sorted(getattr(record, field.name).values_list("slug", flat=True))
    for name in getattr(record, "parts", ()):
        data[name] = [as_plain(part) for part in getattr(record, name).order_by("order")]
    return data


def save_plain(model: type[Publishable], data: dict[str, Any]) -> Publishable:
    """Make or change the record of `model` that `data` describes, parts and all.

    Raises BrokenRecord with every problem found. Run it in a transaction.
    """
    key = {"language": data.get("language", "en"), "slug": data.get("slug", "")}
    record = model.objects.filter(**key).first() or model(**key)
    many = _fill(record, data, {*model.parts, "language"})
    record.save()
    for name, related in many.items():
        getattr(record, name).set(related)
    for name in model.parts:
        _replace_parts(record, name, data.get(name) or [])
    return record


def _fill(record: models.Model, data: dict[str, Any], also: set[str]) -> dict[str, list]:
    """Set the fields of `record` and validate it; return its many-to-many lists."""
    problems = [(name, "there is no such field") for name in _unknown(record, data, also)]
    many, ours = {}, _names_of_fields(record)
    for field in (*record._meta.concrete_fields, *record._meta.many_to_many):
        if field.name not in data or field.name not in ours:
            continue
        try:
            value = read_as(field, data[field.name])
        except ValidationError as error:
            problems += [(field.name, wrong) for wrong in error.messages]
            continue
        if field.many_to_many:
            many[field.name] = value
        else:
            setattr(record, field.name, value)
    try:
        record.full_clean(exclude=[name for name, _ in problems])
    except ValidationError as error:
        problems += [(n, m) for n, found in error.message_dict.items() for m in found]
    if problems:
        raise BrokenRecord([(name, shortened(wrong, 300)) for name, wrong in problems])
    return many


def read_as(field: models.Field, value: Any) -> Any:
    """A value of plain data as `field` holds it: a typed number, date or yes, or rows by name.

    Raises ValidationError.
    """
    if wrong := _misfit(field, value):
        raise ValidationError(wrong)
    if field.is_relation:
        try:
            return _related(field, value)
        except ObjectDoesNotExist as error:
            raise ValidationError(str(error)) from error
    if isinstance(value, str):
        value = value.strip()
        if isinstance(field, models.BooleanField):
            value = YES_AND_NO.get(value.lower(), value)
        elif not value and field.null and not field.empty_strings_allowed:
            value = None
    if isinstance(field, models.IntegerField | models.FloatField):
        return _number(field, value)
    return field.to_python(value)


def _number(field: models.Field, value: Any) -> Any:
    try:
        number = field.to_python(value)
    except OverflowError:
        number = math.inf
    if number is not None and not math.isfinite(number):
        raise ValidationError("this is no number")
    return number


def _unknown(record: models.Model, data: dict[str, Any], also: set[str]) -> list[str]:
    return sorted(data.keys() - _names_of_fields(record) - also)


def _names_of_fields(record: models.Model) -> set[str]:
    """The fields of `record` that plain data may hold."""
    fields = (*record._meta.concrete_fields, *record._meta.many_to_many)
    return {field.name for field in fields} - OF_THE_WORKFLOW - {_field_of_owner(type(record))}


def _misfit(field: models.Field, value: Any) -> str:
    """What is wrong with the kind of `value`, where `field` itself would not say so."""
    if field.many_to_many:
        fits = not value or isinstance(value, list) and all(isinstance(v, str) for v in value)
        return "" if fits else "a list of slugs is needed"
    if isinstance(field, models.JSONField):
        return "" if isinstance(value, list) else "a list is needed"
    if isinstance(value, bool) and not isinstance(field, models.BooleanField):
        return "yes and no are no text here; put it in quotes"
    if isinstance(value, list | dict):
        return "one value is needed, not a list; put text that begins with [ or { in quotes"
    if value is None and not field.null:
        return "null is no value here; leave the field out, or put the word in quotes"
    return ""


def _name_of(record: models.Model) -> str:
    """How plain data names a record: its slug, and that of its page before it where it is a part.

    Parts of two pages may have the same slug.
    """
    slug = getattr(record, "slug", record.pk)
    owner = _field_of_owner(type(record))
    return f"{_name_of(getattr(record, owner))}/{slug}" if owner else slug


def _related(field: models.Field, value: Any) -> Any:
    """What a name or a list of names means; a slug alone will do where only one part has it."""
    if value in (None, ""):
        return [] if field.many_to_many else None
    names = list(map(str, value if field.many_to_many else [value]))
    found: dict[str, list] = {name: [] for name in names}
    slugs = {name.rpartition("/")[2] for name in names}
    for row in field.related_model.objects.filter(slug__in=slugs):
        for name in {row.slug, _name_of(row)} & found.keys():
            found[name].append(row)
    kind = field.related_model._meta
    if missing := [name for name in names if not found[name]]:
        raise ObjectDoesNotExist(f"there is no {kind.verbose_name} “{'”, “'.join(missing)}”")
    if several := next((name for name in names if len(found[name]) > 1), None):
        ways = "” or “".join(map(_name_of, found[several]))
        raise ObjectDoesNotExist(f"there are several {kind.verbose_name_plural}: write “{ways}”")
    return [found[name][0] for name in names] if field.many_to_many else found[names[0]][0]


def _replace_parts(record: models.Model, name: str, items: list[dict[str, Any]]) -> None:
    """Make the parts `name` of `record` what `items` say; a part with the same slug is kept.

    A part may have parts of its own.
    """
    relation = getattr(record, name)
    kept = {str(getattr(part, "slug", part.order)): part for part in relation.all()}
    model, owner = relation.model, relation.field.name
    if not isinstance(items, list):
        raise BrokenRecord([(name, "a list is needed")])
    problems = []
    for order, item in enumerate(items, start=1):
        if not isinstance(item, dict):
            problems.append((f"{name}[{order}]", "fields with their names are needed"))
            continue
        part = kept.pop(str(item.get("slug", order)), None) or model(**{owner: record})
        part.order = order
        try:
            _save_part(part, item)
        except BrokenRecord as error:
            label = item.get("slug", order)
            problems += [(f"{name}[{label}].{field}", wrong) for field, wrong in error.problems]
    if problems:
        raise BrokenRecord(problems)
    for part in kept.values():
        part.delete()


def _save_part(part: models.Model, item: dict[str, Any]) -> None:
    names = getattr(part, "parts", ())
    many = _fill(part, item, set(names))
    part.save()
    for name, related in many.items():
        getattr(part, name).set(related)
    for name in names:
        _replace_parts(part, name, item.get(name) or [])


def _field_of_owner(model: type[models.Model]) -> str | None:
    """The name of the foreign key by which a part belongs to its owner, if `model` is a part."""
    for field in model._meta.concrete_fields:
        related = field.related_model
        if related and not issubclass(model, Publishable):
            accessor = field.remote_field.get_accessor_name()
            if accessor in getattr(related, "parts", ()):
                return field.name
    return None
