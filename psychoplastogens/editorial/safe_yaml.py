"""YAML from people: bounded before it is built, and each value as it was typed.

YAML 1.1 takes 06130 for 3160, 296.30 for 296.3, 12:30 for 750 and no for false. Here a value stays
text, and the field that it is for reads it. Only a plain `null` or `~` is no text.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

DEEPEST = 20
"""Lists and fields within each other. The starter content has 4."""
MOST_VALUES = 50_000
"""Values of one file. The largest of the starter content has 10,000."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = ("null", "Null", "NULL", "~")
_DIRECTIVE = re.compile("^%", re.MULTILINE)


class NotYaml(ValueError):
    """A text that cannot be read: says what is wrong with it, and in which line."""


class Fields(dict):
    """Values by name, and the `line` (from 1) at which they begin."""

    line = 0


def load(text: str) -> Any:
    """What `text` says: lists, Fields, texts and None. Raises NotYaml.

    The parser's events come one by one, so that a text is refused before anything grows with it.
    """
    if found := _DIRECTIVE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise NotYaml(f"Line {line} begins with %. Put a space before it, or put it in quotes.")
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.YAMLError as error:
        raise NotYaml(f"This is not sound YAML: {_told(error)}") from error
    return builder.whole


def records_in(text: str) -> list[Fields]:
    """The records of a file. Raises NotYaml where it holds no list of fields, each with a slug."""
    records = load(text)
    if not isinstance(records, list):
        raise NotYaml("The file must hold a list of records (lines beginning “- slug:”).")
    for number, record in enumerate(records, start=1):
        if not isinstance(record, Fields):
            raise NotYaml(f"Record {number} has no slug.")
        if not (record.get("slug") and isinstance(record["slug"], str)):
            raise NotYaml(f"Record {number}, line {record.line}: the field slug is missing.")
        if not isinstance(record.get("language", ""), str):
            raise NotYaml(f"Record {number}, line {record.line}: the language is no text.")
    return records


def _told(error: yaml.YAMLError) -> str:
    return " ".join(str(error).split())


class _Builder:
    """Lists and Fields from the events of the parser. `whole` is what the text says."""

    def __init__(self):
        self.whole: Any = None
        self.open: list[tuple[list | Fields, str | None]] = []
        self.documents = self.values = 0

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1
        self._refuse(event, line)
        if isinstance(event, yaml.ScalarEvent):
            self._add(_value(event), line)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open([], line)
        elif isinstance(event, yaml.MappingStartEvent):
            self._open(Fields(), line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.open.pop()

    def _refuse(self, event: yaml.Event, line: int) -> None:
        self.documents += isinstance(event, yaml.DocumentStartEvent)
        self.values += isinstance(event, yaml.NodeEvent)
        if self.documents > 1:
            raise NotYaml(f"Line {line}: “---” begins a second list. Make two files.")
        if self.values > MOST_VALUES:
            raise NotYaml(f"The file has more than {MOST_VALUES} values. Split it.")
        if getattr(event, "anchor", None):
            raise NotYaml(f"Line {line}: the file repeats parts of itself by &name and *name.")
        if getattr(event, "tag", None):
            raise NotYaml(f"Line {line}: {event.tag[:80]} is no text here. Put it in quotes.")

    def _open(self, new: list | Fields, line: int) -> None:
        if len(self.open) == DEEPEST:
            raise NotYaml(f"Line {line}: lists are more than {DEEPEST} deep in each other.")
        if isinstance(new, Fields):
            new.line = line
        self._add(new, line)
        self.open.append((new, None))

    def _add(self, value: Any, line: int) -> None:
        """Put a value where it belongs: in fields, a name comes before each."""
        if not self.open:
            self.whole = value
            return
        inside, name = self.open[-1]
        if isinstance(inside, list):
            inside.append(value)
        elif name is None:
            if not isinstance(value, str):
                raise NotYaml(f"Line {line}: the name of a field is a word.")
            if value in inside:
                raise NotYaml(f"Line {line}: the field {value[:80]} stands here twice.")
            self.open[-1] = inside, value
        else:
            inside[name] = value
            self.open[-1] = inside, None


def _value(event: yaml.ScalarEvent) -> str | None:
    is_plain = event.implicit[0]
    return None if is_plain and event.value in _NULLS else event.value
