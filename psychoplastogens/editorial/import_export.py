"""Import and export: YAML as in fixtures/ for every model, CSV for models without parts.

An import first runs in a transaction that is rolled back. Only if every row is valid do the rows
become drafts, all or none. An import never changes what readers see.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePath
from typing import Any

import yaml
from django.db import IntegrityError, models, transaction

from psychoplastogens.editorial import safe_yaml
from psychoplastogens.editorial.drafts.diff import diff_snapshots
from psychoplastogens.editorial.drafts.serialization import InvalidRecord, save_from_dict, to_dict
from psychoplastogens.editorial.drafts.snapshots import (
    Snapshot,
    SnapshotConflict,
    apply_snapshot,
    get_referenced_names,
    take_snapshot,
)
from psychoplastogens.editorial.models import HistoryEntry, Publishable, Revision, Status
from psychoplastogens.editorial.workflow import transitions

FORMATS = ("yaml", "csv")
FORMAT_BY_EXTENSION = {".yaml": "yaml", ".yml": "yaml", ".csv": "csv", ".tsv": "csv", ".txt": "csv"}
LIST_SEPARATOR = "|"
MAX_FILE_BYTES = 5_000_000
MAX_ROWS = 1_000
"""Of one import. The starter content has 342 sources."""
DELIMITERS = ",;\t"
MAX_HEADER_LENGTH = 10_000
SAVE_AS_UTF8 = "In Excel: Save As, “CSV UTF-8”."
# Characters that begin a formula in a spreadsheet, and the quote that prevents it.
_FORMULA = re.compile(r"['=+@＝＋－＠\t\r\n-]")
# Dates that readers see. Only the workflow changes them.
PROTECTED_DATES = ("updated_on", "evidence_checked_on", "review_due")


class UnreadableFile(ValueError):
    """A file without readable rows. The message says what is wrong and where."""


@dataclass
class ImportRow:
    """What an import would do with one row of a file."""

    where: str
    title: str = ""
    address: str = ""
    before: Snapshot | None = None
    after: Snapshot | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_new(self):
        return self.before is None

    @property
    def is_changed(self):
        return self.before != self.after

    @property
    def differences(self):
        return diff_snapshots(
            self.before, self.after, get_referenced_names(self.before, self.after)
        )


def get_formats(model: type[Publishable]) -> tuple[str, ...]:
    """Return the file formats of a model. CSV cannot hold parts."""
    return FORMATS if not model.parts else FORMATS[:1]


def export_records(records: Iterable[Publishable], file_format: str) -> str:
    """Return the newest text of each record, including drafts, in a format that can be imported."""
    plain = [to_dict(record) for record in records]
    if file_format == "yaml":
        return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=100)
    out = io.StringIO()
    writer = csv.DictWriter(out, plain[0] if plain else ["slug"], lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _format_cell(value) for name, value in row.items()} for row in plain)
    return f"\ufeff{out.getvalue()}"  # The byte order mark tells Excel that it is UTF-8.


def _format_cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        value = LIST_SEPARATOR.join(value)
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def get_format_by_name(name: str, model: type[Publishable]) -> str:
    """Return the format that a file name implies, or raise UnreadableFile."""
    found = FORMAT_BY_EXTENSION.get(PurePath(name).suffix.lower())
    if found in get_formats(model):
        return found
    if found:
        kind = model._meta.verbose_name_plural
        raise UnreadableFile(f"A spreadsheet has no place for the parts of {kind}. Import YAML.")
    raise UnreadableFile("The file’s name ends neither in .yaml nor in .csv. Choose the format.")


def decode_file(content: bytes) -> str:
    """Decode UTF-8, or UTF-16 with a byte order mark, as Excel writes it. Raises UnreadableFile."""
    if len(content) > MAX_FILE_BYTES:
        raise UnreadableFile(f"The file is larger than {MAX_FILE_BYTES // 1_000_000} MB. Split it.")
    is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(
            f"Line {line}, byte {error.start + 1}, is not UTF-8. {SAVE_AS_UTF8}"
        ) from None
    if "\0" in text:
        raise UnreadableFile(f"This is no text, or UTF-16 without its mark. {SAVE_AS_UTF8}")
    return text


def parse_rows(text: str, file_format: str, model: type[Publishable]) -> list[tuple[str, dict]]:
    """Return (position in the file, data) of each row. Raises UnreadableFile."""
    read = {"yaml": _parse_yaml, "csv": _parse_csv}[file_format]
    rows = list(islice(read(text, model), MAX_ROWS + 1))
    if len(rows) > MAX_ROWS:
        raise UnreadableFile(f"The file has more than {MAX_ROWS} rows. Split it.")
    return rows


def _parse_yaml(text: str, model) -> Iterator[tuple[str, dict]]:
    try:
        records = safe_yaml.parse_records(text)
    except safe_yaml.InvalidYaml as error:
        raise UnreadableFile(str(error)) from error
    for number, data in enumerate(records, start=1):
        yield f"record {number}, line {data.line}", data


def _parse_csv(text: str, model) -> Iterator[tuple[str, dict]]:
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=detect_delimiter(text), strict=True
    )
    fields = {f.name: f for f in (*model._meta.concrete_fields, *model._meta.many_to_many)}
    names: list[str] = []
    try:
        for cells in reader:
            where = f"line {reader.line_num}"
            if not any(cells) or not names and cells[0].startswith("sep="):
                continue
            if not names:
                names = _parse_header(cells)
            elif len(cells) != len(names):
                raise UnreadableFile(f"{where}: it has not as many cells as the first line.")
            else:
                row = dict(zip(names, cells, strict=True))
                if not row["slug"].strip():
                    raise UnreadableFile(f"{where}: the column slug is empty.")
                yield (
                    where,
                    {name: _parse_cell(fields.get(name), cell) for name, cell in row.items()},
                )
        if not names:
            raise UnreadableFile("There is nothing to read in the file.")
    except csv.Error as error:
        raise UnreadableFile(f"line {reader.line_num}: {error}") from error


def detect_delimiter(text: str) -> str:
    """Return the delimiter. In much of Europe, Excel writes semicolons."""
    first = text[:MAX_HEADER_LENGTH].removeprefix("sep=").lstrip(DELIMITERS + "\r\n").splitlines()
    header = first[0] if first else ""
    return max(DELIMITERS, key=header.count)


def _parse_header(cells: list[str]) -> list[str]:
    names = [cell.strip() for cell in cells]
    if "slug" not in names:
        raise UnreadableFile("The first line names the columns. There is no column slug in it.")
    if "" in names:
        raise UnreadableFile(f"Column {names.index('') + 1} has no name. Take it out, or name it.")
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UnreadableFile(f"The column {twice[:80]} stands twice in the first line.")
    return names


def _parse_cell(model_field: models.Field | None, cell: str) -> Any:
    """Return a cell as plain data. Unknown columns stay text, and are reported later."""
    if cell[:1] == "'" and _FORMULA.match(cell[1:]):
        cell = cell[1:]
    if isinstance(model_field, models.JSONField) or getattr(model_field, "many_to_many", False):
        return [word.strip() for word in cell.split(LIST_SEPARATOR) if word.strip()]
    return cell


def dry_run_import(model: type[Publishable], rows: list[tuple[str, dict]]) -> list[ImportRow]:
    """Return what an import of `rows` would do, with all problems. Changes nothing."""
    tried = []
    with transaction.atomic():
        for where, data in rows:
            tried.append(_dry_run_row(model, where, data))
        transaction.set_rollback(True)
    seen: dict[tuple, ImportRow] = {}
    for row, (_, data) in zip(tried, rows, strict=True):
        first = seen.setdefault((model.read_language(data), data["slug"]), row)
        if first is not row:
            row.problems.append(("slug", f"{first.where} has the same address"))
    return tried


def _dry_run_row(model: type[Publishable], where: str, data: dict) -> ImportRow:
    row = ImportRow(where, title=str(data["slug"]))
    try:
        with transaction.atomic():
            record = _find_record(model, model.read_language(data), data["slug"])
            draft = Revision.objects.get_open_draft(record) if record else None
            if record:
                record = apply_snapshot(draft.snapshot) if draft else record
                row.before = take_snapshot(record)
            was, record = record, save_from_dict(model, data)
            row.title, row.after = str(record), take_snapshot(record)
            row.problems += _find_forbidden_changes(was, record) if was else []
    except InvalidRecord as error:
        row.problems += error.problems
    except (SnapshotConflict, IntegrityError, TypeError, ValueError, OverflowError) as error:
        row.problems.append(("", str(error)))
    return row


def _find_record(model: type[Publishable], language: str, slug: str) -> Publishable | None:
    """Return the record with this address, or the one whose draft has it."""
    if record := model._base_manager.filter(language=language, slug=slug).first():
        return record
    first = {"snapshot__0__fields__language": language, "snapshot__0__fields__slug": slug}
    draft = Revision.objects.for_model(model).open().filter(**first).first()
    return draft.record if draft else None


def _find_forbidden_changes(was: Publishable, record: Publishable) -> list[tuple[str, str]]:
    """Return what a file may not change in an existing record."""
    if was.pk != record.pk:
        return [("slug", f"Its draft has another address: {was.slug}. Use that one.")]
    message = "A file does not move this date. Leave it out: {} stays."
    dates = ((name, getattr(was, name), getattr(record, name)) for name in PROTECTED_DATES)
    return [(name, message.format(old or "none")) for name, old, new in dates if old != new]


@transaction.atomic
def save_as_drafts(model: type[Publishable], rows: list[ImportRow], *, by, note: str) -> int:
    """Save each new or changed row as a draft, all or none; return their number."""
    if any(row.problems for row in rows):
        raise ValueError("An import with problems is not kept.")
    changed = [row.after for row in rows if row.after and row.is_changed]
    for snapshot in changed:
        stored = model._base_manager.filter(pk=snapshot[0]["pk"]).first()
        record = stored or apply_snapshot(snapshot)
        origin, verb = Revision.Origin.IMPORTED, HistoryEntry.Verb.IMPORTED
        transitions.save_draft(record, snapshot, by=by, note=note, origin=origin, verb=verb)
    return len(changed)


def apply_newest_drafts(queryset: models.QuerySet) -> list[Publishable]:
    """Return the records with their newest drafts applied. Roll the transaction back after use."""
    records = []
    for record in queryset:
        draft = Revision.objects.get_open_draft(record)
        is_live = record.status == Status.PUBLISHED
        records.append(apply_snapshot(draft.snapshot) if draft and is_live else record)
    return records
