"""What readers are told of a change, after its author changed the text or their mind."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.models import Faq
from psychoplastogens.editorial.models import Revision
from psychoplastogens.editorial.workflow import transitions
from tests.admin_forms import address_of, errors_of, typed
from tests.factories import make_faq, make_user
from tests.workflow_helpers import get_draft, publish_draft

pytestmark = pytest.mark.django_db

FALSE = "You now stay at least 3 hours."
MEANING = {"change_kind": "meaning", "what_changed": FALSE}
WORDING = {"change_kind": "wording", "what_changed": ""}


def save(client, record, **changes):
    page = client.get(address_of(record))
    return client.post(address_of(record), typed(page, **changes))


def send_back(faq):
    transitions.submit(get_draft(faq), by=make_user("author"))
    transitions.ask_for_changes(get_draft(faq), comment="Is it 3?", by=make_user("clinician"))


def test_a_false_note_goes_with_the_number_that_was_put_back(admin_client, client):
    faq = make_faq(question="Stay?", answer="2 hours.", written_on="2025-01-01")
    save(admin_client, faq, answer="3 hours.", **MEANING)
    send_back(faq)
    save(admin_client, faq, answer="2 hours or more.", **WORDING)
    review = admin_client.get(address_of(faq, "review"))
    assertNotContains(review, FALSE)
    assertContains(review, "Its author says: Only wording")
    assertNotContains(admin_client.get(address_of(faq)), FALSE)
    publish_draft(faq)
    assert Faq.objects.get().updated_on is None
    assertNotContains(client.get("/changes/"), FALSE)
    assertNotContains(client.get("/changes/feed/"), FALSE)


def test_the_last_true_note_stays_under_a_change_of_wording(admin_client, client):
    faq = make_faq(updated_on="2025-01-01", update_note="A second trial.")
    save(admin_client, faq, answer="3 hours.", **MEANING)
    save(admin_client, faq, answer="Better said.", **WORDING)
    publish_draft(faq)
    page = client.get("/changes/")
    assertContains(page, "A second trial.")
    assertNotContains(page, FALSE)
    assert str(Faq.objects.get().updated_on) == "2025-01-01"


def test_the_kind_alone_can_be_changed(admin_client):
    faq = make_faq(update_note=FALSE)
    save(admin_client, faq, answer="Better said.", **MEANING)
    save(admin_client, faq, **WORDING)
    assert get_draft(faq).change == "wording"


def test_a_sentence_beside_only_wording_is_refused_and_not_lost(admin_client):
    faq = make_faq()
    page = save(admin_client, faq, answer="New.", change_kind="wording", what_changed=FALSE)
    assert list(errors_of(page)) == ["what_changed"]
    assertContains(page, FALSE)
    assert not Revision.objects.exists()


def test_a_conflicting_text_of_only_wording_brings_no_note_along(admin_client, client):
    faq = make_faq(answer="2 hours.")
    save(admin_client, faq, answer="3 hours.", **MEANING)
    page = admin_client.get(address_of(faq))
    save(admin_client, faq, answer="4 hours.", **MEANING)
    admin_client.post(address_of(faq), typed(page, answer="2 hours, reworded.", **WORDING))
    mine = Revision.objects.about(faq).first()
    assert mine.snapshot[0]["fields"]["answer"] == "2 hours, reworded."
    sent = {"revision": mine.pk, "verb": "restore"}
    admin_client.post(address_of(faq, "do"), sent)
    publish_draft(faq)
    assertNotContains(client.get("/changes/"), FALSE)
    assert Faq.objects.get().updated_on is None
