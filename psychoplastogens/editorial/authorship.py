"""Who wrote on a text since readers last got one: nobody of them approves it."""

from __future__ import annotations

from django.contrib.auth import get_user_model

from psychoplastogens.editorial.models import Reviewer
from psychoplastogens.editorial.revision import Revision


def since_publication(revision: Revision) -> list[Revision]:
    """The revision and those it was made from, back to the last that readers got."""
    every = Revision.objects.about(revision.record).defer("snapshot", "reasons")
    by_key = {step.pk: step for step in every}
    chain, step = [], by_key[revision.pk]
    while step and step.state != Revision.State.PUBLISHED:
        chain.append(step)
        step = by_key.get(step.based_on_id)
    return chain


def authors_since_publication(revision: Revision) -> set:
    """The keys of all who wrote on the text since readers last got one, its author among them."""
    return {step.author_id for step in since_publication(revision)}


def wrote_on(revision: Revision, reviewer: Reviewer) -> bool:
    """Whether a clinician is one of the authors, by their account or by its mail address."""
    authors = authors_since_publication(revision)
    if reviewer.user_id in authors:
        return True
    accounts = get_user_model().objects.filter(pk__in=authors, email__iexact=reviewer.email)
    return bool(reviewer.email) and accounts.exists()
