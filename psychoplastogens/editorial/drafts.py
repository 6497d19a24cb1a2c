"""Drafts of records that readers read: laid over the rows in a transaction that is rolled back."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from psychoplastogens.editorial.checks import Problem, Severity, problems_of
from psychoplastogens.editorial.models import ContentVersion, Publishable, Status
from psychoplastogens.editorial.revision import NotNow, Revision
from psychoplastogens.editorial.snapshots import CannotLay, Snapshot, lay, rows_of

# Far above any number that counting reaches.
NUMBERS_OF_DRAFTS = 2**62


@contextmanager
def laid(snapshot: Snapshot | None, *, for_readers: bool = False) -> Iterator[Publishable | None]:
    """The rows as `snapshot` says, until the block ends; whatever it does is undone.

    With `for_readers` the record counts as published meanwhile, so that its public page can be
    rendered. Without a snapshot the rows stay as they are. Raises CannotLay.
    """
    with transaction.atomic():
        # A copy of the content made meanwhile is kept under a number that no reader's request has.
        number = NUMBERS_OF_DRAFTS + secrets.randbelow(2**61)
        ContentVersion.objects.update(number=number) or ContentVersion.objects.create(number=number)
        try:
            record = lay(snapshot) if snapshot else None
        except IntegrityError as error:
            raise CannotLay("Another record has its address now. Rename one of them.") from error
        if record and for_readers:
            _count_as_published(record)
        yield record
        transaction.set_rollback(True)


def _count_as_published(record: Publishable) -> None:
    newest = Revision.objects.about(record).newest()
    # Somebody must have published it; a record from a file has no author, and readers see none.
    by = record.published_by or (newest.author if newest else get_user_model().objects.first())
    now = record.published_at or timezone.now()
    fields = {"status": Status.PUBLISHED, "published_at": now, "published_by": by}
    type(record)._base_manager.filter(pk=record.pk).update(**fields)
    record.refresh_from_db()


def refuse_unsound(record: Publishable) -> None:
    """Raises NotNow where something that the text names is gone since its form was saved."""
    problems = []
    for row in rows_of(record):
        try:
            row.full_clean()
        except ValidationError as error:
            said = error.message_dict.items()
            problems += [f"{row}, {name}: {wrong}" for name, found in said for wrong in found]
    if problems:
        raise NotNow(problems)


def warnings_in(revision: Revision) -> list[Problem]:
    """What the checks warn of in a text. Raises NotNow with what they find wrong."""
    try:
        with laid(revision.snapshot) as record:
            problems = problems_of(record)
    except CannotLay as error:
        raise NotNow(str(error)) from error
    errors = [problem for problem in problems if problem.severity == Severity.ERROR]
    if errors:
        raise NotNow([f"{problem.field}: {problem.message}" for problem in errors])
    return problems


def refuse_unexplained(warnings: list[Problem], reasons: dict[str, str]) -> None:
    """Raises NotNow with the rules whose warnings lack one of `reasons`."""
    lacking = {w.rule for w in warnings if not reasons.get(w.rule, "").strip()}
    if lacking:
        raise NotNow(f"Say why these may stand: {'; '.join(sorted(lacking))}.")


def refuse_new_warnings(warnings: list[Problem], revision: Revision) -> None:
    """Raises NotNow with the warnings that nobody saw who approved `revision`."""
    if revision.warnings_seen is None:  # Approved before they were kept.
        return refuse_unexplained(warnings, revision.reasons)
    new = [w for w in warnings if key_of(w) not in revision.warnings_seen]
    if new:
        raise NotNow([f"{warning.field}: {warning.message}" for warning in new])


def key_of(warning: Problem) -> str:
    """The same for the same warning on another day, when its message may hold other numbers."""
    return f"{warning.rule} | {warning.field} | {warning.excerpt}"
