"""Many clinics from one CSV file: all of them or none."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from psychoplastogens.clinics.models import Clinic
from psychoplastogens.editorial.import_export import detect_delimiter

REQUIRED_COLUMNS = ("name", "phone")
OPTIONAL_COLUMNS = ("slug", "hours", "out_of_hours", "emergency", "greeting")
COLUMNS = (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS)


class InvalidClinicFile(Exception):
    """Nothing was imported. `problems` are lines that name line and column."""

    def __init__(self, problems: list[str]):
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class ClinicRow:
    """A clinic as it stands in the file, from this line on."""

    line: int
    fields: dict[str, str]


@transaction.atomic
def import_clinics(path: Path, *, dry_run: bool = False) -> list[Clinic]:
    """Make a clinic of each row. With `dry_run` all is tried, and nothing kept.

    Raises InvalidClinicFile with every problem of the file, and OSError where it cannot be read.
    """
    made, problems = [], []
    for row in read_rows(path):
        clinic = Clinic(**row.fields)
        clinic.slug = clinic.slug or slugify(clinic.name)
        try:
            clinic.full_clean()
        except ValidationError as error:
            problems += describe_problems(row.line, error)
        else:
            clinic.save()  # So that a second clinic of the same name is found.
            made.append(clinic)
    if problems:
        raise InvalidClinicFile(problems)
    if dry_run:
        transaction.set_rollback(True)
    return made


def describe_problems(line: int, error: ValidationError) -> list[str]:
    return [
        f"line {line}, {'the whole row' if column == '__all__' else column}: {' '.join(messages)}"
        for column, messages in error.message_dict.items()
    ]


def read_rows(path: Path) -> Iterator[ClinicRow]:
    """The rows of a file with a line of column names. Raises InvalidClinicFile."""
    text = decode(path.read_bytes())
    reader = csv.reader(StringIO(text, newline=""), delimiter=detect_delimiter(text))
    try:
        names = [name.strip().lower().replace(" ", "_") for name in next(reader, [])]
        check_columns(names)
        begun = reader.line_num
        for cells in reader:
            line, begun = begun + 1, reader.line_num
            if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
                said = f"it has {len(cells)} cells, and there are {len(names)} columns"
                raise InvalidClinicFile([f"line {line}: {said}. Put texts with commas in quotes."])
            if any(cell.strip() for cell in cells):
                yield ClinicRow(line, dict(zip(names, map(str.strip, cells), strict=False)))
    except csv.Error as error:
        raise InvalidClinicFile([f"line {reader.line_num}: {error}."]) from error


def decode(written: bytes) -> str:
    """The text of a file in UTF-8, with or without the mark that spreadsheets put before it."""
    try:
        return written.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = written.count(b"\n", 0, error.start) + 1
        raise InvalidClinicFile(
            [f"line {line}: it is not UTF-8. Save the file as “CSV UTF-8” and try again."]
        ) from error


def check_columns(names: list[str]) -> None:
    """Raise InvalidClinicFile where a column is missing, unknown or there twice."""
    problems = [f"line 1, {name}: there is no such column." for name in names if name and
                name not in COLUMNS]  # fmt: skip
    problems += [f"line 1, {name}: this column is missing." for name in REQUIRED_COLUMNS if
                 name not in names]  # fmt: skip
    problems += [f"line 1, {name}: it is there twice." for name in COLUMNS if names.count(name) > 1]
    if "" in names:
        problems.append(f"line 1, column {names.index('') + 1}: it has no name.")
    if problems:
        raise InvalidClinicFile([*problems, f"Columns are: {', '.join(COLUMNS)}."])
