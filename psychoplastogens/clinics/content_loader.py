"""Load fixtures/clinics.yaml: a clinic as an example.

A clinic is made once: one that staff changed or removed stays so. A page that staff renamed or
removed before that is skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.urls import reverse

from psychoplastogens.clinics.models import Clinic, Pack, PackItem
from psychoplastogens.editorial.content_loader import (
    InvalidFixture,
    read_extra_fixture,
    register_loader,
)
from psychoplastogens.editorial.drafts.serialization import compute_digest, parse_field_value
from psychoplastogens.editorial.models import LoadedRecord, Page
from psychoplastogens.short_links.content_loader import (
    assign_code,
    map_records_by_address,
)

CLINICS = "clinics.yaml"
RecordT = TypeVar("RecordT", bound=Model)


@register_loader
def load_clinics(folder: Path) -> None:
    """Load the file, if there is one. Raises InvalidFixture, which names file and record."""
    added = [data for data in read_extra_fixture(folder / CLINICS, list) if _is_new(data)]
    records = map_records_by_address() if added else {}
    for data in added:
        _make_clinic(data, records)


def _is_new(data: dict[str, Any]) -> bool:
    """Whether this clinic was never made: one that staff have changed or removed stays so."""
    name = data.get("slug", "")
    key = {"kind": CLINICS, "key": name}
    if LoadedRecord.objects.filter(**key).exists() or Clinic.objects.filter(slug=name).exists():
        return False
    fresh = compute_digest(data)
    LoadedRecord.objects.create(**key, fixture_digest=fresh, record_digest=fresh)
    return True


def _make_clinic(data: dict[str, Any], records: dict[str, Model]) -> None:
    fields = {name: value for name, value in data.items() if name != "packs"}
    clinic = _build_record(Clinic, fields)
    _save(clinic)
    for wanted in data.get("packs", ()):
        fields = {name: value for name, value in wanted.items() if name not in ("pages", "code")}
        pack = _build_record(Pack, fields | {"clinic": clinic})
        if "code" in wanted:
            assign_code(wanted["code"], pack)
        _save(pack)
        for item in _build_items(pack, wanted.get("pages", ()), records):
            _save(item)


def _build_items(pack: Pack, pages: list[Any], records: dict[str, Model]) -> Iterator[PackItem]:
    """A page is an address, or {page: its address, note: the clinic's words, read_first: true}."""
    for order, page in enumerate(pages, start=1):
        wanted = page if isinstance(page, dict) else {"page": page}
        chosen = {name: value for name, value in wanted.items() if name != "page"}
        item = _build_record(PackItem, chosen | {"pack": pack})
        item.order = order
        record = records.get(wanted.get("page", ""))
        if isinstance(record, Page) and record.is_shareable:
            item.page = record
            yield item
        elif wanted.get("page") == reverse("content:ask"):
            item.question_list = True
            yield item


def _build_record(model: type[RecordT], fields: dict[str, Any]) -> RecordT:
    known = {field.name: field for field in model._meta.concrete_fields}
    try:
        typed = {name: value for name, value in fields.items() if not isinstance(value, Model)}
        read = {
            name: parse_field_value(known[name], typed[name])
            for name in typed.keys() & known.keys()
        }
        return model(**fields | read)
    except (TypeError, ValidationError) as error:  # A TypeError names the field that is not there.
        raise InvalidFixture(f"{CLINICS}: {error}") from error


def _save(record: Model) -> None:
    try:
        record.full_clean()
    except ValidationError as error:
        wrong = [f"  {name}: {' '.join(said)}" for name, said in error.message_dict.items()]
        lines = [f"{CLINICS}, {record._meta.verbose_name}:", *wrong]
        raise InvalidFixture("\n".join(lines)) from error
    record.save()
