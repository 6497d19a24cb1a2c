"""A clinician confirms a page as readers read it: who may, of what, and which dates move."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.models import Faq
from psychoplastogens.editorial.models import HistoryEntry, Revision, Status
from psychoplastogens.editorial.workflow import transitions
from tests.admin_forms import address_of
from tests.factories import make_explainer, make_faq, make_reviewer, make_user
from tests.workflow_helpers import publish_draft, save_draft, send_for_review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]


@pytest.fixture
def clinician(sign_in):
    make_reviewer(user=make_user("clinician"))
    return sign_in("clinician", "view_faq", "view_explainer", "approve_revision")


def day(days):
    return timezone.localdate() + timedelta(days=days)


def confirm(client, record, page=None, **changes):
    """What the form on `page`, or on the page as it is now, sends."""
    page = page or client.get(address_of(record, "confirm"))
    sent = {"decision": "confirm", "whole_page": "on", "next_review": day(100).isoformat()}
    sent["read"] = page.context["form"]["read"].value()
    return client.post(address_of(record, "confirm"), sent | changes, follow=True)


def test_a_clinician_finds_nothing_to_change_and_readers_see_their_name(clinician, client):
    faq = make_faq(slug="it", answer="Words.")
    page = clinician.get(address_of(faq, "review"), follow=True)
    assertContains(page, faq.get_absolute_url())
    assertContains(confirm(clinician, faq, page), "Kept: readers see your name")
    faq = Faq.objects.get()
    assert (faq.reviewed_at, faq.review_due) == (day(0), day(100))
    assert (faq.reviewed_by, faq.updated_on, faq.evidence_checked_on) == (
        make_reviewer(),
        None,
        None,
    )
    assert HistoryEntry.objects.get().verb == HistoryEntry.Verb.REVIEWED
    assert not Revision.objects.exists()
    assertContains(client.get(faq.get_absolute_url()), "Ada Moss")


def test_every_page_of_a_guide_can_be_opened_from_there(clinician):
    guide = make_explainer(("One", "A."), ("Two", "B."), slug="the-day")
    page = clinician.get(address_of(guide, "confirm"))
    for row in (guide, *guide.sections.all()):
        assertContains(page, f'href="{row.get_absolute_url().partition("#")[0]}"')


def test_the_review_screen_and_the_form_of_a_page_without_a_draft_lead_there(clinician):
    faq = make_faq()
    assertContains(clinician.get(address_of(faq)), address_of(faq, "confirm"))
    save_draft(faq, answer="New words.")
    assertNotContains(clinician.get(address_of(faq)), address_of(faq, "confirm"))
    publish_draft(faq)
    assertContains(clinician.get(address_of(faq, "review")), 'href="../confirm/"')


@pytest.mark.parametrize(
    "changes",
    [{"whole_page": ""}, {"next_review": ""}, {"next_review": "2030-01-01"}, {"decision": "x"}]
    + [{"read": ""}, {"read": "0" * 64}, {"next_review": "soon"}],
)
def test_what_is_missing_or_forged_confirms_nothing(clinician, changes):
    faq = make_faq()
    assert confirm(clinician, faq, **changes).status_code == 200
    assert Faq.objects.get().reviewed_at is None
    assert not HistoryEntry.objects.exists()


def test_a_page_that_changed_meanwhile_must_be_read_again(clinician):
    faq = make_faq(answer="Old words.")
    page = clinician.get(address_of(faq, "confirm"))
    save_draft(faq, answer="New words.")
    publish_draft(faq)
    assertContains(confirm(clinician, faq, page), "The page has changed since you opened it.")
    assert Faq.objects.get().reviewed_at is None


def test_a_page_with_a_draft_or_without_readers_is_not_confirmed(clinician):
    for faq in (make_faq(), make_faq(status=Status.DRAFT)):
        page = clinician.get(address_of(faq, "confirm"))
        if faq.is_published:
            send_for_review(faq)
        assertContains(confirm(clinician, faq, page), "or there is a draft: review that one.")
    assert not HistoryEntry.objects.filter(verb=HistoryEntry.Verb.REVIEWED).exists()


def test_who_is_no_clinician_confirms_nothing(sign_in):
    make_reviewer()
    client, faq = sign_in("colleague", "view_faq", "approve_revision"), make_faq()
    page = client.get(address_of(faq, "confirm"))
    assertContains(page, "Your account is not linked to one.")
    assertContains(page, "a superuser chooses your account in your form under “Reviewers”")
    page = confirm(client, faq, reviewer=make_reviewer().pk)
    assertContains(page, "A review of the whole page needs its clinician")
    assert Faq.objects.get().reviewed_at is None


def test_without_the_permission_nobody_confirms(sign_in):
    make_reviewer(user=make_user("writer"))
    client, faq = sign_in("writer", "view_faq", "change_faq"), make_faq()
    assertNotContains(client.get(address_of(faq)), address_of(faq, "confirm"))
    assert client.get(address_of(faq, "confirm")).status_code == 403
    sent = {"decision": "confirm", "whole_page": "on", "next_review": day(9).isoformat()}
    assert client.post(address_of(faq, "confirm"), sent).status_code == 403


def test_a_clinician_does_not_confirm_their_own_words(clinician):
    faq = make_faq()
    save_draft(faq, by="clinician", answer="Mine.")
    save_draft(faq, by="author", answer="Mine, and a comma.")
    draft = Revision.objects.get_open_draft(faq)
    transitions.submit(draft, by=make_user("author"))
    transitions.approve(draft, by=make_user("colleague"))
    transitions.publish(draft, by=make_user("publisher"))
    assertContains(confirm(clinician, faq), "Another clinician must review it.")
    assert Faq.objects.get().reviewed_at is None


def test_looking_at_it_changes_nothing_and_it_is_posted_with_a_token(clinician):
    faq = make_faq()
    sent = {"decision": "confirm", "whole_page": "on", "next_review": day(9).isoformat()}
    clinician.get(address_of(faq, "confirm"), sent)
    clinician.handler.enforce_csrf_checks = True
    assert clinician.post(address_of(faq, "confirm"), sent).status_code == 403
    assert not HistoryEntry.objects.exists()
