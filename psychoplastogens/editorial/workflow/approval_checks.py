"""What stops an approval or a publication: errors, and warnings without a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.db.models import Model

from psychoplastogens.editorial.drafts.draft_transaction import draft_applied
from psychoplastogens.editorial.drafts.snapshots import (
    SnapshotConflict,
    iter_rows,
)
from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.models import HistoryEntry, Publishable, Revision
from psychoplastogens.editorial.workflow.check_rules import format_rule
from psychoplastogens.editorial.workflow.checks import Problem, Severity, find_problems


def validate_rows(record: Publishable) -> None:
    """Raise WorkflowError if a row is invalid, for instance because a related record is gone."""
    errors = iter_row_errors(iter_rows(record))
    if problems := [f"{row}, {name}: {message}" for row, name, message in errors]:
        raise WorkflowError(problems)


def iter_row_errors(rows: Iterable[Model]) -> Iterator[tuple[Model, str, str]]:
    """Yield what is invalid in each row: (row, name of its field or NON_FIELD_ERRORS, message)."""
    for row in rows:
        try:
            row.full_clean()
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                yield from ((row, name, message) for message in messages)


def get_warnings_or_raise(revision: Revision) -> list[Problem]:
    """Return the warnings for a revision. Raise WorkflowError if the checks find errors.

    What is in review or approved with it as a bundle counts as published.
    """
    along = [other.snapshot for other in Revision.objects.in_bundle_with(revision)]
    try:
        with draft_applied(revision.snapshot, along) as record:
            problems = find_problems(record)
    except SnapshotConflict as error:
        raise WorkflowError(str(error)) from error
    errors = [problem for problem in problems if problem.severity == Severity.ERROR]
    if errors:
        raise WorkflowError([f"{problem.place}: {problem.message}" for problem in errors])
    return problems


def require_reasons(warnings: list[Problem], reasons: dict[str, str]) -> None:
    """Raise WorkflowError if a rule with warnings has no reason."""
    lacking = {w.rule for w in warnings if not reasons.get(w.rule, "").strip()}
    if lacking:
        told = "; ".join(format_rule(rule) for rule in sorted(lacking))
        raise WorkflowError(f"Say why these may stand: {told}.")


def require_answer_to_request(revision: Revision, note: str, *, by=None, link=None) -> None:
    """Raise WorkflowError if somebody else asked for changes to this text and `note` is blank."""
    asked = HistoryEntry.objects.get_request_for_changes(revision)
    if asked is None or note.strip():
        return
    is_own = asked.outsider == str(link.reviewer) if link else asked.by == by
    if not is_own:
        raise WorkflowError(
            f"{asked.who} asked for changes, and nothing in this text has changed since. Say in "
            "the comment why it may stand."
        )


def reject_new_warnings(warnings: list[Problem], revision: Revision) -> None:
    """Raise WorkflowError if there are warnings that the approver of `revision` did not see."""
    if revision.warnings_seen is None:  # Old approvals store no warnings.
        return require_reasons(warnings, revision.reasons)
    new = [w for w in warnings if get_warning_key(w) not in revision.warnings_seen]
    if new:
        raise WorkflowError([f"{warning.place}: {warning.message}" for warning in new])


def get_warning_key(warning: Problem) -> str:
    """Return a key that stays the same when only the numbers in the message change."""
    return f"{warning.rule} | {warning.field} | {warning.excerpt}"
