"""Links by which clinicians without an account decide about a text: made, mailed, taken back."""

from __future__ import annotations

import smtplib

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from psychoplastogens.editorial.authorship import authors_since_publication, wrote_on
from psychoplastogens.editorial.models import Reviewer
from psychoplastogens.editorial.revision import APPROVING, Act, NotNow, ReviewLink, Revision

WHO_CHANGES_ADDRESSES = ("editorial.add_reviewer", "editorial.change_reviewer")
ASK_A_COLLEAGUE = (
    "A colleague who may approve, and did not write on it, can make the link and pass it on."
)


def make_link(revision: Revision, *, by, reviewer: Reviewer) -> ReviewLink:
    """A link for `reviewer` to a revision in review.

    Who has the link can approve with it. So only who may approve this text anyway is shown it, and
    vouches for whom they give it; for everybody else it is mailed to the address on file.
    Raises NotNow where it cannot be made, or the mail cannot be sent.
    """
    if wrote_on(revision, reviewer):
        raise NotNow(f"{reviewer} wrote on this text. Somebody else must approve it.")
    is_mailed = not is_shown(revision, by)
    if is_mailed and (trouble := mailing_trouble(revision, by, reviewer)):
        raise NotNow(trouble)
    link = _made(revision, by=by, reviewer=reviewer, was_mailed=is_mailed)
    if is_mailed:
        try:
            _mail(link)
        except (smtplib.SMTPException, OSError) as error:
            revoke_link(link, by=by, note="The mail could not be sent.")
            raise NotNow(f"The mail could not be sent: {error}. {ASK_A_COLLEAGUE}") from error
    return link


@transaction.atomic
def revoke_link(link: ReviewLink, *, by, note: str = "") -> None:
    """From now on the link leads to a page that says so."""
    link = ReviewLink.objects.select_for_update().get(pk=link.pk)
    if link.answered_at or link.revoked_at:
        raise NotNow(link.ended_because)
    link.revoked_at = timezone.now()
    link.save(update_fields=["revoked_at"])
    _write_down(Act.Verb.LINK_REVOKED, link, by, note)


def address_of(link: ReviewLink) -> str:
    """The whole address, with the name of this site."""
    return settings.SITE_ORIGIN + reverse("editorial:outside_review", args=[link.token])


def is_shown(revision: Revision, user) -> bool:
    """Whether `user` may approve this text, and so gets to see a link that they make."""
    return user.has_perm(APPROVING) and user.pk not in authors_since_publication(revision)


def mailing_trouble(revision: Revision, by, reviewer: Reviewer | None = None) -> str:
    """Why no link to `revision` can be mailed for `by`, and the way out; '' where one can."""
    authors = get_user_model().objects.filter(pk__in=authors_since_publication(revision))
    for person in (by, *authors):
        if any(person.has_perm(permission) for permission in WHO_CHANGES_ADDRESSES):
            return (
                f"{person} may change the addresses of clinicians, and wrote on this text or asks "
                f"for the link: that it was mailed would prove nothing. {ASK_A_COLLEAGUE}"
            )
    if settings.EMAIL_BACKEND.endswith(".dummy.EmailBackend"):
        return f"The link would have to be mailed: this site has no mail server. {ASK_A_COLLEAGUE}"
    if reviewer and not reviewer.email:
        return f"There is no address on file for {reviewer}. {ASK_A_COLLEAGUE}"
    return ""


@transaction.atomic
def _made(revision: Revision, *, by, reviewer: Reviewer, was_mailed: bool) -> ReviewLink:
    revision = Revision.objects.select_for_update().get(pk=revision.pk)
    if revision.state != Revision.State.IN_REVIEW:
        raise NotNow(f"This revision is “{revision.get_state_display()}” now: send it for review.")
    link = ReviewLink(revision=revision, reviewer=reviewer, made_by=by, was_mailed=was_mailed)
    link.save()
    _write_down(Act.Verb.LINK_MADE, link, by, f"For {reviewer}{', mailed' * was_mailed}")
    return link


def _mail(link: ReviewLink) -> None:
    context = {
        "link": link,
        "address": address_of(link),
        "site_name": settings.SITE_NAME,
    }
    text = render_to_string("editorial/review_mail.txt", context)
    subject = " ".join(f"{settings.SITE_NAME}: please review “{link.revision.title}”".split())
    send_mail(subject, text, None, [link.reviewer.email])


def _write_down(verb: str, link: ReviewLink, by, note: str) -> None:
    revision = link.revision
    Act.objects.record_that(verb, revision.record, by=by, note=note, revision=revision)
