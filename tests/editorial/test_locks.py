"""Every transition locks the content version first."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from psychoplastogens.editorial.drafts.snapshots import take_snapshot
from psychoplastogens.editorial.models import Comment, ScheduledChange, Status
from psychoplastogens.editorial.workflow import comments, schedules, transitions
from tests.factories import (
    make_faq,
    make_user,
)
from tests.workflow_helpers import get_draft, send_for_review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]


def held_first(verb, *arguments, **options):
    """The table of the first row that a verb locks or writes; on every database it is asked for."""
    with CaptureQueriesContext(connection) as queries:
        verb(*arguments, **options)
    held = re.compile(r'(?:UPDATE|INTO|DELETE FROM) "(\w+)"|(?<=FROM) "(editorial_contentversion)"')
    found = (held.search(query["sql"]) for query in queries)
    return next(match[1] or match[2] for match in found if match)


def test_whoever_changes_a_record_or_its_draft_holds_the_version_first():
    """Otherwise two of them wait for each other, and PostgreSQL refuses what one has typed."""
    faq, author = make_faq(status=Status.DRAFT), make_user("author")
    snapshot, reviewer = take_snapshot(faq), make_user("clinician")
    version = "editorial_contentversion"
    assert held_first(transitions.save_draft, faq, snapshot, by=author) == version
    draft = get_draft(faq)
    assert held_first(transitions.submit, draft, by=author) == version
    assert held_first(transitions.approve, draft, by=reviewer) == version
    assert held_first(transitions.publish, draft, by=author) == version
    assert held_first(transitions.withdraw, faq, by=author, reason="Old.") == version


def test_whoever_comments_or_sets_a_time_does_so_too():
    version, hour = "editorial_contentversion", timezone.now() + timedelta(hours=1)
    author, reviewer = make_user("author"), make_user("clinician")
    draft = send_for_review(make_faq())
    place = comments.Place(draft.object_id, "answer", "Answer")
    assert held_first(comments.begin_thread, draft, place, body="So?", by=reviewer) == version
    thread = Comment.objects.get()
    assert held_first(comments.answer, thread, draft, body="So.", by=author) == version
    assert held_first(comments.resolve, thread, draft, by=author) == version
    transitions.approve(draft, by=reviewer)
    assert held_first(schedules.schedule_publication, draft, by=author, at=hour) == version
    assert held_first(schedules.cancel, ScheduledChange.objects.get(), by=author) == version
    schedules.schedule_publication(draft, by=author, at=hour)
    assert held_first(schedules.run_due, hour) == version
