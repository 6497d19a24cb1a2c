"""Load fixtures/synonyms/: the words of readers, with the pages that answer them.

A record is written as long as nobody changed or removed it in the admin. One that names a page that
staff have renamed or withdrawn is loaded too: the admin's first page lists it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from psychoplastogens.editorial.content_loader import (
    InvalidFixture,
    read_extra_fixture,
    register_loader,
)
from psychoplastogens.editorial.drafts.serialization import compute_digest
from psychoplastogens.editorial.models import LoadedRecord
from psychoplastogens.search.models import Synonym

SYNONYMS = "synonyms"
FIELDS = {"name", "kind", "other_names", "broader", "page"}
Item = tuple[str, dict[str, Any]]
"""A record with the name of its file."""


@register_loader
def load_synonyms(folder: Path) -> None:
    """Load every file of the folder, if there is one. Raises InvalidFixture, naming the record."""
    read = [
        (path.name, data)
        for path in sorted((folder / SYNONYMS).glob("*.yaml"))
        for data in read_extra_fixture(path, list)
    ]
    _validate_names(read)
    # Classes first: medicines name theirs.
    _save_changed([item for item in read if "broader" not in item[1]])
    _save_changed([item for item in read if "broader" in item[1]])


def _validate_names(read: list[Item]) -> None:
    used: set[str] = set()
    for file, data in read:
        if not isinstance(data, dict) or not isinstance(data.get("name"), str):
            raise InvalidFixture(f"{file}: each record needs a name, and one has none")
        name = data["name"].casefold()
        if wrong := data.keys() - FIELDS:
            raise InvalidFixture(f"{file}, {name}: unknown {', '.join(sorted(wrong))}")
        if name in used:
            raise InvalidFixture(f"{file}, {name}: another record has this name")
        used.add(name)


def _save_changed(read: list[Item]) -> None:
    """Save the records that are new or differ from what was loaded, in a few queries."""
    loaded = {row.key: row for row in LoadedRecord.objects.filter(kind=SYNONYMS)}
    existing = {synonym.name.casefold(): synonym for synonym in Synonym.objects.with_broader()}
    classes = {synonym.name: synonym for synonym in existing.values()}
    new: list[Synonym] = []
    changed: list[Synonym] = []
    rows: list[LoadedRecord] = []
    for file, data in read:
        row, before = loaded.get(data["name"]), existing.get(data["name"].casefold())
        fresh = compute_digest(data)
        if (row and row.fixture_digest == fresh) or not _is_loadable(before, row):
            continue
        synonym = _fill_in(before or Synonym(), file, data, classes)
        (changed if before else new).append(synonym)
        rows.append(_update_row(row, synonym, fresh))
    Synonym.objects.bulk_create(new)
    Synonym.objects.bulk_update(changed, ["kind", "other_names", "broader", "page"])
    LoadedRecord.objects.bulk_create([row for row in rows if not row.pk])
    LoadedRecord.objects.bulk_update(
        [row for row in rows if row.pk], ["fixture_digest", "record_digest"]
    )


def _is_loadable(existing: Synonym | None, row: LoadedRecord | None) -> bool:
    """Whether nobody wrote, changed or removed this record in the admin."""
    if not existing or not row:
        return not existing and not row
    return _compute_record_digest(existing) == row.record_digest


def _fill_in(
    synonym: Synonym, file: str, data: dict[str, Any], classes: dict[str, Synonym]
) -> Synonym:
    synonym.name, synonym.kind = data["name"], data.get("kind", "")
    synonym.other_names, synonym.page = data.get("other_names", []), data.get("page", "")
    broader = data.get("broader", "")
    try:
        synonym.broader = classes[broader] if broader else None
        synonym.clean_fields()
        synonym.clean_names()
    except KeyError as error:
        raise InvalidFixture(f"{file}, {synonym.name}: no class {error}") from error
    except ValidationError as error:
        raise InvalidFixture(f"{file}, {synonym.name}: {'; '.join(error.messages)}") from error
    if not synonym.pages:
        raise InvalidFixture(f"{file}, {synonym.name}: name the page that answers, or a class")
    return synonym


def _update_row(row: LoadedRecord | None, synonym: Synonym, fixture_digest: str) -> LoadedRecord:
    row = row or LoadedRecord(kind=SYNONYMS, key=synonym.name)
    row.fixture_digest = fixture_digest
    row.record_digest = _compute_record_digest(synonym)
    return row


def _compute_record_digest(synonym: Synonym) -> str:
    broader = synonym.broader.name if synonym.broader else ""
    return compute_digest([synonym.kind, synonym.names, broader, synonym.page])
