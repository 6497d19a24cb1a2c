"""Files in and out: the fixtures' format for every kind, and CSV for kinds without parts.

An import is tried whole in a transaction that is rolled back. Only when every row of the file is
sound does it become drafts, all of them or none; what readers read is never touched by a file.
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

from psychoplastogens.editorial import safe_yaml, workflow
from psychoplastogens.editorial.differences import differences
from psychoplastogens.editorial.models import Publishable, Status
from psychoplastogens.editorial.records import BrokenRecord, as_plain, save_plain
from psychoplastogens.editorial.revision import Act, Revision
from psychoplastogens.editorial.snapshots import CannotLay, Snapshot, lay, names_in, snapshot_of

FORMATS = ("yaml", "csv")
ENDINGS = {".yaml": "yaml", ".yml": "yaml", ".csv": "csv", ".tsv": "csv", ".txt": "csv"}
BETWEEN = "|"
LARGEST = 5_000_000
MOST_ROWS = 1_000
"""Of one import: each is laid over its record. The starter content has 342 sources."""
DELIMITERS = ",;\t"
MOST_OF_A_LINE = 10_000
SAVE_AS = "In Excel: Save As, “CSV UTF-8”."
# What a spreadsheet takes at the beginning of a cell for a formula, and what keeps it from that.
_FORMULA = re.compile(r"['=+@＝＋－＠\t\r\n-]")
# Dates that readers see, which no file moves: each has an act of its own.
DATES = ("updated_on", "evidence_checked_on", "review_due")


class Unreadable(ValueError):
    """A file that holds no rows: says what is wrong with it, and where."""


@dataclass
class Row:
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
        return differences(self.before, self.after, names_in(self.before, self.after))


def formats_of(model: type[Publishable]) -> tuple[str, ...]:
    """CSV has no place for parts."""
    return FORMATS if not model.parts else FORMATS[:1]


def export(records: Iterable[Publishable], file_format: str) -> str:
    """The newest text of each record, drafts included, as a file that can be imported again."""
    plain = [as_plain(record) for record in records]
    if file_format == "yaml":
        return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=100)
    out = io.StringIO()
    writer = csv.DictWriter(out, plain[0] if plain else ["slug"], lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in plain)
    return f"\ufeff{out.getvalue()}"  # By this mark Excel knows that it is UTF-8.


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        value = BETWEEN.join(value)
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def format_of(name: str, model: type[Publishable]) -> str:
    """The format that the name of a file says. Raises Unreadable where it says none."""
    found = ENDINGS.get(PurePath(name).suffix.lower())
    if found in formats_of(model):
        return found
    if found:
        kind = model._meta.verbose_name_plural
        raise Unreadable(f"A spreadsheet has no place for the parts of {kind}. Import YAML.")
    raise Unreadable("The file’s name ends neither in .yaml nor in .csv. Choose the format.")


def text_of(content: bytes) -> str:
    """The text of a file: UTF-8, or UTF-16 that says so, as Excel writes it. Raises Unreadable."""
    if len(content) > LARGEST:
        raise Unreadable(f"The file is larger than {LARGEST // 1_000_000} MB. Split it.")
    is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"Line {line}, byte {error.start + 1}, is not UTF-8. {SAVE_AS}") from None
    if "\0" in text:
        raise Unreadable(f"This is no text, or UTF-16 without its mark. {SAVE_AS}")
    return text


def rows_in(text: str, file_format: str, model: type[Publishable]) -> list[tuple[str, dict]]:
    """(where it stands, plain data) of each row of a file. Raises Unreadable."""
    read = {"yaml": _rows_of_yaml, "csv": _rows_of_csv}[file_format]
    rows = list(islice(read(text, model), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise Unreadable(f"The file has more than {MOST_ROWS} rows. Split it.")
    return rows


def _rows_of_yaml(text: str, model) -> Iterator[tuple[str, dict]]:
    try:
        records = safe_yaml.records_in(text)
    except safe_yaml.NotYaml as error:
        raise Unreadable(str(error)) from error
    for number, data in enumerate(records, start=1):
        yield f"record {number}, line {data.line}", data


def _rows_of_csv(text: str, model) -> Iterator[tuple[str, dict]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    fields = {f.name: f for f in (*model._meta.concrete_fields, *model._meta.many_to_many)}
    names: list[str] = []
    try:
        for cells in reader:
            where = f"line {reader.line_num}"
            if not any(cells) or not names and cells[0].startswith("sep="):
                continue
            if not names:
                names = _names(cells)
            elif len(cells) != len(names):
                raise Unreadable(f"{where}: it has not as many cells as the first line.")
            else:
                row = dict(zip(names, cells, strict=True))
                if not row["slug"].strip():
                    raise Unreadable(f"{where}: the column slug is empty.")
                yield where, {name: _value(fields.get(name), cell) for name, cell in row.items()}
        if not names:
            raise Unreadable("There is nothing to read in the file.")
    except csv.Error as error:
        raise Unreadable(f"line {reader.line_num}: {error}") from error


def _delimiter(text: str) -> str:
    """What stands between the cells: in much of Europe, Excel writes semicolons."""
    first = text[:MOST_OF_A_LINE].removeprefix("sep=").lstrip(DELIMITERS + "\r\n").splitlines()
    header = first[0] if first else ""
    return max(DELIMITERS, key=header.count)


def _names(cells: list[str]) -> list[str]:
    names = [cell.strip() for cell in cells]
    if "slug" not in names:
        raise Unreadable("The first line names the columns. There is no column slug in it.")
    if "" in names:
        raise Unreadable(f"Column {names.index('') + 1} has no name. Take it out, or name it.")
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise Unreadable(f"The column {twice[:80]} stands twice in the first line.")
    return names


def _value(model_field: models.Field | None, cell: str) -> Any:
    """A cell as plain data. What fits no field stays text, so that its problem is told."""
    if cell[:1] == "'" and _FORMULA.match(cell[1:]):
        cell = cell[1:]
    if isinstance(model_field, models.JSONField) or getattr(model_field, "many_to_many", False):
        return [word.strip() for word in cell.split(BETWEEN) if word.strip()]
    return cell


def attempt(model: type[Publishable], rows: list[tuple[str, dict]]) -> list[Row]:
    """What an import of `rows` would do, and what is wrong with it. Changes nothing."""
    tried = []
    with transaction.atomic():
        for where, data in rows:
            tried.append(_try(model, where, data))
        transaction.set_rollback(True)
    seen: dict[tuple, Row] = {}
    for row, (_, data) in zip(tried, rows, strict=True):
        first = seen.setdefault((data.get("language", "en"), data["slug"]), row)
        if first is not row:
            row.problems.append(("slug", f"{first.where} has the same address"))
    return tried


def _try(model: type[Publishable], where: str, data: dict) -> Row:
    row = Row(where, title=str(data["slug"]))
    try:
        with transaction.atomic():
            record = _record_at(model, data.get("language", "en"), data["slug"])
            draft = Revision.objects.open_for(record) if record else None
            if record:
                record = lay(draft.snapshot) if draft else record
                row.before = snapshot_of(record)
            was, record = record, save_plain(model, data)
            row.title, row.after = str(record), snapshot_of(record)
            row.problems += _misplaced(was, record) if was else []
    except BrokenRecord as error:
        row.problems += error.problems
    except (CannotLay, IntegrityError, TypeError, ValueError, OverflowError) as error:
        row.problems.append(("", str(error)))
    return row


def _record_at(model: type[Publishable], language: str, slug: str) -> Publishable | None:
    """The record with this address, or else the one whose draft has it."""
    if record := model._base_manager.filter(language=language, slug=slug).first():
        return record
    first = {"snapshot__0__fields__language": language, "snapshot__0__fields__slug": slug}
    draft = Revision.objects.about_kind(model).open().filter(**first).first()
    return draft.record if draft else None


def _misplaced(was: Publishable, record: Publishable) -> list[tuple[str, str]]:
    """What a file may not say of a record that is there already."""
    if was.pk != record.pk:
        return [("slug", f"Its draft has another address: {was.slug}. Use that one.")]
    message = "A file does not move this date. Leave it out: {} stays."
    dates = ((name, getattr(was, name), getattr(record, name)) for name in DATES)
    return [(name, message.format(old or "none")) for name, old, new in dates if old != new]


@transaction.atomic
def keep(model: type[Publishable], rows: list[Row], *, by, note: str) -> int:
    """Make a draft of each row that is new or changed; how many. All of them or none."""
    if any(row.problems for row in rows):
        raise ValueError("An import with problems is not kept.")
    changed = [row for row in rows if row.is_changed]
    for row in changed:
        record = model._base_manager.filter(pk=row.after[0]["pk"]).first() or lay(row.after)
        origin, verb = Revision.Origin.IMPORTED, Act.Verb.IMPORTED
        workflow.save_draft(record, row.after, by=by, note=note, origin=origin, verb=verb)
    return len(changed)


def newest_texts(queryset: models.QuerySet) -> list[Publishable]:
    """The records as their newest drafts say. Run it where the rows are laid and rolled back."""
    records = []
    for record in queryset:
        draft = Revision.objects.open_for(record)
        is_live = record.status == Status.PUBLISHED
        records.append(lay(draft.snapshot) if draft and is_live else record)
    return records
