"""What changes in the other texts of a bundle, for who approves all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from psychoplastogens.editorial.drafts.diff import (
    RowDifference,
    count_changed_marks,
    diff_snapshots,
)
from psychoplastogens.editorial.drafts.snapshots import get_referenced_names, take_snapshots
from psychoplastogens.editorial.models import Publishable, Revision


@dataclass(frozen=True)
class BundledChange:
    """A revision of a bundle, its record, and how it differs from what readers read."""

    revision: Revision
    record: Publishable
    differences: list[RowDifference]

    @cached_property
    def changed(self) -> dict[str, int]:
        """How many numbers, citations, findings and terms were taken out or added."""
        return count_changed_marks(self.differences)


def find_bundled_changes(revisions: Sequence[Revision]) -> list[BundledChange]:
    """The changes of `revisions`, whose records are fetched. Query count is constant a model."""
    records = {revision.pk: revision.record for revision in revisions if revision.record}
    read = take_snapshots(record for record in records.values() if record.published_at)
    names = get_referenced_names(*read.values(), *(revision.snapshot for revision in revisions))
    return [
        BundledChange(
            revision,
            records[revision.pk],
            diff_snapshots(read.get(revision.object_id, []), revision.snapshot, names),
        )
        for revision in revisions
        if revision.pk in records
    ]
