"""Converts a record with its parts to a dict and back.

The dict has the format of a fixture: fields by name, related records by slug, parts as lists.
"""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from psychoplastogens.editorial.models import (
    PagePointer,
    Publishable,
    get_owner_field_name,
    get_related_model,
)
from psychoplastogens.editorial.workflow.checks import shorten

# The workflow sets these fields, never a file.
EXCLUDED_FIELDS = {
    *("id", "status", "published_at", "published_by", "withdrawn_because"),
    *("reviewed_at", "reviewed_by", "reviewer_name", "reviewer_credentials"),
}


# A page is one field of a file, `page: condition/ocd`; the model stores it in two.
POINTER_FIELDS = {"page_type", "page_id"}

# As YAML and spreadsheets write them.
BOOLEAN_WORDS = dict.fromkeys(("yes", "true", "on", "1"), True)
BOOLEAN_WORDS |= dict.fromkeys(("no", "false", "off", "0"), False)


class InvalidRecord(ValueError):
    """A dict that cannot become a record. `problems` is a list of (field, message)."""

    def __init__(self, problems: list[tuple[str, str]]):
        super().__init__("; ".join(f"{field}: {wrong}" for field, wrong in problems))
        self.problems = problems


def compute_digest(data: Any) -> str:
    """Return the SHA-256 of `data` in hex, independent of the order of keys."""
    text = json.dumps(data, sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


def to_dict(record: models.Model) -> dict[str, Any]:
    """Return `record` with its parts as a dict, without workflow fields."""
    owner = get_owner_field_name(type(record))
    data = {}
    for field in record._meta.concrete_fields:
        if field.name in (*EXCLUDED_FIELDS, *POINTER_FIELDS) or field.name == owner:
            continue
        value = getattr(record, field.name)
        data[field.name] = _get_reference(value) if field.is_relation and value else value
    if isinstance(record, PagePointer):
        page = record.page
        data["page"] = f"{page.get_kind()}/{_get_reference(page)}" if page else None
    for field in record._meta.many_to_many:
        data[field.name] = sorted(getattr(record, field.name).values_list("slug", flat=True))
    for name in getattr(record, "parts", ()):
        data[name] = [to_dict(part) for part in getattr(record, name).order_by("order")]
    return data


def save_from_dict(
    model: type[Publishable], data: dict[str, Any], *, check_constraints: bool = True
) -> Publishable:
    """Create or update the record of `model` that `data` describes, with its parts.

    Raises InvalidRecord with every problem found. Run it in a transaction. Without
    `check_constraints`, which cost a query each, what they forbid raises IntegrityError.
    """
    key = {"language": model.read_language(data), "slug": data.get("slug", "")}
    record = model.objects.filter(**key).first() or model(**key)
    many = _set_fields(record, data, {*model.parts, "language"}, check_constraints)
    record.save()
    for name, related in many.items():
        getattr(record, name).set(related)
    for name in model.parts:
        _replace_parts(record, name, data.get(name) or [], check_constraints)
    return record


def _set_fields(
    record: models.Model, data: dict[str, Any], also: set[str], check_constraints: bool
) -> dict[str, list]:
    """Set the fields of `record` and validate it; return its many-to-many lists."""
    problems = [
        (name, "there is no such field") for name in _get_unknown_fields(record, data, also)
    ]
    many, ours = {}, _get_allowed_fields(record)
    for field in (*record._meta.concrete_fields, *record._meta.many_to_many):
        if field.name not in data or field.name not in ours:
            continue
        try:
            value = parse_field_value(field, data[field.name])
        except ValidationError as error:
            problems += [(field.name, wrong) for wrong in error.messages]
            continue
        if field.many_to_many:
            many[field.name] = value
        else:
            setattr(record, field.name, value)
    excluded = {name for name, _ in problems}
    if isinstance(record, PagePointer):
        problems += _set_page(record, data)
        excluded.update(POINTER_FIELDS)
    try:
        record.full_clean(exclude=excluded, validate_constraints=check_constraints)
    except ValidationError as error:
        problems += [(n, m) for n, found in error.message_dict.items() for m in found]
    if problems:
        raise InvalidRecord([(name, shorten(wrong, 300)) for name, wrong in problems])
    return many


def _set_page(record: PagePointer, data: dict[str, Any]) -> list[tuple[str, str]]:
    """Let `record` point at the page that `data` names as “kind/slug”; return what is wrong."""
    kinds = {model.get_kind(): model for model in record.get_target_models()}
    if "page" not in data and record.page_id:
        return []
    kind, _, name = str(data.get("page") or "").partition("/")
    if kind not in kinds or not name:
        forms = ", ".join(f"{kind}/" for kind in kinds)
        return [("page", f"a page is needed: one of {forms} and its slug behind it")]
    try:
        [record.page] = _find_by_names(kinds[kind], [name], f"{kind}/")
    except ObjectDoesNotExist as error:
        return [("page", str(error))]
    return []


def parse_field_value(field: models.Field, value: Any) -> Any:
    """Convert a value of a fixture or a spreadsheet to the type of `field`.

    Related records are found by slug. Raises ValidationError.
    """
    if wrong := _find_type_error(field, value):
        raise ValidationError(wrong)
    if field.is_relation:
        try:
            return _resolve_references(field, value)
        except ObjectDoesNotExist as error:
            raise ValidationError(str(error)) from error
    if isinstance(value, str):
        value = value.strip()
        if isinstance(field, models.BooleanField):
            value = BOOLEAN_WORDS.get(value.lower(), value)
        elif not value and field.null and not field.empty_strings_allowed:
            value = None
    if isinstance(field, models.IntegerField | models.FloatField):
        return _parse_number(field, value)
    return field.to_python(value)


def _parse_number(field: models.Field, value: Any) -> Any:
    try:
        number = field.to_python(value)
    except OverflowError:
        number = math.inf
    if number is not None and not math.isfinite(number):
        raise ValidationError("this is no number")
    return number


def _get_unknown_fields(record: models.Model, data: dict[str, Any], also: set[str]) -> list[str]:
    return sorted(data.keys() - _get_allowed_fields(record) - also)


def _get_allowed_fields(record: models.Model) -> set[str]:
    """The fields of `record` that plain data may hold."""
    fields = (*record._meta.concrete_fields, *record._meta.many_to_many)
    names = {field.name for field in fields} - EXCLUDED_FIELDS
    if isinstance(record, PagePointer):
        names = names - POINTER_FIELDS | {"page"}
    return names - {get_owner_field_name(type(record))}


def _find_type_error(field: models.Field, value: Any) -> str:
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


def _get_reference(record: models.Model) -> str:
    """How plain data names a record: its slug, and that of its page before it where it is a part.

    Parts of two pages may have the same slug.
    """
    slug = getattr(record, "slug", record.pk)
    owner = get_owner_field_name(type(record))
    return f"{_get_reference(getattr(record, owner))}/{slug}" if owner else slug


def _resolve_references(field: models.Field, value: Any) -> Any:
    """What a name or a list of names means; a slug alone will do where only one part has it."""
    if value in (None, ""):
        return [] if field.many_to_many else None
    names = value if field.many_to_many else [value]
    found = _find_by_names(get_related_model(field), names)
    return found if field.many_to_many else found[0]


def _find_by_names(model: type[models.Model], values: list, prefix: str = "") -> list:
    """The record of each name. Raises ObjectDoesNotExist, with `prefix` before what it names."""
    names = list(map(str, values))
    found: dict[str, list] = {name: [] for name in names}
    slugs = {name.rpartition("/")[2] for name in names}
    rows: models.QuerySet[Any] = model._default_manager.filter(slug__in=slugs)
    for row in rows:
        for name in {row.slug, _get_reference(row)} & found.keys():
            found[name].append(row)
    kind = model._meta
    if missing := [name for name in names if not found[name]]:
        raise ObjectDoesNotExist(f"there is no {kind.verbose_name} “{'”, “'.join(missing)}”")
    if several := next((name for name in names if len(found[name]) > 1), None):
        ways = "” or “".join(prefix + _get_reference(row) for row in found[several])
        raise ObjectDoesNotExist(f"there are several {kind.verbose_name_plural}: write “{ways}”")
    return [found[name][0] for name in names]


def _replace_parts(
    record: models.Model, name: str, items: list[dict[str, Any]], check_constraints: bool
) -> None:
    """Make the parts `name` of `record` what `items` say; a part with the same slug is kept.

    A part may have parts of its own.
    """
    relation = getattr(record, name)
    kept = {str(getattr(part, "slug", part.order)): part for part in relation.all()}
    model, owner = relation.model, relation.field.name
    if not isinstance(items, list):
        raise InvalidRecord([(name, "a list is needed")])
    problems = []
    for order, item in enumerate(items, start=1):
        if not isinstance(item, dict):
            problems.append((f"{name}[{order}]", "fields with their names are needed"))
            continue
        part = kept.pop(str(item.get("slug", order)), None) or model(**{owner: record})
        part.order = order
        try:
            _save_part(part, item, check_constraints)
        except InvalidRecord as error:
            label = item.get("slug", order)
            problems += [(f"{name}[{label}].{field}", wrong) for field, wrong in error.problems]
    if problems:
        raise InvalidRecord(problems)
    for part in kept.values():
        part.delete()


def _save_part(part: models.Model, item: dict[str, Any], check_constraints: bool) -> None:
    names = getattr(part, "parts", ())
    many = _set_fields(part, item, set(names), check_constraints)
    part.save()
    for name, related in many.items():
        getattr(part, name).set(related)
    for name in names:
        _replace_parts(part, name, item.get(name) or [], check_constraints)
