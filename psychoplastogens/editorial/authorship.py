"""Who wrote on a text since readers last got one: nobody of them approves it."""

from __future__ import annotations

from django.contrib.auth import get_user_model

from psychoplastogens.editorial.models import Reviewer
from psychoplastogens.editorial.revision import APPROVING, NotNow, ReviewLink, Revision


def since_publication(revision: Revision) -> list[Revision]:
    """The revision and those it was made from, back to the last that readers got before it."""
    every = Revision.objects.about(revision.record).defer("snapshot", "reasons")
    by_key = {step.pk: step for step in every}
    step = by_key[revision.pk]
    chain, step = [step], by_key.get(step.based_on_id)
    while step and step.state != Revision.State.PUBLISHED:
        chain.append(step)
        step = by_key.get(step.based_on_id)
    return chain


def authors_since_publication(revision: Revision) -> set:
    """The keys of all who wrote on the text since readers last got one, its author among them."""
    return {step.author_id for step in since_publication(revision)}


def wrote_on(revision: Revision, reviewer: Reviewer) -> bool:
    """Whether a clinician is one of the authors, by account, mail address or name."""
    authors = authors_since_publication(revision)
    if reviewer.user_id in authors:
        return True
    mail, name = reviewer.email.casefold(), _letters(reviewer.name)
    return any(
        (mail and account.email.casefold() == mail) or _letters(account.get_full_name()) == name
        for account in get_user_model().objects.filter(pk__in=authors)
    )


def _letters(name: str) -> str:
    """A name as it is compared: without spaces, in one case."""
    return "".join(name.split()).casefold()


def refuse_authors(revision: Revision, by, link: ReviewLink | None) -> None:
    """Raises NotNow where who approves, `by` themselves or through `link`, wrote on the text.

    Who hands out a link that the site did not mail could answer it too. So it counts as theirs:
    it must be somebody who may approve, and who did not write on it.
    """
    if (by is None) == (link is None):
        raise ValueError("An approval is by a user, or through a link.")
    responsible = by or (None if link.was_mailed else link.made_by)
    is_author = responsible and responsible.pk in authors_since_publication(revision)
    if is_author or (link and wrote_on(revision, link.reviewer)):
        raise NotNow("You wrote on this text. Somebody else must approve it.")
    if link and responsible and not responsible.has_perm(APPROVING):
        raise NotNow(f"{responsible} handed out this link, and may not approve.")
