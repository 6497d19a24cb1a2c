"""Creates, mails and revokes review links for clinicians without an account."""

from __future__ import annotations

import smtplib

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from psychoplastogens.delivery.mail import is_mail_set_up
from psychoplastogens.delivery.metrics import MAIL_FAILURES
from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.models import (
    APPROVE_PERMISSION,
    HistoryEntry,
    Reviewer,
    ReviewLink,
    Revision,
)
from psychoplastogens.editorial.workflow.authorship import get_author_ids, is_reviewer_an_author

EDIT_REVIEWER_PERMISSIONS = ("editorial.add_reviewer", "editorial.change_reviewer")
ASK_A_COLLEAGUE = (
    "A colleague who may approve, and did not write on it, can make the link and pass it on."
)


def create_review_link(revision: Revision, *, by, reviewer: Reviewer) -> ReviewLink:
    """Create a link for `reviewer` to a revision in review.

    Whoever has the link can approve with it. So it is shown only to users who may approve this
    text themselves, and who vouch for the recipient; for other users it is mailed to the address
    on file. Raises WorkflowError if it cannot be created or mailed.
    """
    if is_reviewer_an_author(revision, reviewer):
        raise WorkflowError(f"{reviewer} wrote on this text. Somebody else must approve it.")
    is_mailed = not may_see_link(revision, by)
    if is_mailed and (trouble := find_mailing_error(revision, by, reviewer)):
        raise WorkflowError(trouble)
    link = _create_link(revision, by=by, reviewer=reviewer, was_mailed=is_mailed)
    if is_mailed:
        try:
            _mail_link(link)
        except (smtplib.SMTPException, OSError) as error:
            revoke_review_link(link, by=by, note="The mail could not be sent.")
            raise WorkflowError(
                f"The mail could not be sent: {error}. {ASK_A_COLLEAGUE}"
            ) from error
    return link


@transaction.atomic
def revoke_review_link(link: ReviewLink, *, by, note: str = "") -> None:
    """Revoke the link. Its address then says so."""
    link = ReviewLink.objects.select_for_update().get(pk=link.pk)
    if link.answered_at or link.revoked_at:
        raise WorkflowError(link.closed_reason)
    link.revoked_at = timezone.now()
    link.save(update_fields=["revoked_at"])
    _log(HistoryEntry.Verb.LINK_REVOKED, link, by, note)


def get_review_url(link: ReviewLink) -> str:
    """Return the absolute URL of the link."""
    return settings.SITE_ORIGIN + reverse("editorial:outside_review", args=[link.token])


def may_see_link(revision: Revision, user) -> bool:
    """Return whether `user` may approve this text, and so may see the link."""
    return user.has_perm(APPROVE_PERMISSION) and user.pk not in get_author_ids(revision)


def find_mailing_error(revision: Revision, by, reviewer: Reviewer | None = None) -> str:
    """Return why no link to `revision` can be mailed for `by`, and what to do; '' if one can."""
    authors = get_user_model().objects.filter(pk__in=get_author_ids(revision))
    for person in (by, *authors):
        if any(person.has_perm(permission) for permission in EDIT_REVIEWER_PERMISSIONS):
            return (
                f"{person} may change the addresses of clinicians, and wrote on this text or asks "
                f"for the link: that it was mailed would prove nothing. {ASK_A_COLLEAGUE}"
            )
    if not is_mail_set_up():
        return f"The link would have to be mailed: this site has no mail server. {ASK_A_COLLEAGUE}"
    if reviewer and not reviewer.email:
        return f"There is no address on file for {reviewer}. {ASK_A_COLLEAGUE}"
    return ""


@transaction.atomic
def _create_link(revision: Revision, *, by, reviewer: Reviewer, was_mailed: bool) -> ReviewLink:
    revision = Revision.objects.select_for_update().get(pk=revision.pk)
    if revision.state != Revision.State.IN_REVIEW:
        raise WorkflowError(
            f"This revision is “{revision.get_state_display()}” now: send it for review."
        )
    link = ReviewLink(revision=revision, reviewer=reviewer, made_by=by, was_mailed=was_mailed)
    link.save()
    _log(HistoryEntry.Verb.LINK_MADE, link, by, f"For {reviewer}{', mailed' * was_mailed}")
    return link


def _mail_link(link: ReviewLink) -> None:
    context = {
        "link": link,
        "address": get_review_url(link),
        "site_name": settings.SITE_NAME,
    }
    text = render_to_string("editorial/review_email.txt", context)
    subject = " ".join(f"{settings.SITE_NAME}: please review “{link.revision.title}”".split())
    with MAIL_FAILURES.count_exceptions():
        send_mail(subject, text, None, [link.reviewer.email])


def _log(verb: str, link: ReviewLink, by, note: str) -> None:
    revision = link.revision
    HistoryEntry.objects.log(verb, revision.record, by=by, note=note, revision=revision)
