"""Who wrote on a text since its last publication. None of them may approve it."""

from __future__ import annotations

from django.contrib.auth import get_user_model

from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.models import APPROVE_PERMISSION, Reviewer, ReviewLink, Revision


def get_revisions_since_publication(revision: Revision) -> list[Revision]:
    """Return the revision and its ancestors back to the last published one."""
    every = Revision.objects.about(revision.record).defer("snapshot", "reasons")
    by_key = {step.pk: step for step in every}
    step = by_key[revision.pk]
    chain, step = [step], by_key.get(step.based_on_id)
    while step and step.state != Revision.State.PUBLISHED:
        chain.append(step)
        step = by_key.get(step.based_on_id)
    return chain


def get_author_ids(revision: Revision) -> set:
    """Return the ids of all users who wrote on the text since its last publication."""
    return {step.author_id for step in get_revisions_since_publication(revision)}


def is_reviewer_an_author(revision: Revision, reviewer: Reviewer) -> bool:
    """Return whether a clinician is one of the authors, by account, email address or name."""
    authors = get_author_ids(revision)
    if reviewer.user_id in authors:
        return True
    mail, name = reviewer.email.casefold(), _normalize_name(reviewer.name)
    return any(
        (mail and account.email.casefold() == mail)
        or _normalize_name(account.get_full_name()) == name
        for account in get_user_model().objects.filter(pk__in=authors)
    )


def _normalize_name(name: str) -> str:
    """A name as it is compared: without spaces, in one case."""
    return "".join(name.split()).casefold()


def reject_authors(revision: Revision, by, link: ReviewLink | None) -> None:
    """Raise WorkflowError if the approver, `by` or the clinician of `link`, wrote on the text.

    Whoever hands out a link that the site did not mail could use it themselves. So they count as
    approvers too: they need the permission, and must not have written on the text.
    """
    if (by is None) == (link is None):
        raise ValueError("An approval is by a user, or through a link.")
    responsible = link.made_by if link and not link.was_mailed else by
    is_author = responsible and responsible.pk in get_author_ids(revision)
    if is_author or (link and is_reviewer_an_author(revision, link.reviewer)):
        raise WorkflowError("You wrote on this text. Somebody else must approve it.")
    if link and responsible and not responsible.has_perm(APPROVE_PERMISSION):
        raise WorkflowError(f"{responsible} handed out this link, and may not approve.")
