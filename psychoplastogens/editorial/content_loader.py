"""Loads the starter content of fixtures/, all or none, and never over edits of staff."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from psychoplastogens.editorial import safe_yaml
from psychoplastogens.editorial.drafts.serialization import (
    InvalidRecord,
    compute_digest,
    save_from_dict,
    to_dict,
)
from psychoplastogens.editorial.models import (
    ContentVersion,
    LoadedRecord,
    PagePointer,
    Publishable,
    Revision,
)
from psychoplastogens.editorial.workflow.references import format_names, get_unavailable_references


class InvalidFixture(ValueError):
    """A fixture that cannot be loaded. Names the file, the record and the field."""


class UnavailableReferenceError(ValueError):
    """A fixture refers to withdrawn or retracted records, named in the message."""


@dataclass
class LoadReport:
    """How many records were new, changed or unchanged, and which were skipped."""

    new: int = 0
    changed: int = 0
    same: int = 0
    skipped_edited: list[str] = field(default_factory=list)
    skipped_unavailable: list[str] = field(default_factory=list)
    """Not loaded: they rest on what staff withdrew."""


@dataclass(frozen=True)
class FixtureRecord:
    """One record of a fixture file."""

    model: type[Publishable]
    file: Path
    data: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.model.fixture}/{self.data.get('slug', '?')}"


def get_fixture_models() -> list[type[Publishable]]:
    """Return the models that have fixtures, in an order in which they can be loaded.

    What points at pages of any kind comes after all of these.
    """
    found = [m for m in apps.get_models() if issubclass(m, Publishable) and m.fixture]
    return sorted(found, key=lambda model: issubclass(model, PagePointer))


def list_fixture_files(folder: Path, model: type[Publishable]) -> list[Path]:
    """`<fixture>.yaml` and every YAML file in the folder `<fixture>/`.

    Records in another language are in a folder with its code: `es/<fixture>.yaml`.
    """
    files = []
    for place in (folder, *(folder / code for code, _name in settings.TRANSLATION_LANGUAGES)):
        single = place / f"{model.fixture}.yaml"
        files += [single] if single.exists() else []
        files += sorted((place / model.fixture).glob("*.yaml"))
    return files


def compute_fixtures_digest(folder: Path) -> str:
    """Return a digest that changes with any fixture file."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        whole.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


def read_fixtures(folder: Path) -> Iterator[FixtureRecord]:
    """Yield every record of every fixture. Slugs are unique within a model and language."""
    used: dict[tuple[str, str], FixtureRecord] = {}
    for model in get_fixture_models():
        for path in list_fixture_files(folder, model):
            for item in _read_fixture_file(folder, path, model):
                first = used.setdefault((model.fixture, _get_record_key(item)), item)
                if first is not item:
                    raise InvalidFixture(
                        f"{item.file}, record {item.data['slug']}:\n"
                        f"  slug: {first.file} has a record with the same address"
                    )
                yield item


def _read_fixture_file(
    folder: Path, path: Path, model: type[Publishable]
) -> Iterator[FixtureRecord]:
    name = path.relative_to(folder)
    language = name.parts[0] if name.parts[0] in dict(settings.TRANSLATION_LANGUAGES) else ""
    for data in _parse_fixture_file(path, name, safe_yaml.parse_records):
        if language and data.setdefault("language", language) != language:
            raise InvalidFixture(
                f"{name}, record {data['slug']}:\n  language: this folder is for “{language}”"
            )
        yield FixtureRecord(model, name, data)


def read_extra_fixture(path: Path, kind: type) -> Any:
    """The YAML in a file, which must be a `kind`; an empty one where there is no file.

    For loaders of register_loader(). Raises InvalidFixture.
    """
    if not path.exists():
        return kind()
    data = _parse_fixture_file(path, path.name, safe_yaml.parse_yaml)
    if not isinstance(data, kind):
        raise InvalidFixture(f"{path.name} must hold a {kind.__name__}.")
    return data


def _parse_fixture_file(path: Path, name: Path | str, parse: Callable[[str], Any]) -> Any:
    try:
        return parse(path.read_text("utf-8-sig"))
    except (safe_yaml.InvalidYaml, UnicodeDecodeError) as error:
        raise InvalidFixture(f"{name}: {error}") from error


_extra_loaders: list[Callable[[Path], None]] = []


def register_loader(loader: Callable[[Path], None]) -> Callable[[Path], None]:
    """Decorator: `loader(folder)` is called last, for content that needs no approval."""
    _extra_loaders.append(loader)
    return loader


@transaction.atomic
def load_content(
    folder: Path, on_progress: Callable[[int, int], None] = lambda done, total: None
) -> LoadReport:
    """Load every fixture in `folder`. Calls `on_progress(done, total)` after each record.

    If it raises InvalidFixture, nothing is saved. Records that staff edited or deleted since the
    last load are skipped and listed in the report.
    """
    items = list(read_fixtures(folder))
    report, publisher = LoadReport(), _get_publisher()
    loaded = {(row.kind, row.key): row for row in LoadedRecord.objects.all()}
    for done, item in enumerate(items, start=1):
        _load_record(
            item,
            loaded.get((item.model.fixture, _get_record_key(item))),
            publisher,
            report,
            is_reload=bool(loaded),
        )
        on_progress(done, len(items))
    for loader in _extra_loaders:
        loader(folder)
    ContentVersion.objects.bump()
    ContentVersion.objects.update(fixtures_digest=compute_fixtures_digest(folder))
    return report


def _load_record(
    item: FixtureRecord, row: LoadedRecord | None, publisher, report: LoadReport, *, is_reload: bool
) -> None:
    fresh = compute_digest(item.data)
    if row and row.fixture_digest == fresh:
        report.same += 1
        return
    language, slug = _get_record_key(item).split("/", 1)
    existing = item.model.objects.filter(language=language, slug=slug).first()
    if (row or existing) and not _is_untouched(existing, row):
        report.skipped_edited.append(item.name)
        return
    try:
        with transaction.atomic():
            record = _save_record(item)
            if not existing:
                record.publish(by=publisher)
            if is_reload and (lost := get_unavailable_references(record)):
                raise UnavailableReferenceError(format_names(lost))
    except InvalidRecord as error:
        problems = "\n".join(f"  {name}: {wrong}" for name, wrong in error.problems)
        raise InvalidFixture(f"{item.file}, record {item.data['slug']}:\n{problems}") from error
    except UnavailableReferenceError as error:
        report.skipped_unavailable.append(f"{item.name}: {error}")
        return
    report.new += not existing
    report.changed += bool(existing)
    LoadedRecord.objects.update_or_create(
        kind=item.model.fixture,
        key=_get_record_key(item),
        defaults={"fixture_digest": fresh, "record_digest": compute_digest(to_dict(record))},
    )


def _save_record(item: FixtureRecord) -> Publishable:
    """Save what a fixture says. Only what the database refuses is validated to tell the field.

    Raises InvalidRecord.
    """
    try:
        with transaction.atomic():
            return save_from_dict(item.model, item.data, check_constraints=False)
    except (IntegrityError, InvalidRecord):
        return save_from_dict(item.model, item.data)


def _is_untouched(existing: Publishable | None, row: LoadedRecord | None) -> bool:
    """Return whether nobody edited or reviewed the record since it was loaded.

    A migration that changes the fields of a kind empties its digests: then revisions alone tell.
    """
    if not existing or not row or existing.reviewed_by_id:
        return False
    if Revision.objects.about(existing).exists():
        return False
    return row.record_digest in ("", compute_digest(to_dict(existing)))


def _get_record_key(item: FixtureRecord) -> str:
    return f"{item.model.read_language(item.data)}/{item.data['slug']}"


def _get_publisher():
    """Return the inactive account that publishes the starter content."""
    user, made = get_user_model().objects.get_or_create(
        username="starter-content", defaults={"is_active": False}
    )
    if made:
        user.set_unusable_password()
        user.save()
    return user
