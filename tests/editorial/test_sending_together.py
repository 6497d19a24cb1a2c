"""A text that names what is in review or approved already joins it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains

from psychoplastogens.content.models import GlossaryTerm
from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.models import Revision
from psychoplastogens.editorial.workflow import bundles, schedules, transitions
from psychoplastogens.evidence.models import Source
from tests.admin_forms import address_of
from tests.editorial.bundle_drafts import (
    DRAFT,
    MOSS,
    approve_all,
    make_drafts,
    now,
    publish_all,
    send,
    states,
    titles,
)
from tests.factories import make_faq, make_user
from tests.workflow_helpers import get_draft, save_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("only_citations")]
State = Revision.State


@pytest.fixture
def draft():
    return make_drafts()


def test_a_text_joins_what_is_in_review_or_approved_already(draft):
    term = get_draft(GlossaryTerm.objects.get())
    send(term)
    source = get_draft(Source.objects.get(slug="moss-2026"))
    transitions.approve(source, by=make_user("clinician"))
    assert titles(bundles.find_needed_drafts(draft)) == ["Gate", MOSS]
    send(draft)
    assert states(draft) == {MOSS: "approved", "Gate": "in_review", "Does it work?": "in_review"}
    with pytest.raises(WorkflowError, match="Publish them as one"):
        transitions.publish(now(source), by=make_user("publisher"))
    approve_all(draft)
    assert titles(publish_all(draft)) == [MOSS, "Gate", "Does it work?"]


def test_two_sets_that_a_text_needs_become_one(draft):
    other, page = get_draft(Source.objects.get(slug="other")), make_faq(answer="Old.", **DRAFT)
    send(save_draft(page, answer="So.[^other]"))
    send(get_draft(GlossaryTerm.objects.get()))
    both = save_draft(draft.record, answer="A [[gate]].[^other]", update_note="It is new.")
    send(both)
    assert set(states(both)) == {MOSS, "Gate", "Does it work?", other.title}
    assert len(states(both)) == 4
    assert Revision.objects.in_bundle_with(now(both)).count() == 4


def test_what_has_a_time_of_its_own_goes_alone(draft):
    source = get_draft(Source.objects.get(slug="moss-2026"))
    transitions.submit(source, by=make_user("author"))
    transitions.approve(source, by=make_user("clinician"))
    at = timezone.now() + timedelta(hours=1)
    schedules.schedule_publication(now(source), by=make_user("publisher"), at=at)
    assert titles(bundles.find_needed_drafts(draft)) == ["Gate"]


def test_send_leads_to_the_page_that_sends_it_with_what_is_in_review(sign_in, draft):
    author = sign_in("author", "change_faq", "change_source", "change_glossaryterm", "view_faq")
    send(get_draft(GlossaryTerm.objects.get()))
    sent = {"verb": "submit", "revision": draft.pk}
    page = author.post(address_of(draft.record, "do"), sent, follow=True)
    assert page.redirect_chain[-1][0] == address_of(draft.record, "bundle")
    assertContains(page, "Glossary term: Gate (in review)")
