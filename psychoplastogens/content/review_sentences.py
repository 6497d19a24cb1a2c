"""Who checked a page and when, in sentences, for what carries a page elsewhere.

A page itself has a table of it (templates/content/_review.html).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from psychoplastogens.content.rendering.dates import format_date, format_month
from psychoplastogens.editorial.models import Publishable


def describe_reviewer(record: Publishable) -> str:
    if record.signature and record.reviewed_at:
        reviewed = {"who": record.signature, "date": format_date(record.reviewed_at)}
        return _("Reviewed by %(who)s, on %(date)s.") % reviewed
    return _("No clinician has reviewed this page yet.")


def describe_source_check(record: Publishable) -> str:
    """When its sources were checked, or ''."""
    checked = record.evidence_checked_on
    return _("Sources checked %(date)s.") % {"date": format_date(checked)} if checked else ""


def describe_authorship(records: Iterable[Publishable]) -> str:
    """Who wrote several pages, and how many of them a clinician has reviewed; '' for none."""
    known = list(records)
    if not known:
        return ""
    reviewed = sum(bool(record.signature and record.reviewed_at) for record in known)
    told = {"site": settings.SITE_NAME, "reviewed": reviewed, "all": len(known)}
    if not reviewed:
        said = _("%(site)s wrote these pages. No clinician has reviewed them yet.")
    elif reviewed == len(known):
        said = _("%(site)s wrote these pages, and clinicians reviewed them.")
    else:
        said = _(
            "%(site)s wrote these pages. Clinicians reviewed %(reviewed)s of %(all)s, "
            "the others not yet."
        )
    return said % told


def describe_dates(record: Publishable) -> str:
    """When a page was written and its sources checked, and which clinician reviewed it."""
    said = [_("Written %(date)s.") % {"date": format_date(record.written_on)}]
    if record.updated_on:
        said.append(_("Updated %(date)s.") % {"date": format_date(record.updated_on)})
    said += [describe_source_check(record), describe_reviewer(record)]
    return " ".join(filter(None, said))


def describe_next_check(record: Publishable) -> str:
    """When it is or was due for a check, to the month, or ''."""
    if not record.review_due:
        return ""
    due = {"due": format_month(record.review_due)}
    if record.is_overdue:
        return (
            _(
                "This page was due for a check in %(due)s. Some of it may be out of date. "
                "Ask your clinic."
            )
            % due
        )
    return _("Next check by %(due)s.") % due


def describe_review_briefly(record: Publishable) -> str:
    """Reviewer, last change and next check, for summaries in record systems."""
    if record.signature and record.reviewed_at:
        who = {"date": format_date(record.reviewed_at), "who": record.signature}
        said = [_("Reviewed %(date)s by %(who)s.") % who]
    else:
        said = [_("Compiled from its sources; not yet reviewed by a clinician.")]
    said.append(_("Last change %s.") % format_date(record.changed_on))
    if record.is_overdue:
        said.append(_("This page was due for a check; some of it may be out of date."))
    elif record.review_due:
        said.append(_("Next check by %s.") % format_date(record.review_due))
    return " ".join(said)
