"""Starter content of this room: a clinic as an example, and the codes of short links to our pages.

The codes stand in a file, so that links on paper still lead on after the database was built anew.
What is there is left as it is: a clinic is made once, and a code is given once. A page that staff
have renamed or removed before that is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.urls import reverse

from psychoplastogens.clinics.models import Clinic, Pack, PackItem, ShortLink
from psychoplastogens.clinics.models.pack import QUESTION_LIST, TARGETS
from psychoplastogens.content.models import Compound, Condition, Explainer, Faq, Section
from psychoplastogens.editorial import safe_yaml
from psychoplastogens.editorial.models import LoadedRecord
from psychoplastogens.editorial.records import digest, read_as
from psychoplastogens.editorial.starter import BrokenFixture
from psychoplastogens.walkthrough.models import Step, Walkthrough

CLINICS, LINKS = "clinics.yaml", "short_links.yaml"


def load(folder: Path) -> None:
    """Load both files, where there are any. Raises BrokenFixture, which names file and record."""
    records = by_address()
    for data in _read(folder / CLINICS, list):
        if _is_new(data):
            _make_clinic(data, records)
    given = set(ShortLink.objects.values_list("pk", flat=True))
    for code, address in _read(folder / LINKS, dict).items():
        if code not in given and address in records:
            _give(code, records[address])


def by_address() -> dict[str, Model]:
    """Every page that a starter link may lead to, published or not, by its address."""
    return {
        record.get_absolute_url(): record
        for records in (
            Explainer.objects.all(),
            Section.objects.select_related("explainer"),
            Compound.objects.all(),
            Condition.objects.all(),
            Faq.objects.all(),
            Walkthrough.objects.all(),
            Step.objects.select_related("walkthrough"),
        )
        for record in records
    }


def _read(path: Path, kind: type) -> Any:
    if not path.exists():
        return kind()
    try:
        data = safe_yaml.load(path.read_text("utf-8-sig"))
    except (safe_yaml.NotYaml, UnicodeDecodeError) as error:
        raise BrokenFixture(f"{path.name}: {error}") from error
    if not isinstance(data, kind):
        raise BrokenFixture(f"{path.name} must hold a {kind.__name__}.")
    return data


def _is_new(data: dict[str, Any]) -> bool:
    """Whether this clinic was never made: one that staff have changed or removed stays so."""
    name = data.get("slug", "")
    key = {"kind": CLINICS, "key": name}
    if LoadedRecord.objects.filter(**key).exists() or Clinic.objects.filter(slug=name).exists():
        return False
    fresh = digest(data)
    LoadedRecord.objects.create(**key, fixture_digest=fresh, record_digest=fresh)
    return True


def _make_clinic(data: dict[str, Any], records: dict[str, Model]) -> None:
    fields = {name: value for name, value in data.items() if name != "packs"}
    clinic = _new(Clinic, fields)
    _save(clinic)
    for wanted in data.get("packs", ()):
        fields = {name: value for name, value in wanted.items() if name not in ("pages", "code")}
        pack = _new(Pack, fields | {"clinic": clinic})
        if "code" in wanted:
            _give(wanted["code"], pack)
        _save(pack)
        for item in _items(pack, wanted.get("pages", ()), records):
            _save(item)


def _items(pack: Pack, pages: list[Any], records: dict[str, Model]) -> Iterator[PackItem]:
    """A page is an address, or {page: its address, note: the clinic's words}."""
    for order, page in enumerate(pages, start=1):
        wanted = page if isinstance(page, dict) else {"page": page}
        item = PackItem(pack=pack, order=order, note=wanted.get("note", ""))
        record = records.get(wanted.get("page", ""))
        if record is not None and record._meta.model_name in TARGETS:
            setattr(item, record._meta.model_name, record)
            yield item
        elif wanted.get("page") == reverse("content:ask"):
            setattr(item, QUESTION_LIST, True)
            yield item


def _new(model: type[Model], fields: dict[str, Any]) -> Model:
    known = {field.name: field for field in model._meta.concrete_fields}
    try:
        typed = {name: value for name, value in fields.items() if not isinstance(value, Model)}
        read = {name: read_as(known[name], typed[name]) for name in typed.keys() & known.keys()}
        return model(**fields | read)
    except (TypeError, ValidationError) as error:  # A TypeError names the field that is not there.
        raise BrokenFixture(f"{CLINICS}: {error}") from error


def _save(record: Model) -> None:
    try:
        record.full_clean()
    except ValidationError as error:
        wrong = [f"  {name}: {' '.join(said)}" for name, said in error.message_dict.items()]
        lines = [f"{CLINICS}, {record._meta.verbose_name}:", *wrong]
        raise BrokenFixture("\n".join(lines)) from error
    record.save()


def _give(code: str, record: Model) -> None:
    """Make the link `code` to `record`, unless the record has one."""
    kind = ContentType.objects.get_for_model(record)
    link = ShortLink(code=str(code), content_type=kind, object_id=record.pk)
    if ShortLink.objects.filter(content_type=kind, object_id=record.pk).exists():
        return
    try:
        link.full_clean()
    except ValidationError as error:
        raise BrokenFixture(f"{LINKS}, code {code}: {'; '.join(error.messages)}") from error
    link.save(force_insert=True)
