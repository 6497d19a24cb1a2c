"""Withdrawing what is in use: a replacement, or the word of somebody who read the list."""

import pytest
from django.db import IntegrityError, transaction
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.drafts.snapshots import take_snapshot
from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.models import HistoryEntry, Replacement, Status
from psychoplastogens.editorial.workflow import transitions
from psychoplastogens.evidence.models import Source
from psychoplastogens.short_links.models import ShortLink
from tests.admin_forms import address_of
from tests.factories import make_compound, make_faq, make_pack, make_source, make_staff, make_user
from tests.login import sign_in
from tests.workflow_helpers import approve_draft, publish_draft, save_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
INSTEAD = "Read this instead:"


@pytest.fixture
def cited():
    source = make_source(slug="old", title="An old trial")
    make_faq(question="Safe?", answer="Yes.[^old]")
    return source


def withdraw(record, **options):
    transitions.withdraw(record, by=make_user(), **{"reason": "Out of date."} | options)


def choose(client, *records, **sent):
    options = records[0]._meta
    chosen = {"action": "withdraw", "_selected_action": [str(record.pk) for record in records]}
    address = f"/admin/{options.app_label}/{options.model_name}/"
    return client.post(address, chosen | sent, follow=True)


def test_what_is_used_is_not_withdrawn_without_a_word_on_it(cited):
    with pytest.raises(WorkflowError, match="It is in use: “Safe\\?”"):
        withdraw(cited)
    assert Source.objects.get().is_published
    assert not HistoryEntry.objects.exists()


def test_what_only_a_draft_uses_is_in_use():
    source, faq = make_source(slug="new"), make_faq(answer="Yes.")
    snapshot = take_snapshot(faq)
    snapshot[0]["fields"]["answer"] = "Yes.[^new]"
    transitions.save_draft(faq, snapshot, by=make_user("author"))
    with pytest.raises(WorkflowError, match="in use"):
        withdraw(source)


def test_what_nothing_uses_needs_only_its_reason(client):
    withdraw(make_faq(slug="it"))
    page = client.get("/questions/it/")
    assertContains(page, "Out of date.", status_code=410)
    assertNotContains(page, INSTEAD, status_code=410)


def test_it_may_stay_used_when_somebody_says_so(cited):
    withdraw(cited, leave_uses=True)
    assert Source.objects.get().status == Status.WITHDRAWN


def test_readers_of_the_old_address_are_offered_the_new(client, cited):
    withdraw(cited, replacement=make_source(slug="new", title="A new trial"))
    page = client.get("/sources/old/")
    assertContains(page, INSTEAD, status_code=410)
    assertContains(page, '<a href="/sources/new/">A new trial</a>', status_code=410)


def test_it_is_written_down_what_is_read_instead(cited):
    withdraw(cited, replacement=make_source(slug="new", title="A new trial"))
    note = HistoryEntry.objects.about(cited).first().note
    assert note == "Out of date.\nTo be read instead: new: A new trial"


@pytest.mark.parametrize("make", [make_compound, lambda: make_source(status=Status.DRAFT)])
def test_another_kind_or_a_draft_is_no_replacement(cited, make):
    with pytest.raises(WorkflowError, match="replaced by another source that readers can read"):
        withdraw(cited, replacement=make())
    assert Source.objects.get(pk=cited.pk).is_published


def test_a_page_does_not_replace_itself_nor_one_of_another_language(cited):
    for other in (cited, make_source(language="es")):
        with pytest.raises(WorkflowError, match="replaced by another"):
            withdraw(cited, replacement=other)


def test_the_database_knows_one_replacement_and_never_itself():
    first, second = make_faq(), make_faq()
    Replacement.objects.set_replacement(first, second)
    row = Replacement.objects.get()
    for wrong in ({"object_id": first.pk}, {"object_id": second.pk}):
        with pytest.raises(IntegrityError), transaction.atomic():
            kept = {"content_type": row.content_type, "instead_id": second.pk}
            Replacement.objects.create(**kept | wrong)


def test_a_replacement_that_was_replaced_leads_on_in_one_hop(client):
    first, second, third = make_faq(slug="one"), make_faq(slug="two"), make_faq(slug="three")
    withdraw(first, replacement=second)
    withdraw(second, replacement=third)
    assertContains(client.get("/questions/one/"), "/questions/three/", status_code=410)


def test_a_replacement_that_was_withdrawn_is_not_offered(client):
    first, second = make_faq(slug="one"), make_faq(slug="two")
    withdraw(first, replacement=second)
    withdraw(second)
    assertNotContains(client.get("/questions/one/"), INSTEAD, status_code=410)


def test_the_draft_of_a_replacement_is_not_told(client):
    first, second = make_faq(slug="one"), make_faq(slug="two", question="Now?")
    withdraw(first, replacement=second)
    snapshot = take_snapshot(second)
    snapshot[0]["fields"]["question"] = "Zebra?"
    transitions.save_draft(second, snapshot, by=make_user("author"))
    assertNotContains(client.get("/questions/one/"), "Zebra", status_code=410)


def test_a_page_that_is_back_has_no_replacement(client):
    first, second = make_faq(slug="one"), make_faq(slug="two")
    withdraw(first, replacement=second)
    transitions.save_draft(first, take_snapshot(first), by=make_user("author"))
    publish_draft(first)
    assert client.get("/questions/one/").status_code == 200
    withdraw(second, replacement=first)
    assertContains(client.get("/questions/two/"), 'href="/questions/one/"', status_code=410)


def test_an_earlier_address_of_it_and_a_short_link_lead_to_the_same(client):
    first, second = make_faq(slug="one"), make_faq(slug="two")
    first.slug = "uno"
    first.save()
    link = ShortLink.objects.get_or_create_for(first)
    withdraw(first, replacement=second)
    assertContains(client.get("/questions/one/"), INSTEAD, status_code=410)
    page = client.get(f"/s/{link.code}/", follow=True)
    assertContains(page, 'href="/questions/two/"', status_code=410)


def test_the_form_shows_the_places_and_asks_what_becomes_of_them(admin_client, cited):
    page = choose(admin_client, cited)
    assertContains(page, ">Safe?</a>")
    assertContains(page, "I have read the list")
    page = choose(admin_client, cited, reason="Out of date.")
    assertContains(page, "Choose what to read instead, or tick this.")
    assertContains(page, "Out of date.</textarea>")
    assert Source.objects.get().is_published


def test_what_was_chosen_is_still_in_the_form_after_a_mistake(admin_client, cited):
    new = make_source(slug="new", title="A new trial")
    page = choose(admin_client, cited, reason=" ", replacement=new.pk)
    assertContains(page, f'<option value="{new.pk}" selected>new: A new trial</option>')


def test_who_may_not_withdraw_searches_no_replacement(client):
    sign_in(client, make_staff("Author"))
    assert client.get("/admin/evidence/source/readable/").status_code == 403


def test_the_tick_alone_is_no_reason(admin_client, cited):
    assertContains(choose(admin_client, cited, reason=" ", leave_uses="on"), "required")
    assertContains(choose(admin_client, cited, reason="Old.", leave_uses="on"), "Withdrawn: ")
    assert not Source.objects.get().is_published


def test_the_form_offers_what_readers_can_read_and_not_itself(admin_client, cited):
    new, hidden = make_source(slug="new"), make_source(slug="hidden", status=Status.DRAFT)
    page = choose(admin_client, cited)
    url = f"/admin/evidence/source/readable/?not={cited.pk}"
    assertContains(page, f'data-ajax--url="{url}"')
    found = admin_client.get(f"{url}&term=").json()["results"]
    offered = {one["id"] for one in found}
    assert str(new.pk) in offered
    assert not offered & {str(cited.pk), str(hidden.pk)}
    for other in (cited, hidden):
        page = choose(admin_client, cited, reason="Old.", replacement=other.pk)
        assertContains(page, "Select a valid choice.")
        assertNotContains(page, f'<option value="{other.pk}"')
    choose(admin_client, cited, reason="Old.", replacement=new.pk)
    assert Replacement.objects.get_published_for(cited) == new


def test_a_forged_replacement_is_refused(admin_client, cited):
    sent = {"reason": "Old.", "replacement": str(make_compound().pk)}
    assertContains(choose(admin_client, cited, **sent), "not one of the available choices")
    assert Source.objects.get().is_published


def test_what_nothing_uses_has_no_box_to_tick(admin_client):
    assertNotContains(choose(admin_client, make_faq()), "leave_uses")


def test_a_reading_list_is_a_use(admin_client):
    faq = make_faq()
    make_pack(faq, title="First visit")
    assertContains(choose(admin_client, faq, reason="Old."), "Reading list: ")


def test_an_author_withdraws_nothing(client, cited):
    sign_in(client, make_staff("Author"))
    choose(client, cited, reason="Old.", leave_uses="on")
    assert Source.objects.get().is_published


def test_what_was_approved_before_is_reviewed_again_before_it_brings_the_page_back():
    faq = make_faq()
    save_draft(faq, answer="New words.")
    draft = approve_draft(faq)
    transitions.withdraw(faq, by=make_user("publisher"), reason="It harms.")
    with pytest.raises(transitions.WorkflowError, match="“In review” now"):
        transitions.publish(draft, by=make_user("publisher"))
    transitions.approve(draft, by=make_user("clinician"))
    assert transitions.publish(draft, by=make_user("publisher")).is_published


@pytest.mark.parametrize("page", ["change", "history", "review"])
def test_it_is_asked_for_where_the_record_is(admin_client, page):
    faq, button = make_faq(), '<button name="action" value="withdraw">'
    save_draft(faq, answer="New.")
    shown = admin_client.get(address_of(faq, page))
    assertContains(shown, button, 1)
    assertContains(shown, "Withdraw the live question", 1)
    sent = {"action": "withdraw", "_selected_action": faq.pk}
    assertContains(admin_client.post("/admin/content/faq/", sent), "Why is it withdrawn?")
    withdraw(faq)
    assertNotContains(admin_client.get(address_of(faq, page)), button)


def test_who_may_not_withdraw_is_not_offered_it(client):
    author = sign_in(client, make_staff("Author"))
    assertNotContains(author.get(address_of(make_faq())), 'value="withdraw"')
