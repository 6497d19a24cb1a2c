"""Loading the starter content of fixtures/: all of it or none, and never over staff's work."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import transaction

from psychoplastogens.editorial import safe_yaml
from psychoplastogens.editorial.models import ContentVersion, LoadedRecord, Publishable
from psychoplastogens.editorial.records import BrokenRecord, as_plain, digest, save_plain
from psychoplastogens.editorial.revision import Revision
from psychoplastogens.editorial.uses import in_a_row, lost_by


class BrokenFixture(ValueError):
    """A fixture that cannot be loaded. Says the file, the record and the field."""


class RestsOnLost(ValueError):
    """A text of a fixture rests on what readers no longer have: the message names it."""


@dataclass
class Report:
    """What a load did: how many records were new, changed or as before; which staff own now."""

    new: int = 0
    changed: int = 0
    same: int = 0
    left_alone: list[str] = field(default_factory=list)
    without_ground: list[str] = field(default_factory=list)
    """Not loaded: they rest on what staff withdrew."""


@dataclass(frozen=True)
class Item:
    """One record of a fixture, and where it stands."""

    model: type[Publishable]
    file: Path
    data: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.model.fixture}/{self.data.get('slug', '?')}"


def kinds() -> list[type[Publishable]]:
    """The models that have fixtures, in the order in which they can be loaded."""
    return [m for m in apps.get_models() if issubclass(m, Publishable) and m.fixture]


def files_of(folder: Path, model: type[Publishable]) -> list[Path]:
    """`<fixture>.yaml` and every YAML file in the folder `<fixture>/`."""
    single = folder / f"{model.fixture}.yaml"
    return [
        *([single] if single.exists() else []),
        *sorted((folder / model.fixture).glob("*.yaml")),
    ]


def digest_of(folder: Path) -> str:
    """Changes whenever a fixture file changes, comes or goes."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        whole.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


def read(folder: Path) -> Iterator[Item]:
    """Every record of every fixture. An address may be used once in a kind and language."""
    used: dict[tuple[str, str], Item] = {}
    for model in kinds():
        for path in files_of(folder, model):
            for item in _read_file(folder, path, model):
                first = used.setdefault((model.fixture, _key(item)), item)
                if first is not item:
                    raise BrokenFixture(
                        f"{item.file}, record {item.data['slug']}:\n"
                        f"  slug: {first.file} has a record with the same address"
                    )
                yield item


def _read_file(folder: Path, path: Path, model: type[Publishable]) -> Iterator[Item]:
    name = path.relative_to(folder)
    try:
        records = safe_yaml.records_in(path.read_text("utf-8-sig"))
    except (safe_yaml.NotYaml, UnicodeDecodeError) as error:
        raise BrokenFixture(f"{name}: {error}") from error
    yield from (Item(model, name, data) for data in records)


_others: list[Callable[[Path], None]] = []


def also_load(loader: Callable[[Path], None]) -> None:
    """For rooms with starter content that no clinician approves: `loader(folder)` comes last."""
    _others.append(loader)


@transaction.atomic
def load(folder: Path, tick: Callable[[int, int], None] = lambda done, total: None) -> Report:
    """Load every fixture in `folder`. `tick(done, total)` is called after each record.

    Raises BrokenFixture, and then nothing of this load is kept. A record that staff have edited
    or deleted since it was loaded is left as it is and listed in the report.
    """
    items = list(read(folder))
    report, publisher = Report(), _publisher()
    loaded = {(row.kind, row.key): row for row in LoadedRecord.objects.all()}
    for done, item in enumerate(items, start=1):
        _load_one(
            item,
            loaded.get((item.model.fixture, _key(item))),
            publisher,
            report,
            is_reload=bool(loaded),
        )
        tick(done, len(items))
    for loader in _others:
        loader(folder)
    ContentVersion.objects.move_on()
    ContentVersion.objects.update(fixtures_digest=digest_of(folder))
    return report


def _load_one(
    item: Item, row: LoadedRecord | None, publisher, report: Report, *, is_reload: bool
) -> None:
    fresh = digest(item.data)
    if row and row.fixture_digest == fresh:
        report.same += 1
        return
    language, slug = _key(item).split("/", 1)
    existing = item.model.objects.filter(language=language, slug=slug).first()
    if (row or existing) and not _untouched(existing, row):
        report.left_alone.append(item.name)
        return
    try:
        with transaction.atomic():
            record = save_plain(item.model, item.data)
            if not existing:
                record.publish(by=publisher)
            if is_reload and (lost := lost_by(record)):
                raise RestsOnLost(in_a_row(lost))
    except BrokenRecord as error:
        problems = "\n".join(f"  {name}: {wrong}" for name, wrong in error.problems)
        raise BrokenFixture(f"{item.file}, record {item.data['slug']}:\n{problems}") from error
    except RestsOnLost as error:
        report.without_ground.append(f"{item.name}: {error}")
        return
    report.new += not existing
    report.changed += bool(existing)
    LoadedRecord.objects.update_or_create(
        kind=item.model.fixture,
        key=_key(item),
        defaults={"fixture_digest": fresh, "record_digest": digest(as_plain(record))},
    )


def _untouched(existing: Publishable | None, row: LoadedRecord | None) -> bool:
    """Whether neither staff nor a clinician have put a hand to the record since it was loaded."""
    if not existing or not row or existing.reviewed_by_id:
        return False
    if Revision.objects.about(existing).exists():
        return False
    return digest(as_plain(existing)) == row.record_digest


def _key(item: Item) -> str:
    return f"{item.data.get('language', 'en')}/{item.data['slug']}"


def _publisher():
    """The account in whose name starter content is published. Nobody can sign in with it."""
    user, made = get_user_model().objects.get_or_create(
        username="starter-content", defaults={"is_active": False}
    )
    if made:
        user.set_unusable_password()
        user.save()
    return user
