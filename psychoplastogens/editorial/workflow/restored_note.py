"""A restored text says to readers that it is back; one that was changed since says what changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.utils.translation import gettext

from psychoplastogens.editorial.drafts.snapshots import Snapshot, take_snapshot
from psychoplastogens.editorial.models import Publishable, Revision, get_title_field
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.editorial.workflow.checks import Problem, error, register_check

NOT_TEXT = {"update_note", "evidence_checked_on"}


def get_restored_note() -> str:
    """What the public list of changes says of a restored text."""
    return gettext("An earlier text of this page is back.")


@register_check(Publishable)
def check_restored_note(record: Publishable) -> Iterator[Problem]:
    """A text that was changed after it was restored is not told as the earlier one."""
    if record.update_note != get_restored_note():
        return
    revisions = Revision.objects.about(record)
    restored = revisions.filter(origin=Revision.Origin.RESTORED).newest()
    if restored is None or revisions.published().filter(number__gte=restored.number).exists():
        return  # Readers have been told, and are not told again of a change of wording.
    if _get_text(restored.snapshot) != _get_text(take_snapshot(record)):
        message = (
            "Readers would be told that an earlier text is back, and this is another one. Say in "
            "one sentence what changed."
        )
        yield error(CheckRule.DATES, "update_note", message, record.update_note)


def is_read_now(record: Publishable, snapshot: Snapshot) -> bool:
    """Whether readers have this text of `record` now, under whatever name and address."""
    names = {get_title_field(type(record)), "slug"}
    now = _get_text(take_snapshot(record), names)
    return record.is_published and now == _get_text(snapshot, names)


def _get_text(snapshot: Snapshot, names: Collection[str] = ()) -> list:
    """All that readers are told in a snapshot, without the name and address if they are given."""
    first, *parts = snapshot
    of_parts = [part | {"fields": _leave_out(part, {"slug"} & {*names})} for part in parts]
    return [_leave_out(first, {*NOT_TEXT, *names}), of_parts]


def _leave_out(row: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in row["fields"].items() if name not in names}
