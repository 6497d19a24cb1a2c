"""A restored text says to readers that it is back; one that was changed since says what changed."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext

from psychoplastogens.editorial.drafts.snapshots import Snapshot, take_snapshot
from psychoplastogens.editorial.models import Publishable, Revision
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


def _get_text(snapshot: Snapshot) -> list:
    (first, *parts) = snapshot
    return [{k: v for k, v in first["fields"].items() if k not in NOT_TEXT}, parts]
