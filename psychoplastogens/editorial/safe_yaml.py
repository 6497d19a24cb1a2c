"""A YAML parser for untrusted files: limited in size, and every value stays text.

YAML 1.1 reads 06130 as 3160, 296.30 as 296.3, 12:30 as 750 and no as false. Here the model field
converts the text. Only a plain `null` or `~` becomes None.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

MAX_DEPTH = 20
"""Lists and fields within each other. The starter content has 4."""
MAX_VALUES = 50_000
"""Values of one file. The largest of the starter content has 10,000."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = ("null", "Null", "NULL", "~")
_DIRECTIVE = re.compile("^%", re.MULTILINE)


class InvalidYaml(ValueError):
    """A text that cannot be parsed. The message says why, and in which line."""


class YamlMapping(dict):
    """A dict with the `line` (from 1) at which it begins."""

    line = 0


def parse_yaml(text: str) -> Any:
    """Parse `text` into lists, YamlMappings, strings and None. Raises InvalidYaml.

    Limits are checked event by event, before the parser builds anything large.
    """
    if found := _DIRECTIVE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise InvalidYaml(f"Line {line} begins with %. Put a space before it, or put it in quotes.")
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.feed(event)
    except yaml.YAMLError as error:
        raise InvalidYaml(f"This is not sound YAML: {_format_error(error)}") from error
    return builder.result


def parse_records(text: str) -> list[YamlMapping]:
    """Return the records of a file. Raises InvalidYaml unless each is a mapping with a slug."""
    records = parse_yaml(text)
    if not isinstance(records, list):
        raise InvalidYaml("The file must hold a list of records (lines beginning “- slug:”).")
    for number, record in enumerate(records, start=1):
        if not isinstance(record, YamlMapping):
            raise InvalidYaml(f"Record {number} has no slug.")
        if not (record.get("slug") and isinstance(record["slug"], str)):
            raise InvalidYaml(f"Record {number}, line {record.line}: the field slug is missing.")
        if not isinstance(record.get("language", ""), str):
            raise InvalidYaml(f"Record {number}, line {record.line}: the language is no text.")
    return records


def _format_error(error: yaml.YAMLError) -> str:
    return " ".join(str(error).split())


class _Builder:
    """Builds lists and YamlMappings from parser events. `result` is the parsed text."""

    def __init__(self):
        self.result: Any = None
        self.open: list[tuple[list | YamlMapping, str | None]] = []
        self.documents = self.values = 0

    def feed(self, event: yaml.Event) -> None:
        assert event.start_mark is not None  # A parser marks each event.
        line = event.start_mark.line + 1
        self._refuse(event, line)
        if isinstance(event, yaml.ScalarEvent):
            self._add(_get_scalar(event), line)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open([], line)
        elif isinstance(event, yaml.MappingStartEvent):
            self._open(YamlMapping(), line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.open.pop()

    def _refuse(self, event: yaml.Event, line: int) -> None:
        self.documents += isinstance(event, yaml.DocumentStartEvent)
        self.values += isinstance(event, yaml.NodeEvent)
        if self.documents > 1:
            raise InvalidYaml(f"Line {line}: “---” begins a second list. Make two files.")
        if self.values > MAX_VALUES:
            raise InvalidYaml(f"The file has more than {MAX_VALUES} values. Split it.")
        if getattr(event, "anchor", None):
            raise InvalidYaml(f"Line {line}: the file repeats parts of itself by &name and *name.")
        if tag := getattr(event, "tag", None):
            raise InvalidYaml(f"Line {line}: {tag[:80]} is no text here. Put it in quotes.")

    def _open(self, new: list | YamlMapping, line: int) -> None:
        if len(self.open) == MAX_DEPTH:
            raise InvalidYaml(f"Line {line}: lists are more than {MAX_DEPTH} deep in each other.")
        if isinstance(new, YamlMapping):
            new.line = line
        self._add(new, line)
        self.open.append((new, None))

    def _add(self, value: Any, line: int) -> None:
        """Add a value to the open list or mapping. In a mapping, names and values alternate."""
        if not self.open:
            self.result = value
            return
        inside, name = self.open[-1]
        if isinstance(inside, list):
            inside.append(value)
        elif name is None:
            if not isinstance(value, str):
                raise InvalidYaml(f"Line {line}: the name of a field is a word.")
            if value in inside:
                raise InvalidYaml(f"Line {line}: the field {value[:80]} stands here twice.")
            self.open[-1] = inside, value
        else:
            inside[name] = value
            self.open[-1] = inside, None


def _get_scalar(event: yaml.ScalarEvent) -> str | None:
    is_plain = event.implicit[0]
    return None if is_plain and event.value in _NULLS else event.value
