"""A clinician without an account: found or added from the review, and heard before "Publish"."""

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.models import Reviewer
from psychoplastogens.editorial.review.links import create_review_link
from psychoplastogens.editorial.workflow import transitions
from tests.admin_forms import address_of
from tests.factories import make_faq, make_reviewer, make_user
from tests.workflow_helpers import get_draft, make_approver, send_for_review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
ADD = "/admin/editorial/reviewer/add/"
MAY_ASK = ("view_faq", "approve_revision", "view_historyentry")
SAID = "Please finish the sentence: not sold where?"


@pytest.fixture
def draft():
    return send_for_review(make_faq(question="Sold?"))


def test_where_nobody_can_be_asked_the_review_leads_to_adding_them_and_back(sign_in, draft):
    publisher = sign_in("publisher", *MAY_ASK, "add_reviewer")
    review = address_of(draft.record, "review")
    page = publisher.get(review)
    assertContains(page, "No clinician can be asked yet.")
    assertContains(page, f'href="{ADD}?back={review}"')
    added = {"name": "Ama Osei", "credentials": "MD", "email": "", "_save": "Save"}
    answer = publisher.post(f"{ADD}?back={review}", added)
    ama = Reviewer.objects.get()
    assert answer["Location"] == f"{review}?clinician={ama.pk}#links"
    assertContains(publisher.get(answer["Location"]), f'<option value="{ama.pk}" selected>')


def test_who_may_add_nobody_is_told_who_may(sign_in, draft):
    page = sign_in("clinician", *MAY_ASK).get(address_of(draft.record, "review"))
    assertContains(page, "A publisher, or who runs this site, adds them under “Reviewers”")
    assertNotContains(page, ADD)


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:x", ""])
def test_it_comes_back_to_no_other_site(admin_client, back):
    added = {"name": "Ama Osei", "credentials": "MD", "_save": "Save"}
    answer = admin_client.post(f"{ADD}?back={back}", added)
    assert answer["Location"] == "/admin/editorial/reviewer/"


@pytest.mark.parametrize("key", ["x", "0", "9" * 400, "²"])
def test_a_clinician_who_is_not_there_is_not_chosen(admin_client, draft, key):
    make_reviewer()
    page = admin_client.get(address_of(draft.record, "review"), {"clinician": key})
    assertNotContains(page, "selected>")


def test_what_was_said_with_the_approval_stands_before_the_button_that_publishes(sign_in, draft):
    link = create_review_link(draft, by=make_approver(), reviewer=make_reviewer("Ama Osei"))
    transitions.approve(draft, link=link, note=SAID)
    publisher = sign_in("boss", *MAY_ASK, "publish_revision")
    review = publisher.get(address_of(draft.record, "review")).text
    assert review.index(SAID) < review.index('value="publish"')
    desk = publisher.get("/admin/").text
    assert desk.index(SAID) < desk.index('value="publish"')
    author = sign_in("author", "change_faq", "view_faq", "view_historyentry")
    assertContains(author.get("/admin/"), SAID)


def test_what_was_said_of_an_earlier_text_is_not_said_of_this_one(admin_client, draft):
    transitions.approve(draft, by=make_user("clinician"), note=SAID)
    transitions.return_to_review(draft, by=make_user("clinician"), why=["The source is gone."])
    transitions.approve(get_draft(draft.record), by=make_user("clinician"))
    assertNotContains(admin_client.get("/admin/"), SAID)
    top = admin_client.get(address_of(draft.record, "review")).text.split('class="review"')[0]
    assert SAID not in top


def test_the_wrong_name_leads_to_whom_to_ask_and_tells_no_right_one(client, draft):
    asker = make_approver("k.mensah")
    link = create_review_link(draft, by=asker, reviewer=make_reviewer("Ama Osei"))
    sent = {"decision": "approve", "name": "Dr. Osei", "confirmed": "on"}
    page = client.post(f"/review/{link.token}/", sent)
    assertContains(page, "with or without a title")
    assertContains(page, "ask k.mensah of Understory, who asked you, which name that is")
    assertNotContains(page, "Ama Osei")


def test_who_made_the_link_is_told_the_name_to_pass_on(sign_in, draft):
    approver = sign_in("k.mensah", *MAY_ASK)
    review = address_of(draft.record, "review")
    assertContains(approver.get(review), "they read that “k.mensah” asks them")
    user = make_user("k.mensah")
    user.first_name, user.last_name = "Kofi", "Mensah"
    user.save()
    assertNotContains(approver.get(review), "has no full name")
    link = create_review_link(draft, by=user, reviewer=make_reviewer("Ama Osei"))
    assertContains(approver.get(review), "Kofi Mensah asks them, and sign with the name “Ama Osei”")
    page = Client().get(f"/review/{link.token}/")
    assertContains(page, "Kofi Mensah asks you to read a text for patients")
    assertNotContains(page, "Ama Osei")
